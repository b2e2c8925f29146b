"""F12 and S12: a device is known by its serial number; its address is only where it was last."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ohmstead.families.everest.config import EverestConfig
from ohmstead.gateway import Gateway, LedgerError, open_gateway, read_site_file
from ohmstead.gateway.disk import open_disk
from ohmstead.gateway.remembering import Memory
from ohmstead.gateway.sources import connect_device
from ohmstead.gateway.whereabouts import Whereabouts, networks_around, serials_of
from ohmstead.kit.registry import LocalServices, family, load
from ohmstead.kit.world import World
from ohmstead.model import DeviceId, DeviceInfo, ScaledClock, SimulatorOptions
from ohmstead.polling import HealthState, Trouble
from ohmstead.testing import elapse, warped

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)
EXTRAS: Mapping[str, Mapping[str, str]] = {
    "givenergy": {"latency": "fixed", "cloud": "off"},
    "tesla-wall-connector": {"latency": "none", "drop-outs": "0"},
}
FAMILIES = ("hoymiles", "givenergy", "everest", "tesla-wall-connector")
HOME, ELSEWHERE = "127.0.7.5", "127.0.7.77"


class Street:
    """Devices of one family at addresses of their own, all at one port."""

    def __init__(self, name: str, world: World) -> None:
        self.name = name
        self.port = 0
        self._world = world
        self._there: dict[str, AsyncExitStack] = {}

    async def put(self, host: str, seed: int = 1) -> None:
        options = SimulatorOptions(
            name=f"{self.name} {seed}",
            host=host,
            port=self.port,
            seed=seed,
            extras=EXTRAS.get(self.name, {}),
        )
        stack = self._there[host] = AsyncExitStack()
        running = await stack.enter_async_context(load(family(self.name).simulate)(options, self._world))
        self.port = next(iter(running.endpoints.values()))

    async def take(self, host: str) -> None:
        await self._there.pop(host).aclose()

    async def clear(self) -> None:
        for host in list(self._there):
            await self.take(host)


@asynccontextmanager
async def running(directory: Path, street: Street, more: str = "") -> AsyncIterator[Gateway]:
    path = directory / "site.toml"
    path.write_text(f'[[device]]\nname = "one"\nurl = "{street.name}://{HOME}:{street.port}"\n{more}')
    clock = ScaledClock(NOON)
    async with open_gateway(
        read_site_file(path), directory=directory / "data", clock=clock, threads=False
    ) as gateway:
        yield gateway


@asynccontextmanager
async def street_of(name: str) -> AsyncIterator[Street]:
    street = Street(name, World(ScaledClock(NOON)))
    try:
        yield street
    finally:
        await street.clear()


def health(gateway: Gateway) -> HealthState:
    (state,) = {status.health for status in gateway.devices()}
    return state


async def seconds_until_good(gateway: Gateway, since: datetime) -> float:
    loop = asyncio.get_running_loop()
    start_s = loop.time()
    while not all(s.last_good_at is not None and s.last_good_at > since for s in gateway.devices()):
        assert loop.time() - start_s < 300, [(s.health, s.reason) for s in gateway.devices()]
        await elapse(0.5)
    return loop.time() - start_s


@pytest.mark.long
@pytest.mark.parametrize("name", FAMILIES)
@warped
async def test_f12_a_device_that_moves_is_found_by_its_serial_number_within_a_minute(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with street_of(name) as street:
        await street.put(HOME)
        async with running(tmp_path, street) as gateway:
            await elapse(90)
            assert health(gateway) is HealthState.GOOD
            before = {status.id: status.serial for status in gateway.devices()}

            await street.take(HOME)
            await street.put(ELSEWHERE)
            assert await seconds_until_good(gateway, gateway.clock.now()) <= 60

            assert {status.id: status.serial for status in gateway.devices()} == before
            assert gateway.places() == {f"{HOME}:{street.port}", f"{ELSEWHERE}:{street.port}"}
            assert f"one has moved from {HOME}:{street.port} to {ELSEWHERE}:{street.port}" in caplog.text
            await elapse(120)
            assert health(gateway) is HealthState.GOOD
            (moved,) = (finding for finding in gateway.findings() if finding.trouble is Trouble.MOVED)
            assert f"is now at {ELSEWHERE}:{street.port}" in moved.words


@warped
async def test_f12_where_a_device_has_moved_is_known_after_a_restart_until_it_comes_back(
    tmp_path: Path,
) -> None:
    async with street_of("givenergy") as street:
        await street.put(HOME)
        async with running(tmp_path, street) as gateway:
            await elapse(60)
            await street.take(HOME)
            await street.put(ELSEWHERE)
            await seconds_until_good(gateway, gateway.clock.now())
            before = gateway.findings()
        async with running(tmp_path, street) as gateway:
            assert await seconds_until_good(gateway, gateway.clock.now()) < 5
            after = gateway.findings()
            await street.take(ELSEWHERE)
            await street.put(HOME)
            assert await seconds_until_good(gateway, gateway.clock.now()) <= 60
            at_home = gateway.findings()
        async with running(tmp_path, street) as gateway:
            assert await seconds_until_good(gateway, gateway.clock.now()) < 5
            assert gateway.findings() == at_home == ()

    assert [finding.trouble for finding in before] == [Trouble.MOVED]
    assert after == before


@pytest.mark.long
@pytest.mark.parametrize("name", ["givenergy", "hoymiles", "tesla-wall-connector"])
@warped
async def test_f12_another_device_at_the_old_address_is_refused_and_nothing_of_it_counts(
    tmp_path: Path, name: str
) -> None:
    async with street_of(name) as street:
        await street.put(HOME)
        async with running(tmp_path, street) as gateway:
            await elapse(90)
            (first, *_) = gateway.devices()
            await street.take(HOME)
            await street.put(HOME, seed=2)
            at = gateway.clock.now()
            await elapse(240)
            assert health(gateway) is HealthState.REFUSED
            (now, *_) = gateway.devices()
            assert re.match(r"another device answers at 127\.0\.7\.5", now.reason)
            assert now.serial == first.serial
            assert all(
                status.last_good_at is not None and status.last_good_at <= at for status in gateway.devices()
            )
            assert all(reading.at <= at for status in gateway.devices() for reading in status.readings)

            await street.put(ELSEWHERE)
            assert await seconds_until_good(gateway, gateway.clock.now()) <= 75
            assert {status.source for status in gateway.devices()} == {"one"}


@warped
async def test_s12_the_pin_survives_a_restart(tmp_path: Path) -> None:
    async with street_of("givenergy") as street:
        await street.put(HOME)
        async with running(tmp_path, street) as gateway:
            await elapse(60)
        await street.take(HOME)
        await street.put(HOME, seed=2)
        async with running(tmp_path, street) as gateway:
            await elapse(60)
            assert health(gateway) is HealthState.REFUSED


@warped
async def test_a_device_that_was_replaced_is_taken_when_its_owner_says_so(tmp_path: Path) -> None:
    async with street_of("givenergy") as street:
        await street.put(HOME)
        async with running(tmp_path, street) as gateway:
            await elapse(60)
            (was, *_) = gateway.devices()
        await street.take(HOME)
        await street.put(HOME, seed=2)
        async with running(tmp_path, street, f'serial = "{was.serial}"\n') as gateway:
            await elapse(60)
            assert health(gateway) is HealthState.REFUSED
    async with street_of("givenergy") as street:
        await street.put(HOME, seed=2)
        async with running(tmp_path, street) as gateway:  # another port: the owner wrote another address
            await elapse(60)
            (now, *_) = gateway.devices()
            assert (now.health, now.serial != was.serial) == (HealthState.GOOD, True)
        async with running(tmp_path, street, f'serial = "{now.serial}"\n') as gateway:
            await elapse(60)
            assert health(gateway) is HealthState.GOOD


@pytest.mark.long
@warped
async def test_a_device_that_is_switched_off_is_looked_for_ever_more_rarely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[float] = []
    whereabouts = "ohmstead.gateway.whereabouts.discover"

    async def discover(*_: object, **__: object) -> tuple[()]:
        looked.append(asyncio.get_running_loop().time())
        return ()

    monkeypatch.setattr(whereabouts, discover)
    async with street_of("everest") as street:
        await street.put(HOME)
        async with running(tmp_path, street) as gateway:
            await elapse(30)
            await street.take(HOME)
            await elapse(4 * 3600)
            assert health(gateway) is HealthState.UNREACHABLE
    assert 10 <= len(looked) <= 60
    assert looked[-1] - looked[-2] > 1500


@pytest.mark.long
@warped
async def test_f12_a_device_that_was_switched_off_for_hours_and_moves_then_is_found_as_soon_as_any(
    tmp_path: Path,
) -> None:
    async with street_of("everest") as street:
        await street.put(HOME)
        async with running(tmp_path, street) as gateway:
            await elapse(30)
            await street.take(HOME)
            await elapse(2 * 3600)
            await street.put(HOME)
            await seconds_until_good(gateway, gateway.clock.now())
            await street.take(HOME)
            await street.put(ELSEWHERE)
            assert await seconds_until_good(gateway, gateway.clock.now()) <= 60


@warped
async def test_a_disk_that_is_full_keeps_nobody_from_being_polled(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    services = LocalServices()
    async with (
        street_of("everest") as street,
        open_disk(tmp_path / "ledger.sqlite", threads=False) as disk,
        asyncio.TaskGroup() as tasks,
    ):
        await street.put(HOME)
        memory = Memory(disk)
        await disk.run(lambda connection: connection.execute("PRAGMA max_page_count = 1"))
        with pytest.raises(LedgerError):
            for number in range(10_000):
                await memory.remember(f"{number}", "full")
        config = EverestConfig(url=f"everest://{HOME}:{street.port}", name="one")
        whereabouts = Whereabouts(
            config, services, memory, connect=connect_device, start=tasks.create_task, spared=frozenset
        )
        async with whereabouts.open() as source:
            assert (await source.read()).readings
    assert "its serial number could not be kept" in caplog.text


def test_a_neighbourhood_is_private_small_and_keeps_the_port() -> None:
    assert networks_around("givenergy://192.168.1.7:8900") == ("192.168.1.7/24:8900",)
    assert networks_around("hoymiles://10.0.0.9") == ("10.0.0.9/24",)
    assert networks_around("hoymiles://8.8.8.8") == ()
    assert networks_around("hoymiles://[fd00::1]") == ()


def test_texts_that_many_devices_have_are_no_serial_numbers() -> None:
    def info(serial: str) -> DeviceInfo:
        return DeviceInfo(id=DeviceId("x"), family="x", model="", serial=serial)

    devices = {DeviceId(serial): info(serial) for serial in ("", "1", "EVSE 1", "DE*PNX*1", "SA1234")}
    assert serials_of(devices) == {"DE*PNX*1", "SA1234"}
