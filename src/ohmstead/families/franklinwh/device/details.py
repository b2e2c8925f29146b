"""Every value of a live answer, with its unit, for pages that show every field without knowing a brand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from ohmstead.families.franklinwh.client.readings import Stats
from ohmstead.families.franklinwh.facts import codes
from ohmstead.families.franklinwh.facts.fields import ELECTRICAL, METERING, RESULT, RUNTIME, SOLAR
from ohmstead.families.franklinwh.facts.fields.field import Field, Secrecy
from ohmstead.families.franklinwh.facts.labels import Labels
from ohmstead.model import Detail, Quality

FIELDS: Final[Mapping[str, Field]] = {
    field.attribute: field
    for table in (RESULT, RUNTIME, SOLAR, ELECTRICAL, METERING)
    for field in table.fields
    if field.attribute
}
UNSHOWN: Final = frozenset({"alarms", "electrical_time"})


def gateway_details(stats: Stats) -> Iterator[Detail]:
    """All but what belongs to a circuit; a code in words stands beside its number."""
    for part in ("current", "totals"):
        for name, value in msgspec.structs.asdict(getattr(stats, part)).items():
            attribute = f"{part}.{name}"
            if name in UNSHOWN or value is None or attribute in stats.missing:
                continue
            field = FIELDS.get(attribute)
            yield _detail(stats, part, name, value, field)
            if (words := _words(field, value)) is not None:
                yield Detail(key=f"{name}_words", label=f"{_label(name, part)}, in words", value=words)


def _detail(stats: Stats, part: str, name: str, value: object, field: Field | None) -> Detail:
    quality = Quality.STALE if stats.is_stale else Quality.GOOD
    return Detail(
        key=f"{'today_' if part == 'totals' else ''}{name}",
        label=_label(name, part),
        value=_plain(value),
        unit=field.unit if field else "",
        at=stats.sample_time,
        quality=Quality.SUSPECT if f"{part}.{name}" in stats.bad else quality,
        secret=field is not None and field.secrecy is not Secrecy.PUBLIC,
    )


def _words(field: Field | None, value: object) -> str | None:
    """What a code means."""
    if field is None or not field.codes or not isinstance(value, int):
        return None
    words = getattr(codes, field.codes, None)
    return words[value] if isinstance(words, Labels) else None


def circuit_details(stats: Stats, number: int) -> Iterator[Detail]:
    now = stats.current
    power_kw = getattr(now, f"switch_{number}_load")
    yield Detail(key="is_on", label="switched on", value=getattr(now, f"switch_{number}_state") == 1)
    yield Detail(key="power_w", label="power", value=None if power_kw is None else power_kw * 1000, unit="W")
    energy_kwh = getattr(stats.totals, f"switch_{number}_use")
    if energy_kwh is not None:
        yield Detail(key="energy_wh", label="energy since it was fitted", value=energy_kwh * 1000, unit="Wh")


def _label(name: str, part: str) -> str:
    words = name.replace("_", " ")
    return f"{words} today" if part == "totals" else words


def _plain(value: object) -> float | int | str | bool | None:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return value if isinstance(value, float | int | str | bool) else str(value)
