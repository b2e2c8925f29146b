from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ohmstead.history import HistoryError, Point, Value, open_history
from ohmstead.model import (
    BatteryReading,
    ChargerReading,
    ChargerState,
    DeviceId,
    Quality,
    Sample,
    ScaledClock,
)
from ohmstead.testing import warped

ROOF = DeviceId("roof/1")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@warped
async def test_what_was_recorded_is_there_after_flush(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        history.record(solar(0, 100.0))
        history.record(solar(10, 200.0))
        await history.flush()
        series = await history.series(ROOF, "solar.power_w", noon, noon + MINUTE, 60)
    assert series.unit == "W"
    assert series.points == (Point(noon, 150.0, 100.0, 200.0, 2),)


@warped
async def test_step_zero_gives_the_samples_themselves(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        history.record(solar(10, 2.5, quality=Quality.SUSPECT))
        history.record(solar(0, 1.5))
        await history.flush()
        series = await history.series(ROOF, "solar.power_w", noon, noon + MINUTE, 0)
    assert series.points == (
        Point(noon, 1.5, 1.5, 1.5, 1),
        Point(noon + timedelta(seconds=10), 2.5, 2.5, 2.5, 1, Quality.SUSPECT),
    )


@warped
async def test_suspect_samples_are_kept_and_not_counted(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    clock = ScaledClock(noon)
    async with open_history(tmp_path / "history.db", clock, threads=False) as history:
        history.record(solar(0, 100.0))
        history.record(solar(10, 99999.0, quality=Quality.SUSPECT))
        await history.flush()
        for _ in ("hot", "sealed"):
            steps = await history.series(ROOF, "solar.power_w", noon, noon + HOUR, 3600)
            assert steps.points == (Point(noon, 100.0, 100.0, 100.0, 1),)
            raw = await history.series(ROOF, "solar.power_w", noon, noon + HOUR, 0)
            assert [point.mean for point in raw.points] == [100.0, 99999.0]
            await clock.sleep_until(noon + 2 * HOUR)
            history.record(solar(7200, 1.0))
            await history.flush()
        assert history.stats().sealed == 1


@warped
async def test_a_group_is_committed_within_a_second_without_flush(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    clock = ScaledClock(noon)
    async with open_history(tmp_path / "history.db", clock, threads=False) as history:
        history.record(solar(0, 1.0))
        assert history.stats().pending == 1
        await clock.sleep_until(noon + timedelta(seconds=1.001))
        stats = history.stats()
    assert (stats.pending, stats.stored) == (0, 1)
    assert stats.last_commit_at == noon + timedelta(seconds=1)
    assert stats.last_error == ""


@warped
async def test_leaving_commits_what_was_recorded(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    path = tmp_path / "history.db"
    async with open_history(path, ScaledClock(noon), threads=False) as history:
        history.record(solar(0, 1.0))
    async with open_history(path, ScaledClock(noon), threads=False) as history:
        assert [signal.samples for signal in await history.signals()] == [1]


@warped
async def test_an_error_in_the_body_comes_out_as_it_is(tmp_path: Path, noon: datetime) -> None:
    with pytest.raises(KeyError):
        async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False):
            raise KeyError("mine")


@warped
async def test_a_repeated_instant_replaces_the_first(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    clock = ScaledClock(noon)
    async with open_history(tmp_path / "history.db", clock, threads=False) as history:
        history.record(solar(0, 1.0, energy_wh=500.0))
        await clock.sleep_until(noon + 2 * HOUR)
        history.record(solar(7200, 5.0))
        await history.flush()
        assert history.stats().sealed == 1
        history.record(solar(0, 3.0))
        await history.flush()
        power = await history.series(ROOF, "solar.power_w", noon, noon + HOUR, 3600)
        energy = await history.series(ROOF, "solar.energy_wh", noon, noon + HOUR, 3600)
    assert power.points == (Point(noon, 3.0, 3.0, 3.0, 1),)
    assert energy.points == ()


@warped
async def test_what_is_unknown_or_not_finite_is_not_stored(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        for second, power_w in enumerate((None, float("nan"), float("inf"), 0.0)):
            history.record(solar(second, power_w))
        await history.flush()
        series = await history.series(ROOF, "solar.power_w", noon, noon + MINUTE, 0)
    assert [point.at for point in series.points] == [noon + timedelta(seconds=3)]


@warped
async def test_states_are_stored_as_words(tmp_path: Path, noon: datetime) -> None:
    car = DeviceId("garage/1")
    reading = ChargerReading(device=car, at=noon, state=ChargerState.CHARGING, phases=3, power_w=11000.0)
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        history.record(Sample(at=noon, readings=(reading,)))
        await history.flush()
        series = await history.series(car, "charger.state", noon, noon + MINUTE, 0)
        latest = await history.latest(car)
    assert series.words[int(series.points[0].mean)] == "charging"
    good = Quality.GOOD
    assert latest == (
        Value(signal="charger.power_w", unit="W", at=noon, value=11000.0, quality=good),
        Value(signal="charger.state", unit="", at=noon, value="charging", quality=good),
        Value(signal="charger.phases", unit="", at=noon, value=3.0, quality=good),
    )


@warped
async def test_signals_say_what_is_remembered(tmp_path: Path, noon: datetime) -> None:
    cells = DeviceId("cellar/b")
    clock = ScaledClock(noon)
    async with open_history(tmp_path / "history.db", clock, threads=False) as history:
        for minute in range(90):
            at = noon + minute * MINUTE
            reading = BatteryReading(device=cells, at=at, soc_pct=50.0, power_w=-5.0 if minute else None)
            history.record(Sample(at=at, readings=(reading,)))
        await clock.sleep_until(noon + 90 * MINUTE)
        history.record_gap("cellar", clock.now(), "silent")
        await history.flush()
        found = {signal.name: signal for signal in await history.signals()}
    assert sorted(found) == ["battery.power_w", "battery.soc_pct"]
    assert found["battery.soc_pct"].unit == "%"
    assert found["battery.soc_pct"].samples == 90
    assert found["battery.power_w"].samples == 89
    assert found["battery.power_w"].first_at == noon + MINUTE
    assert found["battery.power_w"].last_at == noon + 89 * MINUTE


@warped
async def test_neighbouring_misses_of_one_reason_are_one_gap(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        for second, reason in ((0, "silent"), (10, "silent"), (20, "refused")):
            history.record_gap("roof", noon + timedelta(seconds=second), reason)
        history.record(solar(30, 1.0))
        history.record_gap("roof", noon + timedelta(seconds=40), "refused")
        await history.flush()
        gaps = await history.gaps(noon, noon + MINUTE)
        later = await history.gaps(noon + timedelta(seconds=30), noon + MINUTE, "roof")
    assert [(gap.polls, gap.reason) for gap in gaps] == [(2, "silent"), (1, "refused"), (1, "refused")]
    assert gaps[0].last_at == noon + timedelta(seconds=10)
    assert later == gaps[2:]


@warped
async def test_polls_that_were_missed_at_once_are_a_gap_from_the_first_to_the_last(
    tmp_path: Path, noon: datetime
) -> None:
    last_at = noon + timedelta(seconds=50)
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        history.record_gap("roof", noon, "asleep", last_at=last_at, polls=6)
        await history.flush()
        (gap,) = await history.gaps(noon + timedelta(seconds=45), noon + MINUTE)
    assert (gap.first_at, gap.last_at, gap.polls) == (noon, last_at, 6)


@warped
async def test_what_a_sample_misses_is_a_gap(tmp_path: Path, noon: datetime) -> None:
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        history.record(Sample(at=noon, readings=(), missing={"roof/2": "no radio contact"}))
        await history.flush()
        gaps = await history.gaps(noon, noon + MINUTE)
    assert [(gap.source, gap.reason) for gap in gaps] == [("roof/2", "no radio contact")]


@warped
async def test_what_a_late_answer_misses_was_missed_when_its_poll_was_due(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    late = msgspec.structs.replace(solar(70, 1.0), missing={"roof/2": "no radio contact"})
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        history.record(late, noon)
        await history.flush()
        (gap,) = await history.gaps(noon, noon + HOUR)
        series = await history.series(ROOF, "solar.power_w", noon, noon + HOUR, 0)
    assert (gap.source, gap.first_at, gap.last_at) == ("roof/2", noon, noon)
    assert [point.at for point in series.points] == [late.at]


@warped
async def test_what_was_never_recorded_is_empty(tmp_path: Path, noon: datetime) -> None:
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        assert (await history.series(ROOF, "solar.power_w", noon, noon + HOUR, 60)).points == ()
        assert await history.latest(ROOF) == ()
        assert await history.signals() == ()


@warped
async def test_the_answer_is_never_boundless(tmp_path: Path, noon: datetime) -> None:
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        with pytest.raises(HistoryError, match="ask for longer steps"):
            await history.series(ROOF, "solar.power_w", noon, noon + 365 * 24 * HOUR, 1)
        with pytest.raises(ValueError, match="a step is 0"):
            await history.series(ROOF, "solar.power_w", noon, noon + HOUR, -1)


@warped
async def test_an_instant_without_a_zone_is_a_mistake(tmp_path: Path, noon: datetime) -> None:
    async with open_history(tmp_path / "history.db", ScaledClock(noon), threads=False) as history:
        with pytest.raises(ValueError, match="aware"):
            history.record(Sample(at=noon.replace(tzinfo=None), readings=()))
