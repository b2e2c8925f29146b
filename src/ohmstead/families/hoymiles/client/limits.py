"""The guard in front of the persistent power limit, which every write carves into flash.

An owner who steered it continuously reported an inverter destroyed within four weeks. So an equal value is never
written again, and what is written is counted.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from ohmstead.families.hoymiles.client.pacing import BUILT_IN
from ohmstead.families.hoymiles.identifiers import dtu_model, version_text
from ohmstead.families.hoymiles.results import Config, Inventory, Live
from ohmstead.model import BudgetSpent, Envelope, Interval, Outcome, Unsupported, WriteClass

ENVELOPE: Final = Envelope(
    unit="%",
    allowed=(Interval(2.0, 100.0),),
    step=0.1,
    latency_s=5.0,
    settle_s=15.0,
    write_class=WriteClass.FLASH,
)
"""Below 2 % nothing is honoured; 0 does not switch off."""

TEMPORARY: Final = Envelope(
    unit="W", allowed=(Interval(0.1, 3276.7),), step=0.1, latency_s=5.0, write_class=WriteClass.VOLATILE
)
"""Kept in RAM."""
POWER_FACTOR: Final = Envelope(
    unit="", allowed=(Interval(-1.0, -0.8), Interval(0.8, 1.0)), step=0.001, write_class=WriteClass.FLASH
)
REACTIVE: Final = Envelope(unit="°", allowed=(Interval(-50.0, 50.0),), step=0.1, write_class=WriteClass.FLASH)
FIRST_WITH_TEMPORARY: Final = 4353
"""V01.01.01."""

BUDGETS: Final = ((1, 60.0, "one in 60 s"), (50, 86400.0, "50 in a day"))
"""Writes, per how many seconds, in words. More often than every 31 s was blamed for units that vanished for half an hour."""

SETTLE_S: Final = 6.0
"""A limit whose acknowledgement was lost is in force by now, if it arrived."""
REFRESH_S: Final = 35.0
"""Live data are of after a write by then."""

Spend = Callable[[str, int, int, float], Awaitable[bool]]
"""`Services.spend`."""


class LimitResult(msgspec.Struct, frozen=True, kw_only=True):
    outcome: Outcome
    asked_pct: float
    read_back_pct: float | None = None
    is_written: bool = False
    """Whether a write was sent at all."""
    reason: str = ""


def check_temporary(inventory: Inventory) -> None:
    """Raises `Unsupported` for a DTU that keeps no limit in RAM."""
    is_built_in = dtu_model(inventory.dtu_serial) == BUILT_IN
    if not is_built_in or inventory.dtu.software_version < FIRST_WITH_TEMPORARY:
        raise Unsupported(
            f"DTU {inventory.dtu_serial} takes no temporary limit: that needs an HMS-…W with firmware V01.01.01, "
            f"this is {version_text('dtu', inventory.dtu.software_version)}."
        )


async def book(spend: Spend, dtu_serial: str) -> None:
    """Raises `BudgetSpent` with the limit that holds the write back."""
    for writes, window_s, words in BUDGETS:
        if not await spend(f"hoymiles/{dtu_serial}/flash/{window_s:g}s", 1, writes, window_s):
            raise BudgetSpent(f"the power limit is kept in flash, and {words} are enough; nothing was sent.")


def limit_in_force(config: Config | None, live: Live | None) -> float | None:
    """Where the firmware says it: in the configuration, else with the live data of a single-phase inverter."""
    if config is not None and config.power_limit_pct is not None:
        return config.power_limit_pct
    said = {i.power_limit_pct for i in live.single_phase if i.is_linked} if live is not None else set()
    return said.pop() if len(said) == 1 else None


def judge(asked_pct: float, read_back_pct: float | None, doubt: str = "") -> LimitResult:
    """What a write that left has come to. `doubt`: why the acknowledgement is missing."""
    if read_back_pct is None:
        outcome = Outcome.UNKNOWN if doubt else Outcome.ACKNOWLEDGED
        reason = doubt or "this firmware does not say its limit"
    elif abs(read_back_pct - asked_pct) < ENVELOPE.step / 2:
        outcome, reason = Outcome.CONFIRMED, doubt
    else:
        outcome = Outcome.DIFFERENT
        reason = f"{doubt or 'acknowledged'}, but the DTU says {read_back_pct:g} %"
    return LimitResult(
        outcome=outcome, asked_pct=asked_pct, read_back_pct=read_back_pct, is_written=True, reason=reason
    )
