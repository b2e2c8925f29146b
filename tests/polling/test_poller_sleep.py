"""Equipment on the power of its panels: silent without sun, and nothing is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from ohmstead.model import BadAnswer, Unreachable
from ohmstead.polling import HealthState
from ohmstead.testing.warp import warped
from tests.polling.conftest import NOON, Bench, Notebook, ScriptedDevice

DUSK, DAWN = NOON + timedelta(minutes=5), NOON + timedelta(hours=1)


def is_dark(at: datetime) -> bool:
    return DUSK <= at < DAWN


def roof(bench: Bench, *, sleeps: bool = True) -> tuple[ScriptedDevice, Notebook]:
    """Silent from five minutes after noon for an hour: a night for tests."""
    device = ScriptedDevice(sleeps_without_sun=sleeps)
    notebook = bench.add(device, is_dark=is_dark)

    async def silent_at_night(_: int) -> None:
        if is_dark(bench.clock.now()):
            raise Unreachable("nobody answers")

    device.script = device.opening = silent_at_night
    return device, notebook


def states(notebook: Notebook) -> list[HealthState]:
    """Each state once for every time it was entered."""
    found = [health.state for health in notebook.healths]
    return [state for index, state in enumerate(found) if index == 0 or found[index - 1] is not state]


@warped
async def test_a_sleeper_falls_asleep_with_the_sun_and_wakes_with_it() -> None:
    bench = Bench()
    _, notebook = roof(bench)
    await bench.run_for(2 * 3600)
    assert states(notebook) == [HealthState.GOOD, HealthState.STALE, HealthState.ASLEEP, HealthState.GOOD]


@warped
async def test_a_sleeper_is_looked_for_every_ten_minutes() -> None:
    bench = Bench()
    device, _ = roof(bench)
    await bench.run_for(2 * 3600)
    at_night = [at - NOON for at in device.opened_at if is_dark(at)]
    assert len(at_night) == 6
    assert {later - earlier for earlier, later in pairwise(at_night[1:])} == {timedelta(minutes=10)}


@warped
async def test_what_was_not_asked_at_night_is_a_gap_with_that_reason() -> None:
    bench = Bench()
    _, notebook = roof(bench)
    await bench.run_for(2 * 3600)
    assert {reason.partition(",")[0] for _, reason in notebook.gaps[1:]} == {"the sun is down"}


@warped
async def test_equipment_with_a_supply_of_its_own_is_unreachable_at_night_like_at_noon() -> None:
    bench = Bench()
    _, notebook = roof(bench, sleeps=False)
    await bench.run_for(1800)
    assert notebook.healths[-1].state is HealthState.UNREACHABLE


@warped
async def test_rubbish_in_the_dark_is_no_sleep() -> None:
    bench = Bench()
    device = ScriptedDevice(sleeps_without_sun=True)
    notebook = bench.add(device, is_dark=lambda _: True)

    async def rubbish(_: int) -> None:
        raise BadAnswer("not what it says by day")

    device.script = rubbish
    await bench.run_for(300)
    assert notebook.healths[-1].state is HealthState.FAILING
