"""The energy accounts of a home, quarter by quarter, from what its history says."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.accounting import Sink, Source, Tariff, total
from ohmstead.gateway import SiteFile, Stretch
from ohmstead.gateway.bookkeeping import Bookkeeper
from ohmstead.gateway.disk import open_disk
from ohmstead.history import History, open_history
from ohmstead.model import (
    BatteryReading,
    Clock,
    DeviceId,
    GridReading,
    Sample,
    ScaledClock,
    Site,
    SolarReading,
)
from ohmstead.testing.warp import warped

NOON = datetime(2026, 6, 25, 12, tzinfo=UTC)
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
ROOF, STREET, PACK = DeviceId("roof/1"), DeviceId("meter/1"), DeviceId("battery/1")


def every(step: timedelta, hours: float) -> list[datetime]:
    """Edges of stretches from noon on."""
    return [NOON + number * step for number in range(int(hours * HOUR / step) + 1)]


class Desk:
    """A history to write, and books to read."""

    def __init__(self, history: History, books: Bookkeeper, clock: Clock) -> None:
        self.history = history
        self.books = books
        self.clock = clock

    async def live_through(
        self, hours: float, *, solar_w: float, grid_w: float, battery_w: float = 0.0
    ) -> None:
        """Every minute as constant powers would be metered, from the beginning of the books."""
        for minute in range(int(hours * 60) + 1):
            at, wh = NOON + timedelta(minutes=minute), minute / 60
            self.history.record(
                Sample(
                    at=at,
                    readings=(
                        SolarReading(device=ROOF, at=at, power_w=solar_w, energy_wh=5000 + solar_w * wh),
                        GridReading(
                            device=STREET,
                            at=at,
                            power_w=grid_w,
                            imported_wh=max(grid_w, 0.0) * wh,
                            exported_wh=max(-grid_w, 0.0) * wh,
                        ),
                        BatteryReading(device=PACK, at=at, power_w=battery_w),  # without counters
                    ),
                )
            )
        await self.history.flush()
        await self.clock.sleep_until(NOON + timedelta(hours=hours, minutes=5))
        await self.books.catch_up()

    async def quarters(self, hours: float = 24) -> tuple[Stretch, ...]:
        return await self.books.stretches(every(QUARTER, hours))


@asynccontextmanager
async def desk(
    directory: Path, *, site: Site | None = None, tariff: Tariff | None = None
) -> AsyncIterator[Desk]:
    clock = ScaledClock(NOON, 3600.0)
    site_file = SiteFile(path=directory / "site.toml", site=site or Site(), tariff=tariff or Tariff())
    async with (
        open_disk(directory / "ledger.sqlite", threads=False) as disk,
        open_history(directory / "history.sqlite", clock, threads=False) as history,
    ):
        yield Desk(history, Bookkeeper(history, disk, clock, site_file), clock)


@warped
async def test_every_quarter_adds_up_to_its_meters(tmp_path: Path) -> None:
    async with desk(tmp_path) as found:
        await found.live_through(2, solar_w=2000.0, grid_w=-500.0, battery_w=-400.0)
        quarters = await found.quarters()
    assert [quarter.at for quarter in quarters] == [NOON + n * timedelta(minutes=15) for n in range(8)]
    assert total([quarter.entry for quarter in quarters[1:]]).matrix == pytest.approx(
        {
            (Source.SOLAR, Sink.GRID): 7 * 125.0,
            (Source.SOLAR, Sink.BATTERY): 7 * 100.0,
            (Source.SOLAR, Sink.HOME): 7 * 275.0,
        }
    )


@warped
async def test_a_quarter_costs_and_earns_what_the_tariff_says(tmp_path: Path) -> None:
    async with desk(tmp_path, tariff=Tariff(import_per_kwh=0.4, grid_g_per_kwh=300.0)) as found:
        await found.live_through(1, solar_w=0.0, grid_w=4000.0)
        (second,) = (await found.quarters())[1:2]
    assert second.entry.by_sink[Sink.HOME].cost == pytest.approx(0.4)
    assert second.entry.by_sink[Sink.HOME].emitted_g == pytest.approx(300.0)


@warped
async def test_books_go_on_after_a_restart_where_they_ended(tmp_path: Path) -> None:
    async with desk(tmp_path) as found:
        await found.live_through(1, solar_w=1000.0, grid_w=0.0, battery_w=-1000.0)
        before = await found.quarters()
    async with desk(tmp_path) as found:
        await found.clock.sleep_until(NOON + HOUR + timedelta(minutes=5))
        await found.books.catch_up()
        assert await found.quarters() == before


@warped
async def test_a_home_with_an_old_history_gets_its_books_at_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as found:
        await found.live_through(30, solar_w=1000.0, grid_w=200.0)
        assert len(await found.quarters(48)) == 120


@warped
async def test_a_meter_that_does_not_count_is_in_no_account(tmp_path: Path) -> None:
    async with desk(tmp_path, site=Site(masters={"solar": ("barn",)})) as found:
        await found.live_through(1, solar_w=1000.0, grid_w=300.0)
        matrices = [quarter.entry.matrix for quarter in await found.quarters()]
    assert {source for matrix in matrices for source, _ in matrix} == {Source.GRID}


@warped
async def test_nothing_is_closed_before_it_is_over(tmp_path: Path) -> None:
    async with desk(tmp_path) as found:
        await found.live_through(0.2, solar_w=1000.0, grid_w=0.0)
        assert [quarter.at for quarter in await found.quarters()] == [NOON]


@warped
async def test_an_hour_is_its_four_quarters(tmp_path: Path) -> None:
    async with desk(tmp_path) as found:
        await found.live_through(2, solar_w=1000.0, grid_w=0.0)
        quarters = await found.quarters()
        hours = await found.books.stretches(every(HOUR, 2))
    assert [hour.at for hour in hours] == [NOON, NOON + HOUR]
    assert hours[1].entry == total([quarter.entry for quarter in quarters[4:]])


@warped
async def test_books_of_a_version_without_standings_are_added_up_at_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as found:
        await found.live_through(30, solar_w=1000.0, grid_w=200.0)
        before = await found.books.stretches([NOON, NOON + 24 * HOUR])
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as connection:
        connection.execute("DELETE FROM standings")
        connection.commit()
    async with desk(tmp_path) as found:
        await found.clock.sleep_until(NOON + 30 * HOUR + timedelta(minutes=5))
        await found.books.catch_up()
        assert await found.books.stretches([NOON, NOON + 24 * HOUR]) == before
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM standings").fetchone() == (30,)


@warped
async def test_what_a_power_stood_in_for_is_not_counted_again_when_its_counter_is_back(
    tmp_path: Path,
) -> None:
    """A counter that its gate held back for most of an hour, while the power went on."""
    async with desk(tmp_path) as found:
        for minute in range(181):
            at = NOON + timedelta(minutes=minute)
            energy_wh = None if 61 <= minute < 120 else 5000 + 1000 * minute / 60
            reading = SolarReading(device=ROOF, at=at, power_w=1000.0, energy_wh=energy_wh)
            found.history.record(Sample(at=at, readings=(reading,)))
            await found.clock.sleep_until(at + timedelta(minutes=2))
            if minute % 15 == 0:
                await found.history.flush()
                await found.books.catch_up()
        quarters = await found.quarters(3)
    assert sum(total([quarter.entry for quarter in quarters]).matrix.values()) == pytest.approx(3000, abs=20)


@warped
async def test_accounts_that_cannot_be_read_end_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk(tmp_path) as found:
        await found.live_through(1, solar_w=1000.0, grid_w=0.0)
        with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as connection:
            connection.execute("UPDATE books SET until_s = 1000000000000000")  # no year has so many digits
            connection.commit()
        keeping = asyncio.create_task(found.books.run())
        await found.clock.sleep_until(NOON + 3 * HOUR)
        assert not keeping.done()
        keeping.cancel()
    assert "the energy accounts wait for a fault in Ohmstead to be mended" in caplog.text
