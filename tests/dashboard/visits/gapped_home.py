"""A scripted home that was not heard for a while in the morning."""

from __future__ import annotations

from datetime import timedelta

from live_home import NOON, LiveHome
from scripted_family import ScriptedHome, ScriptedSource

from ohmstead.gateway import Gateway
from ohmstead.kit.registry import LocalServices
from ohmstead.model import ReplayedClock

SILENT = "192.0.2.7 does not answer on port 10081"
AWAY = range(63, 101)
"""Minutes after nine at which every poll was missed."""
SINCE = range(142, 180)
MISSED = 120
"""The minute after nine of a poll that alone was missed."""


class GappedHome(LiveHome):
    """Its roof was away from 12:03 to 12:41 at the site; one that is away now has been so since 13:22."""

    async def _remember_the_morning(self, gateway: Gateway) -> None:
        nine = NOON - timedelta(hours=3)
        clock = ReplayedClock(nine)
        away = SINCE if self.home.is_away else AWAY
        source = ScriptedSource("roof", ScriptedHome(), LocalServices(clock))
        for minute in range(180):
            await clock.set(nine + timedelta(minutes=minute))
            if minute not in away:
                gateway.history.record(await source.read())
        first, last = (nine + timedelta(minutes=minute) for minute in (away[0], away[-1]))
        gateway.history.record_gap("roof", first, SILENT, last_at=last, polls=len(away))
        missed_at = nine + timedelta(minutes=MISSED, seconds=20)
        gateway.history.record_gap("roof", missed_at, "it refused the connection")
        await gateway.history.flush()
