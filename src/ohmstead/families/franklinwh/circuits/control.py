"""Reading and switching smart circuits over a line. Each write sends the whole record as it was read just before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from ohmstead.families.franklinwh.circuits import writing
from ohmstead.families.franklinwh.circuits.record import Circuit, circuits
from ohmstead.families.franklinwh.circuits.schedule import Times
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.client.writing import write_and_confirm
from ohmstead.families.franklinwh.errors import NotSupported
from ohmstead.families.franklinwh.facts.codes import AccessoryKind
from ohmstead.families.franklinwh.facts.commands import CIRCUITS
from ohmstead.families.franklinwh.facts.endpoints import ACCESSORIES, DEVICE_INFO
from ohmstead.families.franklinwh.facts.hardware import ACCESSORIES as CATALOGUE
from ohmstead.families.franklinwh.facts.hardware import accessory_id, gateway_model

Record = dict[str, Any]
"""JSON of the vendor's: any value."""

PORT_ROW: Final = 3
"""Of the circuits record, on modules that have the vehicle port beside their two circuits."""


async def get_smart_circuits_info(line: Line, *, fresh: bool = False) -> Record:
    """The circuits record as it came. It shows three circuits even where no module is fitted."""
    return await line.tunnel(CIRCUITS, fresh=fresh)


async def get_smart_circuits(line: Line, *, fresh: bool = False) -> dict[int, Circuit]:
    """The circuits that are fitted, by number; none without a module, and 1 and 3 where 1 and 2 are merged."""
    rows = await fitted_rows(line)
    return circuits(await get_smart_circuits_info(line, fresh=fresh), rows) if rows else {}


async def set_smart_circuit_state(line: Line, number: int, *, on: bool) -> WriteResult:
    """Switch a circuit. Raises `ValueError`, before anything is sent, for one leg of a merged pair or no such circuit."""
    return await _written(
        line,
        lambda record, rows: writing.switched(record, number, on=on, fitted=rows),
        {f"Sw{number}Mode": int(on)},
    )


async def set_smart_circuit_soc_cutoff(line: Line, number: int, *, enable: bool, soc: int) -> WriteResult:
    """Open the circuit below `soc` %; it acts off grid only."""
    return await _written(
        line,
        lambda record, rows: writing.with_cutoff(record, number, enable=enable, soc_pct=soc, fitted=rows),
        {f"Sw{number}AtuoEn": int(enable), f"Sw{number}SocLowSet": soc},
    )


async def set_smart_circuit_load_limit(line: Line, number: int, amps: int) -> WriteResult:
    return await _written(
        line,
        lambda record, rows: writing.limited(record, number, limit_a=amps, fitted=rows),
        {f"Sw{number}LoadLimit": amps},
    )


async def set_smart_circuit_schedule(
    line: Line, number: int, windows: Times, *, cycle_days: int, base_date: date | None = None
) -> WriteResult:
    """One or two windows of `("HH:MM", "HH:MM")` in the gateway's zone, again every `cycle_days` (0: once) from a date.

    Some firmware acknowledges a schedule and drops it: `confirmed` is False then.
    """
    planned: Record = {}

    def change(record: Record, rows: int) -> Record:
        sent = writing.scheduled(
            record, number, windows, cycle_days=cycle_days, base_date=base_date, fitted=rows
        )
        planned.update(
            {key: sent[key] for key in (f"Sw{number}Time", f"Sw{number}TimeEn", f"Sw{number}Freq")}
        )
        return sent

    return await _written(line, change, planned)


async def _written(
    line: Line, change: Callable[[Record, int], Record], wanted: Mapping[str, Any]
) -> WriteResult:
    rows = await fitted_rows(line)
    if not rows:
        raise NotSupported("no Smart Circuits module is in the gateway's list of accessories")
    before = await get_smart_circuits_info(line, fresh=True)
    sent = change(before, rows)
    return await write_and_confirm(
        lambda: line.tunnel(CIRCUITS, sent, is_write=True),
        lambda: get_smart_circuits_info(line, fresh=True),
        wanted,
        limits=line.limits,
        before=before,
    )


async def fitted_rows(line: Line) -> int:
    """How many rows of the circuits record belong to a module; 0 where none is fitted.

    On a US V1 module the third row is the vehicle port; modules of Australia have two circuits and no port.
    """
    listed = (await line.call(ACCESSORIES)).result
    kinds = [entry.get("accessoryType") for entry in listed or [] if isinstance(entry, Mapping)]
    if AccessoryKind.CIRCUITS not in kinds:
        return 0
    device = (await line.call(DEVICE_INFO)).result or {}
    model = gateway_model(device.get("sysHdVersion"))
    number = accessory_id(
        AccessoryKind.CIRCUITS, device.get("countryId") or 0, model.generation if model else 1
    )
    module = CATALOGUE[number]
    return PORT_ROW if module.vehicle_port else module.circuits
