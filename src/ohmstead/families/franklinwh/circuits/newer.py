"""Circuits of newer firmware: configuration under 387, metering under 389. Source: one owner with app 2.10.

Gateways without it refuse or stay silent, and their circuits are those of 311 and 353.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ohmstead.families.franklinwh.circuits.control import fitted_rows
from ohmstead.families.franklinwh.circuits.record import ON_THE_WIRE, is_newer_merged
from ohmstead.families.franklinwh.circuits.writing import newer_switched
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.client.writing import write_and_confirm
from ohmstead.families.franklinwh.errors import DeviceTimeout, NotSupported, PermissionDenied
from ohmstead.families.franklinwh.facts.codes import RemoteSwitch
from ohmstead.families.franklinwh.facts.commands import CIRCUITS_V2, METERING_V2
from ohmstead.families.franklinwh.typed import first, typed

Record = Mapping[str, Any]
"""JSON of the vendor's: any value."""


class NewerCircuit(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    name: str | None = None
    is_on: bool | None = None
    power_w: float | None = None
    """0 while it is off; of a merged pair both legs together, as the next two."""
    exported_wh: float | None = None
    imported_wh: float | None = None


async def get_newer_circuits(line: Line, *, fresh: bool = False) -> dict[int, NewerCircuit] | None:
    """By number, a merged pair as circuit 1. None: this firmware has only the older commands."""
    try:
        record = await line.tunnel(CIRCUITS_V2, fresh=fresh)
        metered = await line.tunnel(METERING_V2, fresh=fresh)
    except (PermissionDenied, DeviceTimeout):
        return None
    return newer_circuits(record, metered)


async def set_newer_circuit_state(line: Line, number: int, *, on: bool) -> WriteResult:
    """Raises `ValueError` for one leg of a merged pair or no such circuit, `NotSupported` for older firmware."""
    rows = await fitted_rows(line) or ON_THE_WIRE
    try:
        before = await line.tunnel(CIRCUITS_V2, fresh=True)
    except (PermissionDenied, DeviceTimeout) as error:
        raise NotSupported(
            "this gateway's firmware has no command 387; set_smart_circuit_state uses 311"
        ) from error
    sent = newer_switched(before, number, on=on, fitted=rows)

    def mismatches(record: Record) -> tuple[str, ...]:
        found = newer_circuits(record, {}).get(number)
        return () if found is not None and found.is_on is on else ("openAction",)

    return await write_and_confirm(
        lambda: line.tunnel(CIRCUITS_V2, sent, is_write=True),
        lambda: line.tunnel(CIRCUITS_V2, fresh=True),
        {},
        before=before,
        mismatches=mismatches,
        limits=line.limits,
    )


def newer_circuits(record: Record, metered: Record) -> dict[int, NewerCircuit]:
    """Both records of newer firmware, typed. Pure."""
    switches, meters = _entries(record, "smartSwitch"), _entries(metered, "smartSwitchData")
    is_pair = is_newer_merged(record)
    found = {}
    for number, switch in enumerate(switches, 1):
        if is_pair and number == 2:
            continue
        legs = meters[:2] if is_pair and number == 1 else meters[number - 1 : number]
        action = first(switch, ("openAction",), int)
        is_on = None if action is None else action == RemoteSwitch.ON
        found[number] = typed(
            NewerCircuit,
            switch,
            {"name": ("name",)},
            number=number,
            is_on=is_on,
            power_w=0.0 if is_on is False else _sum(legs, "power"),
            exported_wh=_sum(legs, "exportEnergy"),
            imported_wh=_sum(legs, "importEnergy"),
        )
    return found


def _entries(record: Record, key: str) -> list[Record]:
    listed = record.get(key)
    return [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []


def _sum(legs: list[Record], key: str) -> float | None:
    values = [first(leg, (key,), float) for leg in legs]
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None
