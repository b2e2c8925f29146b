"""Every field of a unit as a person may see it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Final

from ohmstead.families.tesla_wall_connector.documents import (
    SHAPES,
    Document,
    Lifetime,
    Version,
    Vitals,
    WifiStatus,
)
from ohmstead.families.tesla_wall_connector.meaning import Meaning
from ohmstead.families.tesla_wall_connector.power import Power, Wiring
from ohmstead.families.tesla_wall_connector.sessions import Record, Session
from ohmstead.model import Detail

SECRET: Final = frozenset({"serial_number", "wifi_ssid", "wifi_infra_ip", "wifi_mac"})
PREFIXES: Final[dict[type[Document], str]] = {
    Vitals: "",
    Lifetime: "lifetime_",
    Version: "version_",
    WifiStatus: "",
}
UNITS: Final = frozenset({"s", "v", "hz", "a", "c", "uv", "wh"})
"""As field names end in them; a label has its unit beside it."""
UNRELIABLE: Final = " (creeps upward, unfit for billing)"


def document_details(document: Document) -> Iterator[Detail]:
    """What the unit said, field by field."""
    prefix = PREFIXES[type(document)]
    for shape in SHAPES[type(document)]:
        value = getattr(document, shape.name)
        key = prefix + shape.name
        note = UNRELIABLE if key == "lifetime_energy_wh" else ""
        yield Detail(
            key=key,
            label=_label(key, shape.unit) + note,
            value=_listed(value),
            unit=shape.unit,
            secret=shape.name in SECRET,
        )


def derived_details(
    meaning: Meaning, power: Power | None, wiring: Wiring, record: Record
) -> Iterator[Detail]:
    """What follows from it."""
    yield Detail(key="state", label="state", value=meaning.words)
    yield Detail(key="situation", label="situation", value=meaning.situation.value)
    if meaning.state is not None:
        yield Detail(key="state_confidence", label="state confidence", value=meaning.state.confidence.value)
    yield Detail(
        key="not_ready", label="not ready because", value=", ".join(r.words for r in meaning.reasons)
    )
    yield Detail(
        key="handle_temp_believed_c",
        label="handle temperature without button",
        value=meaning.handle_temp_c,
        unit="°C",
    )
    yield Detail(key="wiring", label="wiring", value=wiring.value)
    yield Detail(key="power_va", label="apparent power", value=power.power_va if power else None, unit="VA")
    yield Detail(
        key="power_ref_va",
        label="supply voltage times line current",
        value=power.power_ref_va if power else None,
        unit="VA",
    )
    yield Detail(key="energy_wh", label="energy counted here", value=record.energy_wh, unit="Wh")
    yield from _session("session", record.current)
    yield from _session("last_session", record.last)


def _session(prefix: str, session: Session | None) -> Iterable[Detail]:
    if session is None:
        return
    words = prefix.replace("_", " ")
    yield Detail(key=f"{prefix}_started_at", label=f"{words} start", value=session.started_at.isoformat())
    if session.ended_at is not None:
        yield Detail(key=f"{prefix}_ended_at", label=f"{words} end", value=session.ended_at.isoformat())
    if session.end_reason is not None:
        yield Detail(key=f"{prefix}_end_reason", label=f"{words} end reason", value=session.end_reason.value)
    figures = (
        ("counted_wh", "energy", session.energy_wh, "Wh"),
        ("charging_s", "time charging", session.charging_s, "s"),
        ("peak_w", "peak", session.peak_w, "W"),
        ("least_w", "least", session.least_w, "W"),
    )
    for key, name, value, unit in figures:
        yield Detail(key=f"{prefix}_{key}", label=f"{words} {name}", value=value, unit=unit)


@functools.cache
def _label(key: str, unit: str) -> str:
    words = key.split("_")
    return " ".join(words[:-1] if unit and words[-1] in UNITS else words)


def _listed(value: object) -> float | int | str | bool | None:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value if isinstance(value, float | int | str | bool) else None
