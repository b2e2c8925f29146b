"""Every family is found on a real socket, as what it is, and by the serial number by which the house then knows it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import pytest

from ohmstead.gateway.discovering import discover, place_of
from ohmstead.kit.registry import LocalServices, connect, families, family, load
from ohmstead.kit.world import World
from ohmstead.model import ConfigError, Found, ScaledClock, SimulatorOptions
from ohmstead.testing import warped

AT_ONCE: Mapping[str, Mapping[str, str]] = {
    "tesla-wall-connector": {"latency": "none", "drop-outs": "0"},
    "givenergy": {"latency": "fixed", "cloud": "off"},
}
LOCAL = ("hoymiles", "givenergy", "everest", "tesla-wall-connector")


@asynccontextmanager
async def simulated(*names: str, model: str = "") -> AsyncIterator[dict[str, int]]:
    """The main port of each."""
    world = World(ScaledClock(datetime(2026, 6, 21, 11, 20, tzinfo=UTC)))
    async with AsyncExitStack() as stack:
        ports = {}
        for name in names:
            options = SimulatorOptions(name=name, model=model, extras=AT_ONCE.get(name, {}))
            running = await stack.enter_async_context(load(family(name).simulate)(options, world))
            ports[name] = next(iter(running.endpoints.values()))
        yield ports


def without_clouds(found: tuple[Found, ...]) -> list[Found]:
    return [one for one in found if "account" not in one.needs]


@pytest.mark.parametrize("name", LOCAL)
@warped
async def test_a_device_is_found_as_the_one_that_its_source_then_is(name: str) -> None:
    services = LocalServices()
    async with simulated(name) as ports:
        (found,) = without_clouds(await discover([f"127.0.0.1:{ports[name]}"], services))
        assert found.family == name
        assert found.url == f"{family(name).schemes[0]}://127.0.0.1:{ports[name]}"
        assert found.needs == ()
        async with connect(found.url) as source:
            assert found.serial
            assert found.serial in {info.serial for info in source.devices().values()}
            assert found.serial in found.title


@pytest.mark.parametrize("model", family("hoymiles").models)
@warped
async def test_every_dtu_is_found_also_one_that_encrypts_and_a_storage_gateway(model: str) -> None:
    async with simulated("hoymiles", model=model) as ports:
        among = [family("hoymiles")]
        (found,) = await discover([f"127.0.0.1:{ports['hoymiles']}"], LocalServices(), among=among)
    assert found.serial


@warped
async def test_a_dtu_that_encrypts_is_found_where_it_could_not_be_read(
    without: Callable[[str], None],
) -> None:
    async with simulated("hoymiles", model="hmsw-enc") as ports:
        without("cryptography")
        among = [family("hoymiles")]
        (found,) = await discover([f"127.0.0.1:{ports['hoymiles']}"], LocalServices(), among=among)
    assert found.serial in found.title


@pytest.mark.parametrize("model", family("givenergy").models)
@warped
async def test_every_inverter_is_found(model: str) -> None:
    async with simulated("givenergy", model=model) as ports:
        among = [family("givenergy")]
        (found,) = await discover([f"127.0.0.1:{ports['givenergy']}"], LocalServices(), among=among)
    assert found.serial


@warped
async def test_a_device_that_the_house_talks_to_is_not_disturbed() -> None:
    async with simulated("hoymiles") as ports:
        place = f"127.0.0.1:{ports['hoymiles']}"
        found = await discover([place], LocalServices(), spared={place_of(f"hoymiles://{place}")})
    assert without_clouds(found) == []


@warped
async def test_a_device_that_two_networks_reach_is_one_device() -> None:
    async with simulated("everest") as ports:
        port = ports["everest"]
        networks = [f"127.0.0.1:{port}", f"127.0.0.0/30:{port}"]
        found = await discover(networks, LocalServices(), among=[family("everest")])
    assert [one.url for one in found] == [f"everest://127.0.0.1:{port}"]


@warped
async def test_an_account_in_a_cloud_is_offered_and_not_looked_for_until_there_is_one() -> None:
    cloud = [family("franklinwh")]
    (way,) = await discover(["127.0.0.1"], LocalServices(), among=cloud)
    assert (way.url, way.needs) == ("franklinwh://{account}@/", ("account", "password"))
    spared = {place_of("franklinwh://you@example.com@/10060005A02X00000001")}
    assert await discover(["127.0.0.1"], LocalServices(), spared=spared, among=cloud) == ()


@warped
async def test_networks_that_are_not_a_homes_are_looked_at_by_nobody() -> None:
    for network in ("8.8.8.0/24", "10.0.0.0/16", "home", ""):
        with pytest.raises(ConfigError):
            await discover(["127.0.0.1", network], LocalServices(), among=())


def test_every_family_says_how_its_devices_are_found() -> None:
    assert [name for name, card in families().items() if not card.discover and name != "toy"] == []
