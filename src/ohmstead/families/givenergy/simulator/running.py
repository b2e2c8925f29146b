"""A plant that runs: on a port, in the simulated home, with the control interface every simulator has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from ohmstead.families.givenergy.serials import is_valid_serial
from ohmstead.families.givenergy.simulator.actions import ACTIONS
from ohmstead.families.givenergy.simulator.answering import Answering
from ohmstead.families.givenergy.simulator.bus import Bus
from ohmstead.families.givenergy.simulator.cloud import Cloud
from ohmstead.families.givenergy.simulator.faults import Faults
from ohmstead.families.givenergy.simulator.guests import Guests
from ohmstead.families.givenergy.simulator.life import Life
from ohmstead.families.givenergy.simulator.loading import plant_from, ready_plant
from ohmstead.families.givenergy.simulator.plant import Plant
from ohmstead.families.givenergy.simulator.setup import Full, House, Setup, capture_path, setup
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.link import Listen, Listener, TaskScope, listen
from ohmstead.kit.world import Household, World
from ohmstead.model import Action, ConfigError, SimulatorOptions

DROPS_AFTER_S: Final = 5.0
AWAY_S: Final = 90.0
"""Civil seconds of a restart: the link drops within ten, and is back after one to three minutes."""
LAN_EVERY_S: Final = 180.0
TICK_S: Final = 1.0


class RunningPlant:
    """What `simulate` yields."""

    def __init__(
        self,
        plant: Plant,
        life: Life | None,
        world: World,
        *,
        bus: Bus,
        guests: Guests,
        cloud: Cloud | None,
        restart: asyncio.Event,
    ) -> None:
        self.plant = plant
        self.life = life
        self.world = world
        self.bus = bus
        self.guests = guests
        self.faults = bus.faults
        self.is_away = False
        self.reboots = 0
        self.listener: Listener
        self.cloud = cloud
        self._restart = restart
        self._doing: Mapping[str, Callable[..., Awaitable[Mapping[str, Any] | None]]] = {  # Any: JSON
            "clouds": self._clouds,
            "clear_sky": self._clear_sky,
            "charge": self._charge,
            "read": self._read,
            "set": self._set,
            "clock": self._clock,
            "identify": self._identify,
            "remove": self._remove,
            "restore": self._restore,
            "kick": self._kick,
            "reboot": self._reboot,
            "fault": self._fault,
            "clear_faults": self._clear_faults,
        }

    @property
    def endpoints(self) -> Mapping[str, int]:
        return {"adapter": self.listener.port}

    @property
    def actions(self) -> Mapping[str, Action]:
        return ACTIONS

    @property
    def ready(self) -> Mapping[str, str | None]:
        return {"plant": self.plant.profile.slug}

    def state(self) -> Mapping[str, Any]:  # Any: JSON
        if self.life is not None:
            self.life.show()
        return {
            "plant": self.plant.profile.slug,
            "model": None if self.plant.model is None else self.plant.model.name,
            "at": self.world.at.isoformat(),
            "is_away": self.is_away,
            "reboots": self.reboots,
            "devices": [f"0x{device:02x}" for device in self.plant.store.devices],
            "clients": len(self.guests),
            "peers": self.guests.peers(),
            "connections": self.guests.connections,
            "refused": self.guests.refused,
            "heartbeats": self.guests.heartbeats,
            "damaged_bytes": self.guests.damaged_bytes,
            "lost_requests": self.guests.lost_requests,
            "writes": self.bus.answering.writes,
            "replies": dict(self.bus.frames),
            "faults": dict(self.faults.happened),
            "life": None if self.life is None else self.life.state(),
        }

    async def act(self, action: str, **parameters: Any) -> Mapping[str, Any]:  # Any: JSON
        if action not in self._doing:
            raise ConfigError(f"no action is called {action!r}; there are {', '.join(self._doing)}.")
        self.world.catch_up()
        found = await self._doing[action](**parameters)
        return self.state() if found is None else found

    async def _clouds(self, factor: float) -> None:
        self.world.weather.set_clouds(float(factor))

    async def _clear_sky(self) -> None:
        self.world.weather.set_clear_sky()

    async def _charge(self, soc_pct: float) -> None:
        share = min(max(float(soc_pct), 0.0), 100.0) / 100.0
        for cells in self._alive().body.bank.batteries:
            cells.stored_wh = cells.capacity_wh * share

    async def _read(
        self, device: object, base: object, count: object = 1, bank: object = "HR"
    ) -> Mapping[str, Any]:
        if self.life is not None:
            self.life.show()
        words = self.plant.words(_integer(device), _bank(bank), _integer(base), _integer(count))
        return {"words": None if words is None else list(words)}

    async def _set(self, device: object, base: object, words: Sequence[object], bank: object = "HR") -> None:
        values = tuple(_word(word) for word in words)
        self.plant.store.declare(_integer(device), _bank(bank), _integer(base), values)

    async def _clock(self, at: str) -> None:
        self._alive().set_clock(datetime.fromisoformat(at))

    async def _identify(self, adapter: str = "", inverter: str = "", lan: str = "") -> None:
        for serial in filter(None, (adapter, inverter)):
            if not is_valid_serial(serial):
                raise ConfigError(f"a serial has ten capital letters and digits, not {serial!r}.")
        self.plant.adapter_serial = adapter or self.plant.adapter_serial
        if inverter:
            self.plant.identify(inverter)
        if lan:
            self.bus.lan_text = f"{lan}\r\n\r\n"

    async def _remove(self, device: object) -> None:
        if not self.plant.remove(_integer(device)):
            raise ConfigError(f"no device {device} is on the bus.")

    async def _restore(self, device: object) -> None:
        if not self.plant.restore(_integer(device)):
            raise ConfigError(f"no device {device} was removed.")

    async def _kick(self) -> None:
        self.listener.drop()

    async def _reboot(self) -> None:
        self._restart.set()

    async def _fault(self, name: object, **parameters: object) -> None:
        self.faults.ask(name, parameters)

    async def _clear_faults(self) -> None:
        self.faults.clear()

    def _alive(self) -> Life:
        if self.life is None:
            raise ConfigError("this plant lies still: start it with --dynamics live.")
        return self.life

    async def watch_restarts(self) -> None:
        clock = self.world.clock
        while True:
            await self._restart.wait()
            await clock.sleep_until(clock.now() + timedelta(seconds=DROPS_AFTER_S))
            self.is_away = True
            await self.listener.pause()
            self.listener.drop()
            await clock.sleep_until(clock.now() + timedelta(seconds=AWAY_S))
            self._restart.clear()
            self.is_away = False
            self.reboots += 1
            await self.listener.resume()
            if self.cloud is not None:
                await self.cloud.boot()

    async def watch_faults(self) -> None:
        """Those that wait for no request."""
        while True:
            await asyncio.sleep(TICK_S)
            if self.faults.strike("reboot"):
                self._restart.set()
            if rule := self.faults.strike("topology-change"):
                device = 0x33 if rule.device is None else rule.device
                (self.plant.restore if rule.how == "add" else self.plant.remove)(device)

    async def push_lan(self) -> None:
        while True:
            await asyncio.sleep(LAN_EVERY_S)
            self.bus.push_lan()


def _integer(value: object) -> int:
    """From JSON, or as a person writes it."""
    try:
        return int(value, 0) if isinstance(value, str) else int(value)  # type: ignore[call-overload]  # else: refused
    except (TypeError, ValueError):
        raise ConfigError(f"{value!r} is no number.") from None


def _word(value: object) -> int:
    word = _integer(value)
    if not 0 <= word <= 0xFFFF:
        raise ConfigError(f"{word} is no register's value; it is 0 to 65535.")
    return word


def _bank(value: object) -> Bank:
    try:
        return Bank(str(value).upper())
    except ValueError:
        raise ConfigError(f"{value!r} is no bank; there are {', '.join(Bank)}.") from None


@asynccontextmanager
async def simulate(
    options: SimulatorOptions, world: World, *, listening: Listen = listen
) -> AsyncIterator[RunningPlant]:
    """A plant on a port of `options.host`, its inverters on the world's main circuit, until the block is left."""
    told = setup(options)
    path = capture_path(options)
    plant = ready_plant(options.model, options.seed) if path is None else plant_from(path, options.model)
    with_life = Life(plant, world, told.name, drift_s_per_day=told.drift_s_per_day) if told.is_live else None
    faults = Faults(world.random(f"{told.name}/faults"), options.faults)
    attached = _attach(with_life, world, told, options.seed)
    try:
        async with TaskScope() as scope:
            running = _running(plant, with_life, world, told, faults=faults, scope=scope)
            async with listening(running.guests.serve, options.host, options.port) as listener:
                running.listener = listener
                _start(running, scope)
                yield running
    finally:
        for name in attached:
            world.detach(name)


def _attach(life: Life | None, world: World, told: Setup, seed: int) -> list[str]:
    if life is None:
        return []
    world.attach(told.name, life.body)
    if told.house is House.WORLD:
        return [told.name]
    world.attach(f"{told.name}/household", Household(world.place, seed=seed))
    return [told.name, f"{told.name}/household"]


def _running(
    plant: Plant, life: Life | None, world: World, told: Setup, *, faults: Faults, scope: TaskScope
) -> RunningPlant:
    restart = asyncio.Event()
    bus = Bus(
        Answering(plant, life, restart.set),
        faults,
        world.clock,
        scope,
        latency=told.latency,
        random=world.random(f"{told.name}/latency"),
    )
    bus.guests = guests = Guests(
        plant,
        faults,
        bus.ask,
        limit=told.max_clients,
        drops_oldest=told.when_full is Full.DROP_OLDEST,
        closes_idle=told.closes_idle,
    )
    cloud = Cloud(plant.profile, world.clock, bus.ask_for_cloud) if told.has_cloud else None
    return RunningPlant(plant, life, world, bus=bus, guests=guests, cloud=cloud, restart=restart)


def _start(running: RunningPlant, scope: TaskScope) -> None:
    scope.start(running.bus.run())
    scope.start(running.watch_restarts())
    scope.start(running.watch_faults())
    if running.plant.profile.pushes_lan:
        scope.start(running.push_lan())
    cloud = running.cloud
    if cloud is not None:
        scope.start(cloud.boot())
        for poll_round in cloud.rounds:
            scope.start(cloud.poll(poll_round))
