from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.history import Gaps, History, HistoryError, open_history, read_gaps
from ohmstead.model import Sample, ScaledClock
from ohmstead.testing import warped

HOUR = timedelta(hours=1)
Solar = Callable[..., Sample]


@asynccontextmanager
async def opened(tmp_path: Path, noon: datetime) -> AsyncIterator[History]:
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        yield history


def miss(history: History, source: str, at: datetime, *, polls: int = 1, reason: str = "silent") -> None:
    last_at = at + timedelta(seconds=10 * (polls - 1))
    history.record_gap(source, at, reason, last_at=last_at, polls=polls)


async def asked(history: History, noon: datetime, about: str | None = None, most: int = 100) -> Gaps:
    await history.flush()
    return await history.newest_gaps(noon - HOUR, noon + HOUR, about, most)


@warped
async def test_a_gap_reaches_to_the_next_poll(tmp_path: Path, noon: datetime) -> None:
    async with opened(tmp_path, noon) as history:
        miss(history, "roof", noon, polls=6)
        miss(history, "well", noon)
        six, one = (await asked(history, noon)).gaps
    assert six.end_at == noon + timedelta(seconds=60)
    assert one.end_at == noon


@warped
async def test_one_source_is_asked_for_with_its_devices_and_a_device_with_its_source(
    tmp_path: Path, noon: datetime
) -> None:
    async with opened(tmp_path, noon) as history:
        for source in ("roof", "roof/1", "roof/2", "roofing", "well"):
            miss(history, source, noon)
        found = {
            about: [gap.source for gap in (await asked(history, noon, about)).gaps]
            for about in ("roof", "roof/2", "roof/", "%", "nobody")
        }
    assert found == {
        "roof": ["roof", "roof/1", "roof/2"],
        "roof/2": ["roof", "roof/2"],
        "roof/": ["roof"],
        "%": [],
        "nobody": [],
    }


@warped
async def test_the_newest_are_told_when_there_are_too_many(tmp_path: Path, noon: datetime) -> None:
    async with opened(tmp_path, noon) as history:
        for minute in range(3):
            miss(history, "roof", noon + timedelta(minutes=minute), reason=f"trouble {minute}")
        two = await asked(history, noon, most=2)
        three = await asked(history, noon, most=3)
    assert [gap.reason for gap in two.gaps] == ["trouble 1", "trouble 2"]
    assert (two.is_complete, three.is_complete) == (False, True)


@warped
async def test_a_gap_lasts_until_its_source_has_said_something(
    tmp_path: Path, noon: datetime, solar: Solar
) -> None:
    async with opened(tmp_path, noon) as history:
        history.record(solar(-20, 1.0))
        miss(history, "roof", noon, reason="silent")
        miss(history, "roof", noon + timedelta(seconds=10), reason="refused")
        before = [gap.lasts for gap in (await asked(history, noon)).gaps]
        history.record(solar(20, 1.0, device="roof/2"))
        after = [gap.lasts for gap in (await asked(history, noon)).gaps]
    assert before == [False, True]
    assert after == [False, False]


@warped
async def test_a_device_that_is_missing_while_another_speaks_is_still_missing(
    tmp_path: Path, noon: datetime, solar: Solar
) -> None:
    async with opened(tmp_path, noon) as history:
        history.record(solar(-20, 1.0))
        miss(history, "roof/1", noon)
        history.record(solar(20, 1.0, device="roof/2"))
        (alone,) = (await asked(history, noon)).gaps
        miss(history, "roof", noon + timedelta(seconds=30))
        both = (await asked(history, noon)).gaps
    assert alone.lasts
    assert [(gap.source, gap.lasts) for gap in both] == [("roof/1", False), ("roof", True)]


@warped
async def test_what_was_said_since_is_found_where_it_is_sealed_too(
    tmp_path: Path, noon: datetime, solar: Solar
) -> None:
    async with opened(tmp_path, noon) as history:
        miss(history, "roof", noon)
        history.record(solar(600, 1.0))
        await history.flush()
    async with open_history(tmp_path / "history.db", ScaledClock(noon + 5 * HOUR), threads=False) as later:
        later.record(solar(5 * 3600, 1.0, device="well/1"))
        await later.flush()
        assert later.stats().sealed > 0
        (gap,) = (await later.newest_gaps(noon, noon + HOUR, "roof", 10)).gaps
    assert not gap.lasts


@warped
async def test_a_file_is_asked_without_its_gateway(tmp_path: Path, noon: datetime) -> None:
    async with opened(tmp_path, noon) as history:
        miss(history, "roof", noon, polls=3)
    (gap,) = read_gaps(tmp_path / "history.db", noon, noon + HOUR, None, 10).gaps
    assert (gap.source, gap.polls, gap.lasts) == ("roof", 3, True)
    with pytest.raises(HistoryError, match="there is no history"):
        read_gaps(tmp_path / "nowhere", noon, noon + HOUR, None, 10)
