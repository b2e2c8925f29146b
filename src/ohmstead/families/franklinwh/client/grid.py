"""Whether the home is on the grid, and if not, why. Source: the order and the traps are those of captures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ohmstead.families.franklinwh.facts.codes import GridConnectionState


async def grid_connection_state(
    *,
    is_not_grid_tied: bool,
    off_grid_flag: int,
    grid_relay: int,
    off_grid_reason: int | None,
    is_requested: Callable[[], Awaitable[bool]],
) -> GridConnectionState:
    """`is_requested` asks the gateway whether it left the grid on request; it is only asked where that decides.

    A reason of 0 with the relay connected is no outage, and -1 is always normal; a reason of 1 may come before the relay
    follows.
    """
    if is_not_grid_tied:
        return GridConnectionState.NOT_GRID_TIED
    if off_grid_flag == 1:
        return GridConnectionState.OUTAGE
    if grid_relay == 0 or (off_grid_reason is not None and off_grid_reason > 0):
        requested = await is_requested()
        return GridConnectionState.SIMULATED_OFF_GRID if requested else GridConnectionState.OUTAGE
    return GridConnectionState.CONNECTED
