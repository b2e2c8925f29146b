"""Accessories that are fitted, and what runs through them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ohmstead.families.franklinwh.client.decoding import Bad, as_number
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.facts.commands import METERING
from ohmstead.families.franklinwh.facts.endpoints import ACCESSORIES, EQUIPMENT_LIST, IOT_ACCESSORIES
from ohmstead.families.franklinwh.facts.scales import scaled
from ohmstead.families.franklinwh.wire.reading import whole

Record = Mapping[str, Any]  # Any: the vendor's JSON
Fields = Mapping[str, tuple[str, str]]
"""What we tell, from which key and by which scale."""

LISTS: Final = {0: ACCESSORIES, 1: IOT_ACCESSORIES, 2: EQUIPMENT_LIST}
VEHICLE: Final[Fields] = {
    "current": ("CarSWCurr", "current"),
    "power": ("CarSWPower", "power"),
    "imp_energy": ("CarSWImpEnergy", "energy"),
    "exp_energy": ("CarSWExpEnergy", "energy"),
}
GENERATOR: Final[Fields] = {
    "power": ("genpowerGen", "power"),
    "voltage": ("volt", "voltage"),
    "current": ("curr", "generator_current"),
    "frequency": ("freq", "frequency"),
}
CIRCUITS: Final = (1, 2, 3)


async def get_accessories(line: Line, option: int | str = 0) -> dict[str, Any]:  # Any: the vendor's JSON
    """The whole answer of the accessory list; `option` 1 and 2 ask the two older calls. Raises `ValueError`."""
    number = whole(option)
    if number not in LISTS:
        raise ValueError(f"the list of accessories has the options 0, 1 and 2, not {option!r}")
    return dict((await line.call(LISTS[number])).raw)


async def get_accessories_power_info(
    line: Line, option: int | str = 1, *, fresh: bool = False
) -> dict[str, Any]:  # Any: the vendor's JSON for an option that is none of ours
    """1 circuits, 2 vehicle port, 3 generator: in kW, kWh, V, A and Hz; any other option gives the raw record."""
    record = await line.tunnel(METERING, fresh=fresh)
    match whole(option):
        case 1:
            return {"smart_circuits": circuits_power(record)}
        case 2:
            return {"v2l": _told(record, VEHICLE)}
        case 3:
            return {"generator": _told(record, GENERATOR)}
        case _:
            return record


def circuits_power(record: Record) -> list[dict[str, float]]:
    """One entry for each circuit that the record has anything about. Voltages have their own spelling."""
    entries: list[dict[str, float]] = []
    for number in CIRCUITS:
        fields: Fields = {
            "current": (f"SW{number}Curr", "current"),
            "voltage": (f"Sw{number}Volt", "voltage"),
            "power": (f"SW{number}ExpPower", "power"),
            "energy": (f"SW{number}ExpEnergy", "energy"),
        }
        if any(key in record for key, _ in fields.values()):
            entries.append({"id": number} | _told(record, fields))
    return entries


def _told(record: Record, fields: Fields) -> dict[str, float]:
    return {name: _value(record.get(key), quantity) for name, (key, quantity) in fields.items()}


def _value(raw: object, quantity: str) -> float:
    """Nothing, and what is no number, count as 0: the answer has the same keys always."""
    try:
        return float(scaled(as_number(raw), quantity))
    except Bad:
        return 0.0
