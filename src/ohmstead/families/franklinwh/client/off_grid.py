"""Leaving the grid and joining it again."""

from __future__ import annotations

from typing import Any, Final

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.client.writing import write_and_confirm
from ohmstead.families.franklinwh.facts.endpoints import OFF_GRID, UPDATE_OFF_GRID

FLOOR_PCT: Final = 5
"""What everybody sends: off grid, the battery is not discharged below it."""


async def get_grid_status(line: Line) -> dict[str, Any]:  # Any: the vendor's JSON
    """The whole answer: `offgridSet` is what was asked for, `offgridState` what is."""
    return dict((await line.call(OFF_GRID, query={"type": 0}, fresh=True)).raw)


async def set_grid_status(line: Line, status: int, soc: int = FLOOR_PCT) -> WriteResult:
    """1 leaves the grid, down to `soc` %, and 0 joins it again. Raises `ValueError` before anything is sent.

    The gateway takes some 7 s; solar comes back a minute later and produces after five.
    """
    body = switching(line.serial, status, soc)
    return await write_and_confirm(
        lambda: line.call(UPDATE_OFF_GRID, body=body),
        lambda: _status(line),
        {"offgridSet": int(status), "offgridState": int(status)},
        limits=line.limits,
    )


async def _status(line: Line) -> dict[str, Any]:  # Any: the vendor's JSON
    return (await line.call(OFF_GRID, query={"type": 0}, fresh=True)).record


def switching(serial: str, status: int, soc: int) -> dict[str, object]:
    """The body of the switch. Raises `ValueError`."""
    if status not in {0, 1}:
        raise ValueError(f"the grid status is 1 (off grid) or 0 (on grid), not {status!r}")
    if isinstance(soc, bool) or soc != int(soc) or not FLOOR_PCT <= soc <= 100:
        raise ValueError(f"the floor is a whole number from {FLOOR_PCT} to 100 %, not {soc!r}")
    return {"gatewayId": serial, "offgridSet": int(status), "offgridSoc": int(soc)}
