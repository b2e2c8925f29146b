"""What shows that V2L was really switched: fields of later answers that change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.v2l.har.entries import Entry
from ohmstead.families.franklinwh.v2l.har.evidence import nested

WITHIN_S: Final = 30.0
"""After the write. A gateway acts within some seconds, and the app asks every ten."""
FLOWING_W: Final = 50.0
"""Of the vehicle port; below is noise."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    entry: Entry
    fields: Mapping[str, Any]
    """What changed, with its new value. Any: JSON."""


def effects(entries: Iterable[Entry]) -> Iterator[Effect]:
    known: dict[str, object] = {}
    for entry in entries:
        changed: dict[str, Any] = {}
        for fields in nested(entry.told):
            for key, value, meaning in _signs(fields):
                if known.get(key, meaning) != meaning:
                    changed[key] = value
                known[key] = meaning
        if changed:
            yield Effect(entry=entry, fields=changed)


def follows(effect: Effect, number: int, at_s: float | None) -> bool:
    """Whether the effect came after that write, and soon enough to be its own."""
    if effect.entry.at_s is None or at_s is None or effect.entry.number <= number:
        return False
    return 0.0 <= effect.entry.at_s - at_s <= WITHIN_S


def _signs(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any, object]]:
    """Field, its value, and what that means for V2L. Any: JSON."""
    for key in ("v2lRunState", "evRelayStat"):
        if isinstance(fields.get(key), int):
            yield key, fields[key], fields[key]
    loads = fields.get("pro_load")
    if isinstance(loads, list) and len(loads) > 2:
        yield "pro_load", loads, loads[2]
    power_w = fields.get("CarSWPower")
    if isinstance(power_w, int | float):
        yield "CarSWPower", power_w, abs(power_w) >= FLOWING_W
