"""A DTU simulator that runs: on a port, in a world, with the control interface every simulator has."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.faults import KINDS, Faults
from ohmstead.families.hoymiles.simulator.profiles import profile
from ohmstead.families.hoymiles.simulator.service import Service
from ohmstead.kit.link import Listener, TaskScope, listen
from ohmstead.kit.world import World
from ohmstead.model import Action, ConfigError, Fault, SimulatorOptions

AWAY_S: Final = 90.0
"""Civil seconds a restart takes."""
LOOK_S: Final = 10.0
"""How often a built-in DTU notices that it is dark, in civil seconds."""

ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "clouds": Action(help="Set the light.", parameters={"factor": "0.08 (overcast) to 1 (clear)"}),
        "clear_sky": Action(help="Take all clouds away."),
        "kick": Action(help="End the connection, as another client's arrival does."),
        "reboot": Action(help="Restart the DTU: away for 90 s, clock not set, performance mode off."),
        "fault": Action(
            help=f"Misbehave from now on: {', '.join(KINDS)}.",
            parameters={
                "name": "which",
                "times": "how often; always if not given",
                "chance": "0 to 1",
                "id": "only requests with this id, such as A311",
                "s": "seconds, for delay",
            },
        ),
        "clear_faults": Action(help="Behave again."),
    }
)


class RunningDtu:
    """What `simulate` yields."""

    def __init__(self, dtu: Dtu, service: Service, listener: Listener, *, leaves_at_night: bool) -> None:
        self.dtu = dtu
        self.service = service
        self._listener = listener
        self._leaves_at_night = leaves_at_night
        self._is_away = False
        self._keeps_clock = dtu.is_clock_set
        self._doing: Mapping[str, Callable[..., Awaitable[None]]] = {
            "clouds": self._clouds,
            "clear_sky": self._clear_sky,
            "kick": self._kick,
            "reboot": self._reboot,
            "fault": self._fault,
            "clear_faults": self._clear_faults,
        }

    @property
    def endpoints(self) -> Mapping[str, int]:
        return {"dtu": self._listener.port}

    @property
    def actions(self) -> Mapping[str, Action]:
        return ACTIONS

    @property
    def ready(self) -> Mapping[str, str | None]:
        return {"role": "dtu", "cloud": None}

    def state(self) -> Mapping[str, Any]:  # Any: JSON
        self.dtu.world.catch_up()
        return {**self.dtu.state(), "is_away": self._is_away, **self.service.counters()}

    async def act(self, action: str, **parameters: Any) -> Mapping[str, Any]:  # Any: JSON
        if action not in self._doing:
            raise ConfigError(f"no action is called {action!r}; there are {', '.join(self._doing)}.")
        self.dtu.world.catch_up()
        await self._doing[action](**parameters)
        return self.state()

    async def _clouds(self, factor: float) -> None:
        self.dtu.world.weather.set_clouds(float(factor))

    async def _clear_sky(self) -> None:
        self.dtu.world.weather.set_clear_sky()

    async def _kick(self) -> None:
        await self.service.kick()

    async def _reboot(self) -> None:
        self.service.reboot_asked.set()

    async def _fault(self, name: str, **parameters: object) -> None:
        self.service.faults.add(Fault(name, {key: str(value) for key, value in parameters.items()}))
        await self.appear()

    async def _clear_faults(self) -> None:
        self.service.faults.clear()
        await self.appear()

    async def appear(self) -> None:
        """Be there or not, as the light and the faults have it."""
        is_dark = self._leaves_at_night and not self.dtu.has_power
        if self._is_away or is_dark or self.service.faults.stands("refuse"):
            await self._listener.pause()
            if self._is_away or is_dark:
                self._listener.drop()
        else:
            await self._listener.resume()

    async def watch_light(self) -> None:
        """A DTU that lives on its panels goes at dusk and starts anew at dawn."""
        had_power, clock = self.dtu.has_power, self.dtu.world.clock
        while True:
            await clock.sleep_until(clock.now() + timedelta(seconds=LOOK_S))
            self.dtu.world.catch_up()
            if self.dtu.has_power and not had_power:
                self.dtu.reboot(keeps_clock=self._keeps_clock)
            had_power = self.dtu.has_power
            await self.appear()

    async def watch_restarts(self) -> None:
        clock = self.dtu.world.clock
        while True:
            await self.service.reboot_asked.wait()
            self._is_away = True
            await self.appear()
            await clock.sleep_until(clock.now() + timedelta(seconds=AWAY_S))
            self.dtu.world.catch_up()
            self.dtu.reboot(keeps_clock=self._keeps_clock)
            self.service.reboot_asked.clear()
            self._is_away = False
            await self.appear()


@asynccontextmanager
async def simulate(options: SimulatorOptions, world: World) -> AsyncIterator[RunningDtu]:
    """A DTU on a port of `options.host`, its inverters feeding the world's main circuit, until the block is left."""
    name = options.name or "hoymiles"
    if options.capture:
        raise ConfigError("this simulator cannot start from a capture yet; leave --from away.")
    dtu = Dtu(
        profile(options.model),
        world,
        name=name,
        has_meter=options.extras.get("meter") == "true",
        is_clock_set=options.extras.get("clock") == "set",
    )
    dtu.settle()
    dtu.datasets.needs_poll_all = options.extras.get("needs-poll-all") == "true"
    service = Service(dtu, Faults(world.random(f"{name}/faults"), options.faults))
    leaves_at_night = options.extras.get("night") == "leave"
    world.attach(name, dtu)
    try:
        async with listen(service.serve, options.host, options.port) as listener, TaskScope() as scope:
            running = RunningDtu(dtu, service, listener, leaves_at_night=leaves_at_night)
            await running.appear()
            scope.start(running.watch_restarts())
            if leaves_at_night:
                scope.start(running.watch_light())
            yield running
    finally:
        world.detach(name)
