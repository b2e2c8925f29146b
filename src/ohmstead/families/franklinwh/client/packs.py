"""Packs in depth, and the gateway's voltages and relays."""

from __future__ import annotations

from typing import Any, Final

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.facts.commands import POWER

CELLS: Final = (2, 3)
"""The two parts of a pack's record; the later one wins where both have a key."""


async def get_power_info(line: Line) -> dict[str, Any]:  # Any: the vendor's JSON
    """Voltages, currents, frequency and relays as they came; voltages between lines in 0.1 V."""
    return await line.tunnel(POWER, fresh=True)


async def get_bms_info(line: Line, serial: str) -> dict[str, Any]:  # Any: the vendor's JSON
    """Cells, temperatures and states of one pack: two reads, one after the other, as the gateway wants them."""
    record: dict[str, Any] = {}  # Any: as above
    for part in CELLS:
        record |= await line.tunnel(POWER, {"fhpSn": serial, "type": part}, fresh=True)
    return record
