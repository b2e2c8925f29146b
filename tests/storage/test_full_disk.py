"""F35: the disk fills up, and is freed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from beneath import beneath_sqlite
from failing import Quota

from ohmstead.history import Retention, Store, open_history
from ohmstead.history.items import items_of
from ohmstead.model import DeviceId, GridReading, Sample, ScaledClock
from ohmstead.testing import warped

START = datetime(2026, 6, 21, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INTERVAL = timedelta(seconds=60)
METERS = tuple(DeviceId(f"meter/{number}") for number in range(3))


@pytest.fixture
def quota(tmp_path: Path) -> Iterator[Quota]:
    found = Quota(tmp_path / "history.sqlite.reserve")
    with beneath_sqlite(found):
        yield found


def sample(at: datetime) -> Sample:
    """Three devices at once; a day repeats no hour of it."""
    place = (at - START) / INTERVAL
    readings = [
        GridReading(device=meter, at=at, power_w=place % 997, voltage_v=230 + place % 7) for meter in METERS
    ]
    return Sample(at=at, readings=tuple(readings))


@pytest.mark.long
@warped
async def test_f35_an_hour_on_a_full_disk_is_kept_in_memory_and_stored_when_it_is_freed(
    tmp_path: Path, quota: Quota
) -> None:
    clock, at = ScaledClock(START), START
    async with open_history(tmp_path / "history.sqlite", clock, threads=False) as history:
        while at < START + 2 * HOUR:
            if at == START + HOUR / 4:
                quota.room_bytes = 0
            if at == START + HOUR * 1.5:
                assert "full" in history.stats().last_error
                assert not (tmp_path / "history.sqlite.reserve").exists()
                assert history.stats().pending > 200
                quota.room_bytes = None
            history.record(sample(at))
            at += INTERVAL
            await clock.sleep_until(at)
        await history.flush()
        stats = history.stats()
        assert (stats.dropped, stats.last_error, stats.set_aside) == (0, "", ())
        for meter in METERS:
            series = await history.series(meter, "grid.power_w", START, at, 0)
            assert [point.at for point in series.points] == [START + n * INTERVAL for n in range(120)]
        assert await history.gaps(START, at) == ()


def test_f35_the_oldest_samples_make_room_for_the_newest_and_their_minutes_stay(
    tmp_path: Path, quota: Quota
) -> None:
    path = tmp_path / "history.sqlite"
    with closing(Store(path, START)) as store:
        for day in range(5):
            store_day(store, START + day * DAY)
    now = START + 5 * DAY

    @warped
    async def live_on() -> None:
        retention = Retention(raw_days_when_full=2)
        clock = ScaledClock(now)
        async with open_history(path, clock, retention=retention, threads=False) as history:
            history.record(sample(now))
            await history.flush()
            quota.room_bytes = quota.used_bytes
            for minute in range(1, 180):
                await clock.sleep_until(now + timedelta(minutes=minute))
                history.record(sample(clock.now()))
            await clock.sleep_until(now + timedelta(hours=3, minutes=5))
            assert (history.stats().pending, history.stats().last_error) == (0, "")
            raw = await history.series(METERS[0], "grid.power_w", START, now + DAY, 0)
            assert START < raw.points[0].at <= now + 3 * HOUR - 2 * DAY
            assert raw.points[-1].at == now + timedelta(minutes=179)
            minutes = await history.series(METERS[0], "grid.power_w", START, START + DAY, 60)
            assert len(minutes.points) == 1440

    live_on()


def store_day(store: Store, first: datetime) -> None:
    polls = [first + n * timedelta(minutes=1) for n in range(1440)]
    store.append([item for at in polls for item in items_of(sample(at))], first)
    while store.seal_next(first + DAY + HOUR):
        pass
