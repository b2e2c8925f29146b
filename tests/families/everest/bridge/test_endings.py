"""When wishes end: in civil time, and over restarts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.families.everest.bridge.endings import Endings, Part
from ohmstead.families.everest.server.expiries import Expiries
from ohmstead.kit.link import TaskScope
from ohmstead.model import DeviceId, ScaledClock
from ohmstead.testing import elapse, warped

NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)
DRIVE = DeviceId("drive/1")


class Ended:
    def __init__(self) -> None:
        self.times = 0

    async def end(self) -> None:
        self.times += 1


@asynccontextmanager
async def life(directory: Path, at: datetime = NOON) -> AsyncIterator[Endings]:
    expiries = Expiries(ScaledClock(at))
    async with TaskScope() as scope:
        scope.start(expiries.keep())
        yield Endings(directory, expiries)


@warped
async def test_each_part_ends_once_and_for_itself(tmp_path: Path) -> None:
    current, allowed = Ended(), Ended()
    async with life(tmp_path) as endings:
        endings.renew(DRIVE, Part.CURRENT, 60.0, current.end)
        endings.renew(DRIVE, Part.ALLOWED, 600.0, allowed.end)
        assert endings.at(DRIVE, Part.CURRENT) == NOON + timedelta(seconds=60)
        await elapse(300)

        assert (current.times, allowed.times) == (1, 0)
        assert endings.at(DRIVE, Part.CURRENT) is None


@warped
async def test_what_is_for_ever_takes_an_end_away(tmp_path: Path) -> None:
    ended = Ended()
    async with life(tmp_path) as endings:
        endings.renew(DRIVE, Part.CURRENT, 60.0, ended.end)
        endings.renew(DRIVE, Part.CURRENT, None, ended.end)
        await elapse(120)
    async with life(tmp_path) as endings:
        assert endings.at(DRIVE, Part.CURRENT) is None

    assert ended.times == 0


@pytest.mark.parametrize(("down", "within_s"), [(timedelta(seconds=20), 41), (timedelta(days=2), 1)])
@warped
async def test_a_later_life_ends_what_an_earlier_one_was_to_end(
    tmp_path: Path, down: timedelta, within_s: float
) -> None:
    ended = Ended()
    async with life(tmp_path) as endings:
        endings.renew(DRIVE, Part.CURRENT, 60.0, ended.end)
    async with life(tmp_path, NOON + down) as endings:
        endings.recall(DRIVE, Part.CURRENT, ended.end)
        endings.recall(DRIVE, Part.ALLOWED, ended.end)
        await elapse(within_s)

        assert ended.times == 1


@pytest.mark.parametrize("damage", [b"", b"\xff", b"[]", b'{"drive/1": {"current": "soon"}}'])
@warped
async def test_a_damaged_file_is_told_and_says_nothing(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "evse-endings.json").write_bytes(damage)
    ended = Ended()
    async with life(tmp_path) as endings:
        assert endings.at(DRIVE, Part.CURRENT) is None
        assert "may stay in force" in caplog.text
        endings.renew(DRIVE, Part.CURRENT, 60.0, ended.end)
        await elapse(61)

    assert ended.times == 1


@warped
async def test_a_disk_that_takes_nothing_is_said_and_ends_nothing_early(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ended = Ended()
    async with life(tmp_path / "missing") as endings:
        endings.renew(DRIVE, Part.CURRENT, 60.0, ended.end)
        await elapse(61)

    assert ended.times == 1
    assert "may not do so after a restart" in caplog.text
