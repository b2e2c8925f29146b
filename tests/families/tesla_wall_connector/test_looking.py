"""What others change in a unit is seen within minutes, as long as its access window is open."""

from __future__ import annotations

import asyncio

import msgspec

from ohmstead.families.tesla_wall_connector.device import connect
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest, serve_http
from ohmstead.kit.registry import LocalServices
from ohmstead.model import ChargePointFacts
from ohmstead.testing import elapse, warped
from tests.families.tesla_wall_connector.living import Home, home, polled, simulated

SHARING, STORING = "23.8.2-eu3", "24.36.3-eu3"


async def facts(here: Home) -> ChargePointFacts:
    (found,) = (await here.source.read()).charge_points.values()
    return found


def change(here: Home, **settings: int) -> None:
    """As the vendor's app does, or another master."""
    memory = here.simulator.units[0].memory
    memory.settings = msgspec.structs.replace(memory.settings, **settings)


def asked(here: Home) -> int:
    """Requests to the unit's access point since it runs."""
    return int(here.simulator.stations[0].access_point.web.requests.total())


@warped
async def test_another_limit_of_the_group_is_seen_within_minutes() -> None:
    async with home(SHARING, units="2", **{"network-limit": "20"}) as here:
        before = await facts(here)
        change(here, network_limit_a=14)
        await polled(here, 150)
        after = await facts(here)
        writes = here.simulator.units[0].memory.writes

    assert (before.network_a, after.network_a, writes) == (20.0, 14.0, 0)


@warped
async def test_a_limit_that_another_has_stored_since_is_not_ours_any_more() -> None:
    async with home(STORING) as here:
        await here.limit.limit_current(10)
        change(here, most_a=16)
        before = await here.reading()
        after = await polled(here, 150)
        await here.limit.limit_current(10)

        assert (before.limit_a, after.limit_a) == (10.0, 16.0)
        assert here.simulator.units[0].memory.settings.most_a == 10


@warped
async def test_a_limit_that_a_killed_program_left_is_seen_soon_after_a_start() -> None:
    async with home(STORING) as here:
        change(here, most_a=13)
        before = await here.reading()
        after = await polled(here, 20)

    assert (before.limit_a, after.limit_a) == (None, 13.0)


@warped
async def test_a_temporary_limit_stands_beside_what_is_stored() -> None:
    async with home("25.34.1-eu3") as here:
        await here.limit.limit_current(10)
        reading = await polled(here, 150)

    assert reading.limit_a == 10.0


@warped
async def test_a_look_takes_one_request_every_two_minutes_and_ten_while_the_window_is_closed() -> None:
    async with home(STORING) as here:
        at_first = asked(here)
        await polled(here, 600)
        looked = asked(here) - at_first
        await here.simulator.act("window", hidden_min=None, lapsed_min=0.0)
        await polled(here, 1_200)
        looked_in_vain = asked(here) - at_first - looked
        await here.simulator.act("window", state="open", lapsed_min=30.0)
        await polled(here, 600)
        state = {one.key: one.value for one in here.limit.details()}["access_window"]

    assert (looked, looked_in_vain, state) == (5, 2, "open")


async def silent(request: HttpRequest) -> HttpReply | None:
    """As an access point that is hardly in reach."""
    await asyncio.Event().wait()
    return None


@warped
async def test_an_access_point_that_is_silent_does_not_cost_the_next_poll() -> None:
    async with simulated(STORING) as (_, config, clock), serve_http(silent) as out_of_reach:
        services = LocalServices(clock)
        async with connect(config, services):
            pass  # now it is known what its installer allows
        elsewhere = msgspec.structs.replace(config, access_point=f"127.0.0.1:{out_of_reach.port}")
        took_s = []
        async with connect(elsewhere, services) as source:
            for _ in range(8):
                begun_s = asyncio.get_running_loop().time()
                await source.read()
                took_s.append(asyncio.get_running_loop().time() - begun_s)
                await elapse(5)

    assert 3.0 <= max(took_s) < 5.0
