"""A diagnosis as tables."""

from __future__ import annotations

from collections.abc import Iterator

from ohmstead.families.franklinwh.diagnosis import RELAYS, checks, features
from ohmstead.families.franklinwh.discovery import DeviceSnapshot
from ohmstead.families.franklinwh.facts.codes import RELAY
from ohmstead.kit.console import Table


def diagnosis_tables(found: DeviceSnapshot) -> Iterator[Table]:
    health = tuple((name, "ok" if is_good else "look", detail) for name, is_good, detail in checks(found))
    yield Table(title="Health", columns=("Check", "", "Detail"), rows=health)
    flags = tuple((f.name, "on" if f.is_on else "off", f.detail) for f in features(found))
    yield Table(title="Feature flags", columns=("Feature", "", "Detail"), rows=flags)
    raw = found.electrical.relays_raw
    rows = tuple((name.replace("_", " "), RELAY[raw[name]] if name in raw else "not told") for name in RELAYS)
    yield Table(title="Relays", columns=("Relay", "State"), rows=rows)
