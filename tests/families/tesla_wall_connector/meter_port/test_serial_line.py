"""Our meter at the serial line of a simulated unit. In real time: the system hands a terminal's bytes over when it likes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from ohmstead.families.tesla_wall_connector.meter_port import Meter, line
from ohmstead.families.tesla_wall_connector.simulator import simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions

PATIENCE_S = 60.0


async def followed() -> tuple[float, ...]:
    """The currents that the unit has read of its meter."""
    world = World(ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC)))
    async with simulate(SimulatorOptions(extras={"rs485": "pty"}), world) as simulator, TaskScope() as scope:
        unit_end = simulator.stations[0].meter
        assert unit_end is not None
        assert "rs485" not in simulator.endpoints
        meter = Meter(limit_a=50.0)
        meter.wanted_a = 10.0
        meter.see(12.0)
        async with line(simulator.ready["ports"]["rs485"])() as link:
            scope.start(meter.serve(link))
            while not unit_end.reads:
                await asyncio.sleep(0)
            scope.cancel()
        return unit_end.currents_a


def test_a_simulated_unit_reads_our_meter_over_a_serial_line() -> None:
    shown_a = asyncio.run(asyncio.wait_for(followed(), PATIENCE_S))

    assert shown_a[:3] == pytest.approx((50.0 - 10.0 + 12.0,) * 3, abs=0.03)
    assert shown_a[3] == 0.0
