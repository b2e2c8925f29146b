"""Closes the energy accounts of each quarter-hour from the history, and keeps them.

Entries are made once and in order, since the battery's purse depends on all before; what comes late is in the next
difference of its counter. A site whose history is older than its books is caught up with, a day at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, NoReturn, get_args

from ohmstead.accounting import Account, Amounts, Books, Meter, amounts_of
from ohmstead.gateway.clock_trust import ClockTrust
from ohmstead.gateway.disk import Disk, LedgerError
from ohmstead.gateway.quarters import Stretch, add_up, read_books, read_stretches, reopen, write_quarters
from ohmstead.gateway.site_file import SiteFile
from ohmstead.history import EARLIEST, History, HistoryError, Series, Signal
from ohmstead.model import ROLES, AnyReading, Clock, DeviceId, nap, source_of

QUARTER: Final = timedelta(minutes=15)
SETTLED_AFTER: Final = timedelta(minutes=2)
"""Most devices have said by then what they counted up to the end of a quarter."""
AT_ONCE: Final = timedelta(days=1)
AN_HOUR: Final = timedelta(hours=1)
SILENCE: Final = timedelta(days=30)
"""What a counter gains while nobody looks goes to the quarter in which it is heard of again, if that is not longer."""
COUNTERS: Final[Mapping[str, tuple[Account, int]]] = {
    "solar.energy_wh": (Account.SOLAR, 1),
    "generator.energy_wh": (Account.GENERATOR, 1),
    "grid.imported_wh": (Account.IMPORTED, 1),
    "grid.exported_wh": (Account.EXPORTED, -1),
    "battery.discharged_wh": (Account.DISCHARGED, 1),
    "battery.charged_wh": (Account.CHARGED, -1),
    "charger.energy_wh": (Account.CHARGERS, 1),
    "vehicle_port.delivered_wh": (Account.V2L_OUT, 1),
    "vehicle_port.received_wh": (Account.V2L_IN, -1),
    "load.energy_wh": (Account.HOME, 1),
}
"""What each counter counts, and the sign of its role's power while it does."""
SITE_ROLES: Final = {str(kind.__struct_config__.tag): ROLES[kind] for kind in get_args(AnyReading)}
"""What the site file calls the role of a signal."""

log = logging.getLogger(__name__)


class Bookkeeper:
    def __init__(self, history: History, disk: Disk, clock: Clock, site_file: SiteFile) -> None:
        self._history = history
        self._disk = disk
        self._clock = clock
        self._trust = ClockTrust(clock, slack=QUARTER)
        self.follow(site_file)

    def follow(self, site_file: SiteFile) -> None:
        """From the next entry on. Closed quarters stay as they are."""
        self._site = site_file.site
        self._tariff = site_file.tariff

    async def run(self) -> NoReturn:
        while True:
            try:
                await self.catch_up()
            except (HistoryError, LedgerError) as error:
                log.warning("the energy accounts wait: %s", error)
            except Exception:  # the root of a task: the site goes on without them
                log.exception("the energy accounts wait for a fault in Ohmstead to be mended")
            await nap(self._clock, _floor(self._clock.now()) + QUARTER + SETTLED_AFTER)

    async def catch_up(self) -> None:
        """Close everything that is over."""
        await self._disk.run(add_up)
        end = _floor(self._clock.now() - SETTLED_AFTER)
        signals = await self._meters()
        books, start = await self._disk.run(read_books)
        if start is None:
            start = _floor(max(EARLIEST, min((signal.first_at for signal in signals), default=end)))
        if (anew_from := self._trust.future_from(start, end)) is not None:
            log.warning("the clock went back: the energy accounts from %s on are made anew", anew_from)
            await self._disk.run(partial(reopen, books=books, until=anew_from))
            start = anew_from
        while start < end:
            until = min(end, start + AT_ONCE)
            quarters = await self._close(books, signals, start, until)
            await self._disk.run(partial(write_quarters, quarters=quarters, books=books, until=until))
            start = until

    async def stretches(self, edges: Sequence[datetime]) -> tuple[Stretch, ...]:
        """Of the closed quarters those that begin between an edge and the next, as one. None where nothing flowed."""
        return await self._disk.run(partial(read_stretches, edges=edges))

    async def _meters(self) -> list[Signal]:
        """The counters that count, and the powers that stand in for missing ones."""
        return [
            signal
            for signal in await self._history.signals()
            if f"{signal.role}.energy_wh" in COUNTERS or signal.name in COUNTERS or signal.field == "power_w"
            if self._site.counts(SITE_ROLES.get(signal.role, signal.role), source_of(signal.device))
        ]

    async def _close(
        self, books: Books, signals: Sequence[Signal], start: datetime, end: datetime
    ) -> list[Stretch]:
        count = (end - start) // QUARTER
        meters = await self._read(signals, start, end, count)
        ats = [start + index * QUARTER for index in range(count)]
        amounts = amounts_of(meters, count, QUARTER / timedelta(hours=1))
        return [
            Stretch(at=at, entry=books.enter(amount, self._tariff.rates(at, self._site.zone)))
            for at, amount in zip(ats, amounts, strict=True)
            if _flowed(amount)
        ]

    async def _read(
        self, signals: Sequence[Signal], start: datetime, end: datetime, count: int
    ) -> list[Meter]:
        found: list[Meter] = []
        for device, role in sorted({(signal.device, signal.role) for signal in signals}):
            power = await self._history.series(device, f"{role}.power_w", start, end, 60)
            for name, (account, sign) in COUNTERS.items():
                if name.partition(".")[0] != role:
                    continue
                counts = await self._counts(device, name, start, end, count)
                if counts and counts[0] is None:
                    counts = (await self._count_before(device, name, sign, start), *counts[1:])
                found.append(
                    Meter(account=account, counter_wh=counts, power_w=_powers(power, start, count, sign))
                )
        return found

    async def _counts(
        self, device: DeviceId, name: str, start: datetime, end: datetime, count: int
    ) -> tuple[float | None, ...]:
        """At the end of each quarter, and in front at the end of the one before."""
        series = await self._history.series(device, name, start - QUARTER, end, QUARTER.total_seconds())
        return _counts(series, start - QUARTER, count + 1)

    async def _count_before(self, device: DeviceId, name: str, sign: int, start: datetime) -> float | None:
        """Where a counter that was not heard of in the last quarter stood when it was, and what its power has stood in for
        since: that is in the books already.
        """
        hours = await self._history.series(device, name, start - SILENCE, start, AN_HOUR.total_seconds())
        if not hours.points:
            return None
        hour = hours.points[-1].at
        quarters = await self._history.series(
            device, name, hour, min(hour + AN_HOUR, start), QUARTER.total_seconds()
        )
        last = quarters.points[-1]
        heard_until = last.at + QUARTER
        power = await self._history.series(
            device, f"{name.partition('.')[0]}.power_w", heard_until, start, 60
        )
        powers_w = _powers(power, heard_until, (start - heard_until) // QUARTER, sign)
        return last.high + sum(powers_w) * (QUARTER / AN_HOUR)


def _counts(series: Series, start: datetime, count: int) -> tuple[float | None, ...]:
    """A counter never falls: its highest value in a quarter is its last."""
    last: list[float | None] = [None] * count
    for point in series.points:
        last[(point.at - start) // QUARTER] = point.high
    return tuple(last) if series.points else ()


def _powers(series: Series, start: datetime, count: int, sign: int) -> tuple[float, ...]:
    """Means of the quarters in one direction, by minutes, in which a meter seldom turns round."""
    totals, minutes = [0.0] * count, QUARTER / timedelta(minutes=1)
    for point in series.points:
        totals[(point.at - start) // QUARTER] += max(0.0, sign * point.mean) / minutes
    return tuple(totals)


def _flowed(amounts: Amounts) -> bool:
    return sum(amounts.given.values()) > 0 or amounts.unaccounted_wh > 0


def _floor(at: datetime) -> datetime:
    seconds = int(QUARTER.total_seconds())
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)
