"""A DTU simulator that runs: on a port, in a world, with the control interface every simulator has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from ohmstead.families.hoymiles.identifiers import serial_number
from ohmstead.families.hoymiles.messages.app import REAL_DATA
from ohmstead.families.hoymiles.numbering import Sequence
from ohmstead.families.hoymiles.simulator.acting import AlarmOrder, Light, understood
from ohmstead.families.hoymiles.simulator.answers import SIGNAL_DBM
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.faults import KINDS, PARAMETERS
from ohmstead.families.hoymiles.simulator.measuring import old_packet
from ohmstead.families.hoymiles.simulator.reporting import Reporting
from ohmstead.families.hoymiles.simulator.service import Service
from ohmstead.families.hoymiles.simulator.unit import Unit
from ohmstead.families.hoymiles.wire import Frame
from ohmstead.kit.link import Dial, Listener, TaskScope
from ohmstead.model import Action, ConfigError

AWAY_S: Final = 90.0
"""Civil seconds a restart takes."""
NETWORK_AWAY_S: Final = 20.0
"""Civil seconds without a link after a new network setting."""
LOOK_S: Final = 10.0
"""How often a built-in DTU notices that it is dark, in civil seconds."""
PUSH_S: Final = 60.0
"""How often old firmware sends data unasked, in civil seconds."""

ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "clouds": Action(help="Set the light.", parameters={"factor": "0.08 (overcast) to 1 (clear)"}),
        "clear_sky": Action(help="Take all clouds away."),
        "kick": Action(help="End the connection, as another client's arrival does."),
        "reboot": Action(help="Restart the DTU: away for 90 s, clock not set, performance mode off."),
        "alarm": Action(
            help="Have an inverter complain.",
            parameters={
                "serial": "of the inverter; the first if not given",
                "number": "the alarm's",
                "state": "active, ended or event",
                "data1": "a reading",
                "data2": "a threshold",
            },
        ),
        "fault": Action(
            help=f"Misbehave from now on: {', '.join(KINDS)}.",
            parameters={"name": "which", **PARAMETERS},
        ),
        "clear_faults": Action(help="Behave again."),
    }
)


class RunningDtu:
    """What `simulate` yields for a DTU or a storage gateway."""

    def __init__(
        self,
        dtu: Unit,
        service: Service,
        listener: Listener,
        *,
        leaves_at_night: bool = False,
        cloud: str | None = None,
    ) -> None:
        """`cloud` is the address in words for the ready line."""
        self.dtu = dtu
        self.service = service
        self.reporting: Reporting | None = None
        self._listener = listener
        self._leaves_at_night = leaves_at_night
        self._cloud = cloud
        self._is_away = False
        self._keeps_clock = dtu.clock.is_set
        self._doing: Mapping[str, Callable[..., Awaitable[None]]] = {
            "clouds": self._clouds,
            "clear_sky": self._clear_sky,
            "kick": self._kick,
            "reboot": self._reboot,
            "alarm": self._alarm,
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
        return {"role": "dtu", "cloud": self._cloud}

    def state(self) -> Mapping[str, Any]:  # Any: JSON
        self.dtu.world.catch_up()
        found = {**self.dtu.state(), "is_away": self._is_away, **self.service.counters()}
        if (reporting := self.reporting) is not None:
            found["cloud"] = {
                "state": reporting.session.state.value,
                "connections": reporting.session.connections,
                "acknowledged": reporting.session.acknowledged,
                "uploads_taken": reporting.taken,
                "uploads_blocked": reporting.blocked,
                "waiting": len(reporting.session.outbox),
            }
        return found

    async def act(self, action: str, **parameters: Any) -> Mapping[str, Any]:  # Any: JSON
        if action not in self._doing:
            raise ConfigError(f"no action is called {action!r}; there are {', '.join(self._doing)}.")
        self.dtu.world.catch_up()
        await self._doing[action](**parameters)
        return self.state()

    async def begin(self, scope: TaskScope, dial: Dial | None) -> None:
        """Appear, and live on in the scope; with a dial also for a cloud."""
        await self.appear()
        scope.start(self._watch_restarts())
        scope.start(self._watch_network())
        if self._leaves_at_night:
            scope.start(self._watch_light())
        if isinstance(self.dtu, Dtu):
            if self.dtu.profile.pushes_old_data:
                scope.start(self._push_data(self.dtu))
            if dial is not None:
                self.reporting = Reporting(self.dtu, self.service, dial, changed=self.appear)
                self.reporting.begin(scope)

    async def _clouds(self, **told: object) -> None:
        self.dtu.world.weather.set_clouds(understood("clouds", told, Light).factor)

    async def _clear_sky(self) -> None:
        self.dtu.world.weather.set_clear_sky()

    async def _kick(self) -> None:
        await self.service.kick()

    async def _reboot(self) -> None:
        self.service.reboot_asked.set()

    async def _alarm(self, **told: object) -> None:
        order = understood("alarm", told, AlarmOrder)
        dtu = self.dtu
        inverters = dtu.hardware if isinstance(dtu, Dtu) else ()
        wanted = serial_number(order.serial) if order.serial else None
        log = next((i.alarms for i in inverters if wanted in (None, i.serial)), None)
        if log is None:
            raise ConfigError(f"no inverter {order.serial or 'is here'} that could complain.")
        at = dtu.world.at
        if order.state == "ended":
            log.end(order.number, at)
        else:
            (log.begin if order.state == "active" else log.event)(order.number, at, order.data1, order.data2)

    async def _fault(self, name: object = None, **parameters: object) -> None:
        self.service.faults.ask(name, parameters)
        await self.appear()

    async def _clear_faults(self) -> None:
        self.service.faults.clear()
        await self.appear()

    async def appear(self) -> None:
        """Be there or not, as the light and the faults have it."""
        is_off = self._is_away or (self._leaves_at_night and not self.dtu.has_power)
        if (reporting := self.reporting) is not None:
            if is_off:
                reporting.pause()
            else:
                reporting.resume()
        is_searching = reporting is not None and reporting.is_searching
        if is_off or is_searching or self.service.faults.is_on("refuse"):
            await self._listener.pause()
            if is_off:
                self._listener.drop()
        else:
            await self._listener.resume()

    async def _watch_light(self) -> None:
        """A DTU that lives on its panels goes at dusk and starts anew at dawn."""
        had_power, clock = self.dtu.has_power, self.dtu.world.clock
        while True:
            await clock.sleep_until(clock.now() + timedelta(seconds=LOOK_S))
            self.dtu.world.catch_up()
            if self.dtu.has_power and not had_power:
                self.dtu.reboot(keeps_clock=self._keeps_clock)
            had_power = self.dtu.has_power
            await self.appear()

    async def _watch_restarts(self) -> None:
        while True:
            await self.service.reboot_asked.wait()
            await self._leave(AWAY_S)
            self.dtu.reboot(keeps_clock=self._keeps_clock)
            self.service.reboot_asked.clear()
            await self._return()

    async def _watch_network(self) -> None:
        while True:
            await self.service.network_dropped.wait()
            self.service.network_dropped.clear()
            await self._leave(NETWORK_AWAY_S)
            await self._return()

    async def _leave(self, seconds: float) -> None:
        clock = self.dtu.world.clock
        self._is_away = True
        await self.appear()
        await clock.sleep_until(clock.now() + timedelta(seconds=seconds))
        self.dtu.world.catch_up()

    async def _return(self) -> None:
        self._is_away = False
        await self.appear()

    async def _push_data(self, dtu: Dtu) -> None:
        clock, sequence = dtu.world.clock, Sequence(dtu.world.random(f"{dtu.name}/pushes"))
        while True:
            await clock.sleep_until(clock.now() + timedelta(seconds=PUSH_S))
            dtu.world.catch_up()
            packet = old_packet(dtu.datasets.current, 0, dtu.serial, SIGNAL_DBM)
            await self.service.push(Frame(REAL_DATA.answer_id, sequence.take(), packet.SerializeToString()))
