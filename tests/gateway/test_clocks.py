"""F38 and F39: the wall clock is set, days have 23 or 25 hours, the machine boots in 1970 or sleeps for a night."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ohmstead.accounting import total
from ohmstead.gateway import SiteFile, Stretch
from ohmstead.gateway.bookkeeping import Bookkeeper
from ohmstead.gateway.disk import open_disk
from ohmstead.history import History, open_history
from ohmstead.model import DeviceId, GridReading, Sample, ScaledClock, Site
from ohmstead.testing.warp import warped

BERLIN = ZoneInfo("Europe/Berlin")
METER = DeviceId("meter/1")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUARTER = 15 * MINUTE
NOON = datetime(2026, 6, 25, 12, tzinfo=UTC)
LOAD_W = 1200.0


class SetClock(ScaledClock):
    """A wall clock that somebody sets: durations go on, the time of day jumps."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start, 60.0)
        self._ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self._ahead

    def set_ahead(self, by: timedelta) -> None:
        self._ahead += by


class House:
    """Buys 1200 W all the time, whatever its clock says."""

    def __init__(self, history: History, books: Bookkeeper, clock: SetClock) -> None:
        self.history = history
        self.books = books
        self.clock = clock
        self._minutes = 0

    async def record(self, step: int = 1) -> None:
        """Once, and live until the next time."""
        at = self.clock.now()
        reading = GridReading(
            device=METER, at=at, power_w=LOAD_W, imported_wh=LOAD_W * self._minutes / 60, exported_wh=0.0
        )
        self.history.record(Sample(at=at, readings=(reading,)))
        self._minutes += step
        await self.clock.sleep_until(self.clock.now() + step * MINUTE)

    async def live(self, minutes: int, step: int = 1) -> None:
        for _ in range(0, minutes, step):
            await self.record(step)
            if self._minutes % 60 < step:
                await self.history.flush()
                await self.books.catch_up()

    async def quarters(self, start: datetime = NOON - DAY, days: float = 30) -> tuple[Stretch, ...]:
        return await self.books.stretches([start + number * QUARTER for number in range(int(days * 96) + 1)])


@asynccontextmanager
async def house(folder: Path, start: datetime = NOON) -> AsyncIterator[House]:
    clock = SetClock(start)
    site_file = SiteFile(path=folder / "site.toml", site=Site(time_zone="Europe/Berlin"))
    async with (
        open_disk(folder / "ledger.sqlite", threads=False) as disk,
        open_history(folder / "history.sqlite", clock, threads=False) as history,
    ):
        yield House(history, Bookkeeper(history, disk, clock, site_file), clock)


def bought_wh(quarters: tuple[Stretch, ...]) -> float:
    return sum(total([quarter.entry for quarter in quarters]).matrix.values())


@pytest.mark.parametrize("hours", [1, -1])
@warped
async def test_f38_a_clock_set_by_an_hour_leaves_every_quarter_once_and_no_energy_twice(
    tmp_path: Path, hours: int
) -> None:
    async with house(tmp_path) as home:
        await home.live(3 * 60)
        home.clock.set_ahead(hours * HOUR)
        await home.live(3 * 60)
        ats = [quarter.at for quarter in await home.quarters()]
        assert ats == sorted(set(ats))
        assert all(at <= home.clock.now() for at in ats)
        assert bought_wh(await home.quarters()) <= LOAD_W * 6
        assert bought_wh(await home.quarters()) >= LOAD_W * (6 - 1.5)


@pytest.mark.long
@warped
async def test_f38_a_clock_that_was_a_year_ahead_for_an_hour_stops_no_books(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.live(60)
        home.clock.set_ahead(365 * DAY)
        await home.live(60)
        home.clock.set_ahead(-365 * DAY)
        await home.live(14 * 60)
        quarters = await home.quarters()
        assert quarters[-1].at >= NOON + 15.5 * HOUR
        assert LOAD_W * 13.5 <= bought_wh(quarters) <= LOAD_W * 16
        assert await home.quarters(NOON + 300 * DAY, 100) == ()


@pytest.mark.parametrize(
    ("woke_at", "minutes"),
    [(datetime(1970, 1, 1, tzinfo=UTC), 20 * 60), (datetime(2023, 4, 1, tzinfo=UTC), 6 * 60)],
    ids=["1970 for a day", "the year it was built for a morning"],
)
@warped
async def test_f38_a_boot_in_the_past_takes_nothing_out_of_the_books(
    tmp_path: Path, woke_at: datetime, minutes: int
) -> None:
    async with house(tmp_path) as home:
        await home.live(3 * 60)
        before = await home.quarters()
        set_back = home.clock.now() - woke_at
        home.clock.set_ahead(-set_back)
        await home.live(minutes)
        assert await home.quarters() == before
        home.clock.set_ahead(set_back)
        await home.live(2 * 60)
        after = await home.quarters()
    assert after[: len(before)] == before
    assert bought_wh(after) == pytest.approx(LOAD_W * (5 + minutes / 60), abs=LOAD_W)


@pytest.mark.long
@warped
async def test_f38_books_that_wait_for_a_clock_are_kept_again_when_it_is_set_back(tmp_path: Path) -> None:
    """What waits until an instant must not wait for a year."""
    async with house(tmp_path) as home:
        await home.live(60)
        keeping = asyncio.create_task(home.books.run())
        home.clock.set_ahead(365 * DAY)
        await home.live(60)
        home.clock.set_ahead(-365 * DAY)
        for _ in range(14 * 60):
            await home.record()
        assert (await home.quarters())[-1].at >= NOON + 15 * HOUR
        keeping.cancel()


@warped
async def test_f38_a_leap_second_costs_no_sample(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.live(2)
        home.clock.set_ahead(timedelta(seconds=-1))
        await home.live(2)
        await home.history.flush()
        series = await home.history.series(METER, "grid.power_w", NOON, NOON + HOUR, 0)
        assert [round((point.at - NOON).total_seconds()) for point in series.points] == [0, 60, 119, 179]


@warped
async def test_f38_what_is_measured_before_the_clock_is_set_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with house(tmp_path, datetime(1970, 1, 1, 0, 0, 20, tzinfo=UTC)) as home:
        await home.live(20)
        assert caplog.text.count("nothing is recorded until it is set") == 1
        home.clock.set_ahead(NOON - home.clock.now())
        await home.live(60)
        (signal, *_) = await home.history.signals()
        assert signal.first_at == NOON
        assert (await home.quarters())[0].at == NOON


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
@warped
async def test_f38_a_day_on_which_the_clocks_change_has_all_its_hours_and_none_of_others(
    tmp_path: Path, day: date, hours: int
) -> None:
    midnight = datetime.combine(day, time(), BERLIN).astimezone(UTC)
    async with house(tmp_path, midnight - 2 * HOUR) as home:
        await home.live(30 * 60, step=10)
        await home.history.flush()
        series = await home.history.days(METER, "grid.power_w", day, day, BERLIN)
        assert [(point.at, point.count) for point in series.points] == [(midnight, hours * 6)]
        end = datetime.combine(day + DAY, time(), BERLIN).astimezone(UTC)
        assert end - midnight == hours * HOUR
        (whole,) = await home.books.stretches([midnight, end])
        assert sum(whole.entry.matrix.values()) == pytest.approx(LOAD_W * hours)


@warped
async def test_f39_what_was_bought_while_the_machine_slept_is_in_the_books_once(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.live(2 * 60)
        home.clock.set_ahead(8 * HOUR)
        home._minutes += 8 * 60
        await home.live(2 * 60)
        quarters = await home.quarters()
        assert bought_wh(quarters) == pytest.approx(LOAD_W * 12, abs=LOAD_W)
