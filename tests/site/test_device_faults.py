"""What lines, devices and machines do to a running site, by the fault's number."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from ohmstead.app.home import HOMES, Home
from ohmstead.cli.advice import ADVICE
from ohmstead.gateway import Order
from ohmstead.kit.link import TaskScope, tcp
from ohmstead.model import BatteryReading, OhmsteadError, Outcome, Quality, ScaledClock
from ohmstead.polling import HealthState
from ohmstead.testing import elapse, warped
from ohmstead.testing.warp import WarpLoop
from tests.site.bench import Answered, alone, bench, only
from tests.site.judging import lost

pytestmark = pytest.mark.long

EU: Final = HOMES["eu"]
MINUTE_S: Final = 60.0


async def jealous(port: int) -> None:
    """Another program that wants a device to itself: whenever its connection ends, it is back at once."""
    while True:
        with suppress(OhmsteadError):
            async with tcp("127.0.0.1", port)() as link:
                while True:
                    await link.receive()
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    "home",
    [alone(EU, "roof"), alone(EU, "battery", **{"max-clients": "1", "when-full": "refuse"})],
    ids=["hoymiles", "givenergy"],
)
def test_f10_a_connection_that_somebody_else_holds_is_asked_for_politely(home: Home, tmp_path: Path) -> None:
    @warped
    async def ask() -> None:
        async with bench(home, tmp_path, ScaledClock(EU.morning)) as site, site.open() as gateway:
            await elapse(MINUTE_S)
            ((name, line),) = site.lines.items()
            async with TaskScope() as others:
                line.listener.drop()
                others.start(jealous(next(iter(site.simulators[name].endpoints.values()))))
                await elapse(MINUTE_S)
                before = line.dialled
                await elapse(10 * MINUTE_S)
                (status, *_) = gateway.devices()
                assert status.health is HealthState.BUSY_ELSEWHERE
                assert 5 <= line.dialled - before <= 60
                assert "somebody else may be using it" in status.reason
                assert status.next_try_at is not None
                assert "one client at a time" in ADVICE[status.health]
            await elapse(MINUTE_S)
            assert {status.health for status in gateway.devices()} == {HealthState.GOOD}

    ask()


@pytest.mark.parametrize("name", ["roof", "battery", "drive", "workshop", "annex"])
def test_f11_a_link_that_flaps_for_an_hour_is_not_hammered_and_comes_back(name: str, tmp_path: Path) -> None:
    @warped
    async def flap() -> None:
        async with (
            bench(only(EU, name), tmp_path, ScaledClock(EU.morning)) as site,
            site.open() as gateway,
        ):
            await elapse(MINUTE_S)
            line, started = site.lines[name], site.clock.now()
            before, tasks = line.dialled, len(asyncio.all_tasks())
            for _ in range(1800):
                line.listener.drop()
                await line.listener.pause()
                await elapse(1)
                await line.listener.resume()
                await elapse(1)
            tries = line.dialled - before
            await elapse(2 * MINUTE_S)
            assert {status.health for status in gateway.devices()} == {HealthState.GOOD}
            assert len(asyncio.all_tasks()) <= tasks + 5
            assert tries <= 3600 / 2
            assert await lost(gateway, started, site.clock.now()) == []

    flap()


@warped
async def test_f23_a_cloud_that_is_away_for_a_day_disturbs_nobody_and_is_never_shown_as_fresh(
    tmp_path: Path,
) -> None:
    home = only(EU, "annex", "roof")
    clock = ScaledClock(home.morning, 30.0)
    async with bench(home, tmp_path, clock) as site, site.open() as gateway:
        await elapse(MINUTE_S)
        line = site.lines["annex"]
        await line.listener.pause()
        line.listener.drop()
        left_at = clock.now()
        await elapse(24 * 3600 / clock.speed)
        state = gateway.state()
        annex = [status for status in state.devices if status.source == "annex"]
        roof = [status for status in state.devices if status.source == "roof"]
        assert {status.health for status in annex} == {HealthState.UNREACHABLE}
        assert {reading.quality for status in annex for reading in status.readings} == {Quality.STALE}
        assert all(reading.at <= left_at for status in annex for reading in status.readings)
        assert {status.health for status in roof} <= {HealthState.GOOD, HealthState.ASLEEP}
        assert state.flows.battery_w is None
        gaps = await gateway.history.gaps(left_at, clock.now(), "annex")
        assert all("refused the connection" in gap.reason for gap in gaps)
        assert gaps
        await line.listener.resume()
        await elapse(MINUTE_S)
        told = {type(r): r for s in gateway.devices() if s.source == "annex" for r in s.readings}
        assert told[BatteryReading].quality is Quality.GOOD
        assert await lost(gateway, left_at, clock.now()) == []


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2000-01-01T00:00:00", "days behind"),  # where this device's calendar begins
        ("2099-12-31T23:00:00", "days ahead"),
        ("2026-06-25T08:00:00", "is 1 h 0 min behind"),
    ],
)
def test_f20_a_device_with_a_wrong_clock_is_read_by_ours_and_reported(
    at: str, words: str, tmp_path: Path
) -> None:
    @warped
    async def tell() -> None:
        async with bench(only(EU, "battery"), tmp_path, ScaledClock(EU.morning)) as site:
            await site.simulators["battery"].act("clock", at=at)
            async with site.open() as gateway:
                await elapse(10 * MINUTE_S)
                now = site.clock.now()
                for status in gateway.devices():
                    assert all(timedelta() <= now - r.at < timedelta(minutes=1) for r in status.readings)
                (finding,) = gateway.findings()
        assert finding.words.startswith("The clock of battery/")
        assert words in finding.words

    tell()


@pytest.mark.parametrize("answered", [Answered.NEVER, Answered.BY_A_CUT])
@pytest.mark.parametrize("name", HOMES)
def test_f25_what_cannot_be_repeated_reaches_its_device_once_whatever_becomes_of_the_answer(
    name: str, answered: Answered, tmp_path: Path
) -> None:
    home = HOMES[name]

    @warped
    async def order() -> int:
        ordered = 0
        clock = ScaledClock(home.morning)
        async with bench(home, tmp_path, clock, control=True) as site, site.open() as gateway:
            await elapse(MINUTE_S)
            for status in gateway.devices():
                line = site.lines[status.source]
                for ability in (name for name, envelope in status.abilities.items() if envelope.is_momentary):
                    line.written.clear()
                    line.answered = answered
                    wish = Order(device=status.id, ability=ability, value=1.0, origin="test")
                    receipt = await gateway.commands.execute(wish)
                    line.answered = Answered.AS_EVER
                    assert len(line.written) == 1, receipt
                    assert receipt.outcome in (Outcome.ACKNOWLEDGED, Outcome.UNKNOWN), receipt
                    await elapse(10 * MINUTE_S)
                    ordered += 1
        return ordered

    assert order() > 0


def hold(seconds: float) -> None:
    """Nothing in the process runs meanwhile, and what comes waits in the sockets."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, WarpLoop)
    loop._set_time(loop.time() + seconds)


@warped
async def test_f40_a_loop_that_is_held_for_two_seconds_takes_nobody_offline(tmp_path: Path) -> None:
    async with bench(EU, tmp_path, ScaledClock(EU.morning)) as site, site.open() as gateway:
        await elapse(MINUTE_S)
        started = site.clock.now()
        seen: set[HealthState] = set()
        for _ in range(120):
            await elapse(site.random.uniform(1, 4))
            hold(2)
            seen |= {status.health for status in gateway.devices()}
        await elapse(MINUTE_S)
        assert seen <= {HealthState.GOOD, HealthState.STALE}
        assert {status.health for status in gateway.devices()} == {HealthState.GOOD}
        assert await lost(gateway, started, site.clock.now()) == []


def test_every_state_a_device_can_be_in_has_words_that_help() -> None:
    assert set(ADVICE) == set(HealthState)
