"""Every profile, met by our own client: what hardware has a vehicle port, why or why not, and that it works off grid only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ohmstead.families.franklinwh import Client, PasswordAuth
from ohmstead.families.franklinwh.simulator.plant.profiles import PROFILES
from ohmstead.families.franklinwh.simulator.starting import simulate
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions
from ohmstead.testing import elapse, warped

NOON = datetime(2026, 6, 20, 16, 0, tzinfo=UTC)
TABLE = {
    "us_v1_full": (True, "v1_with_generator"),
    "us_v1_circuits": (False, "v1_needs_generator"),
    "us_v1_generator": (False, "no_circuits"),
    "us_v2": (True, "v2_builtin"),
    "us_v2_full": (True, "v2_builtin"),
    "us_bare": (False, "no_circuits"),
    "au_v1": (False, "au_no_port"),
    "au_v1_full": (False, "au_no_port"),
    "us_merged": (True, "v1_with_generator"),
    "two_gateways": (True, "v1_with_generator"),
}


@pytest.mark.parametrize("model", list(PROFILES))
@warped
async def test_each_profile_has_the_port_that_its_hardware_says(model: str) -> None:
    is_eligible, reason = TABLE[model]
    world = World(ScaledClock(NOON))
    options = SimulatorOptions(model=model, extras={"plain": "true", "latency": "0"})
    async with simulate(options, world) as cloud:
        auth = PasswordAuth("user@example.com", "secret")
        serial = cloud.stations[0].serial
        async with Client(auth, serial, base_url=cloud.url, clock=world.clock) as client:
            flags = (await client.discover()).flags
            on_grid = await client.set_v2l_mode(enable=True, require_ready=False)
            await client.set_grid_status(1)
            await elapse(30)
            off_grid = await client.set_v2l_mode(enable=True, require_ready=False)
            await elapse(5)
            world.catch_up()

    assert (flags.v2l_eligible, str(flags.v2l_reason)) == (is_eligible, reason)
    assert flags.v2l_note
    assert not on_grid.confirmed
    assert bool(off_grid.confirmed) is is_eligible
    assert (cloud.stations[0].gateway.port.power_w == 2800.0) is is_eligible
