"""Our meter on the line of a simulated unit."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from ohmstead.families.tesla_wall_connector.client.rest import open_client
from ohmstead.families.tesla_wall_connector.meter_port import (
    CURRENTS,
    Leading,
    Meter,
    Reply,
    encode_request,
    floats,
    line,
    replies,
)
from ohmstead.families.tesla_wall_connector.simulator import RunningUnits, simulate
from ohmstead.families.tesla_wall_connector.simulator.meter_line import MeterLine
from ohmstead.kit.link import Link, TaskScope, tcp
from ohmstead.kit.wire import Frame
from ohmstead.kit.world import World
from ohmstead.model import ConnectionLost, ScaledClock, SimulatorOptions, TimedOut
from ohmstead.testing import elapse, links, warped


async def asked(master: Link) -> float:
    await master.send(encode_request(CURRENTS))
    (frame,) = replies().feed(await master.receive())
    assert isinstance(frame, Frame)
    assert isinstance(frame.value, Reply)
    return floats(frame.value.registers)[0]


@warped
async def test_a_wanted_current_is_shown_as_what_is_left_below_the_conductors_limit() -> None:
    meter = Meter(limit_a=50.0)
    meter.wanted_a = 10.0
    master, slave = links.pair()
    async with TaskScope() as scope:
        scope.start(served(meter, slave))
        meter.see(8.0)
        shown_a = await asked(master)
        await master.close()

    assert shown_a == pytest.approx(50.0 - 10.0 + 8.0, abs=0.03)


@warped
async def test_figures_of_the_unit_that_are_old_stop_the_car() -> None:
    meter = Meter(limit_a=50.0)
    meter.wanted_a = 10.0
    master, slave = links.pair()
    async with TaskScope() as scope:
        scope.start(served(meter, slave))
        meter.see(8.0)
        for _ in range(8):
            await elapse(2)
            shown_a = await asked(master)
        await master.close()

    assert shown_a == 56.0


@pytest.mark.parametrize("own_a", [1e39, -1e39, float("inf"), float("nan"), 1000.0])
@warped
async def test_a_current_that_no_unit_draws_is_as_good_as_none(own_a: float) -> None:
    meter = Meter(limit_a=50.0)
    meter.wanted_a = 10.0
    master, slave = links.pair()
    async with TaskScope() as scope:
        scope.start(served(meter, slave))
        meter.see(own_a)
        shown_a = await asked(master)
        await master.close()

    assert shown_a == 56.0
    assert not meter.is_told


@warped
async def test_a_unit_that_asks_nothing_has_gone() -> None:
    meter = Meter(limit_a=50.0)
    _, slave = links.pair()
    start_s = asyncio.get_running_loop().time()
    with pytest.raises(TimedOut, match="asked its meter nothing for 60 s"):
        await meter.serve(slave)

    assert asyncio.get_running_loop().time() - start_s == 60.0


async def served(meter: Meter, link: Link) -> None:
    try:
        await meter.serve(link)
    except (ConnectionLost, TimedOut):
        return


def line_of(simulator: RunningUnits) -> MeterLine:
    line = simulator.stations[0].meter
    assert line is not None
    return line


@warped
async def test_a_simulated_unit_takes_what_its_meter_makes_it_take() -> None:
    clock = ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC))
    world = World(clock)
    extras = {"latency": "none", "drop-outs": "0", "plugged": "true", "request": "16"}
    async with simulate(SimulatorOptions(extras=extras), world) as simulator, TaskScope() as scope:
        scope.start(world.run())
        ports = simulator.endpoints
        meter = Meter(limit_a=line_of(simulator).conductor_a)
        meter.wanted_a = 10.0
        async with (
            open_client("127.0.0.1", ports["lan"]) as client,
            tcp("127.0.0.1", ports["rs485"])() as line,
        ):
            scope.start(served(meter, line))
            await elapse(
                0.5
            )  # between two of the unit's questions: at the same instant either could be first
            for _ in range(60):
                current_a = (await client.vitals()).vehicle_current_a or 0.0
                meter.see(current_a)
                await elapse(3)

    assert current_a == pytest.approx(10.0, abs=0.6)


@pytest.mark.long
@pytest.mark.parametrize("wanted_a", [6, 7, 10, 16])
@pytest.mark.parametrize("latency", ["none", "real"])
@warped
async def test_a_led_unit_settles_at_what_is_wanted_however_slowly_it_says_what_it_takes(
    wanted_a: float, latency: str
) -> None:
    world = World(ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC)))
    extras = {"latency": latency, "drop-outs": "0", "plugged": "true", "request": "16"}
    async with simulate(SimulatorOptions(extras=extras), world) as simulator:
        ports, unit = simulator.endpoints, simulator.units[0]
        async with open_client("127.0.0.1", ports["lan"]) as client, TaskScope() as scope:
            leading = Leading(line_of(simulator).conductor_a, line(f"127.0.0.1:{ports['rs485']}"), client)
            leading.want(wanted_a)
            scope.start(leading.run())
            await elapse(150)
            taken_a = []
            for _ in range(60):
                await elapse(1)
                world.catch_up()
                taken_a.append(unit.current_a)

    assert max(wanted_a, 6.3) - 0.1 < min(taken_a)
    assert max(taken_a) < max(wanted_a, 6.5) + 0.4


@warped
async def test_a_line_that_breaks_is_opened_again(caplog: pytest.LogCaptureFixture) -> None:
    world = World(ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC)))
    async with simulate(SimulatorOptions(extras={"latency": "none"}), world) as simulator:
        ports = simulator.endpoints
        async with open_client("127.0.0.1", ports["lan"]) as client, TaskScope() as scope:
            leading = Leading(100.0, line(f"127.0.0.1:{ports['rs485']}"), client)
            scope.start(leading.run())
            followed = []
            for _ in range(3):
                await elapse(20)
                followed.append(leading.is_followed)
                if len(followed) == 1:
                    listener = simulator.stations[0].meter_listener
                    assert listener is not None
                    listener.drop()

    assert followed == [True, False, True]
    assert "the meter leads nobody" in caplog.text
