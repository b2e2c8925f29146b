"""The generator's control: when it starts and stops by itself. The engine is the simulated home's; `MOVES` the state machine.

It starts in an outage, in automatic mode, inside one of its windows, after its start delay; for exercise, without load; or
by hand. It stops when the packs are full enough, the street is back, the window is over, or it is told to.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from ohmstead.families.franklinwh.facts.codes import GeneratorMode, GeneratorState
from ohmstead.kit.world import Engine, EngineRating
from ohmstead.kit.world.engine import EnginePhase

RATED_W: Final = 8000.0
TANK_L: Final = 60.0
WINDOWS: Final = (1, 2, 3)
RISE_PCT: Final = 5.0
"""Started above its stop threshold, it still puts in this much."""
MOST: Final = 1_000_000
STARVED: Final = "1006"
"""The alarm of a generator that stopped by itself."""


class Event(Enum):
    START = "start"
    STOP = "stop"
    COOLED = "cooled down"
    FAIL = "fail"
    CLEAR = "clear"


MOVES: Final[Mapping[GeneratorState, Mapping[Event, GeneratorState]]] = MappingProxyType(
    {
        GeneratorState.STANDBY: {Event.START: GeneratorState.RUNNING, Event.FAIL: GeneratorState.FAULT},
        GeneratorState.RUNNING: {Event.STOP: GeneratorState.COOLDOWN, Event.FAIL: GeneratorState.FAULT},
        GeneratorState.COOLDOWN: {Event.COOLED: GeneratorState.STANDBY, Event.FAIL: GeneratorState.FAULT},
        GeneratorState.FAULT: {Event.CLEAR: GeneratorState.STANDBY},
    }
)


class Why(Enum):
    OUTAGE = "outage"
    EXERCISE = "exercise"
    HAND = "by hand"


class ManualModel(Enum):
    """What firmware makes of `manuSw`, on which documents and captures disagree."""

    CONTRACT = "contract"
    """The operating mode: stored and returned."""
    MOMENTARY = "momentary"
    """A push button: 2 stops a running generator, and it always reads 0."""


def default_record(*, is_fitted: bool, model: ManualModel = ManualModel.CONTRACT) -> dict[str, Any]:
    """The vendor's record, key by key as a gateway without a module shows it; JSON, hence Any."""
    has_mode = is_fitted and model is ManualModel.CONTRACT
    return {
        "genEn": int(is_fitted),
        "oilmanoEn": 0,
        "gridVoltCheck": 0,
        "genCloseElec": 80,
        "manoStartTime": "",
        "manoFre": 7,
        "generatorAlarmFlag": 0,
        "mode": int(is_fitted),
        "genStartElec": 20,
        "manuSw": int(has_mode),
        **{f"charge{n}{what}": value for n in WINDOWS for what, value in _NO_WINDOW.items()},
        "manoTime": 5,
        "v2LCarRatedPower": 2000,
        "v2LStartTimeout": 300,
        "genOptiPPoint": 70,
        "startDelTime": 1800,
        "v2LModeCtrl": 0,
        "genModel": "Ohm 8" if is_fitted else "",
        "genAsSmartLoadEnable": 0,
        "manoDate": 0,
        "manoManExit": 0,
        "genRatedPower": int(RATED_W) if is_fitted else 0,
    }


_NO_WINDOW: Final = {"En": 0, "StartTime": "00:00", "EndTime": "00:00"}


def is_number(value: object) -> bool:
    """A whole number that a gateway would take for one."""
    return isinstance(value, int) and abs(value) <= MOST


class Genset:
    def __init__(
        self,
        *,
        is_fitted: bool,
        manual_model: ManualModel = ManualModel.CONTRACT,
        delay_scale: float = 1.0,
        starts_on_outage: bool = True,
    ) -> None:
        self.is_fitted = is_fitted
        self.manual_model = manual_model
        self.delay_scale = delay_scale
        self.starts_on_outage = starts_on_outage
        self.record = default_record(is_fitted=is_fitted, model=manual_model)
        self.is_automatic = True
        self.state = GeneratorState.STANDBY
        self.why: Why | None = None
        self.alarm = ""
        rating = EngineRating(
            max_power_w=RATED_W, least_load_w=0.0, start_delay_s=5.0, warm_up_s=15.0, tank_l=TANK_L
        )
        self.engine = Engine(rating)
        self._waited_s = 0.0
        self._exercised_s = 0.0
        self._stops_above_pct = 100.0
        self._has_answered = False
        """It started in this outage once; from then on only for a low charge."""

    @property
    def power_w(self) -> float:
        return self.engine.power_w

    @property
    def can_carry(self) -> bool:
        return self.engine.phase is EnginePhase.READY and self.why is not Why.EXERCISE

    @property
    def is_idle(self) -> bool:
        return self.state in (GeneratorState.STANDBY, GeneratorState.FAULT)

    def write(self, values: Mapping[str, Any]) -> None:
        """Take the keys there are; the mode's two switches have effects beside being stored."""
        for key, value in values.items():
            own = self.record.get(key)
            if (isinstance(own, str) and isinstance(value, str)) or (
                isinstance(own, int) and is_number(value)
            ):
                self.record[key] = value
        if "mode" in values:
            self._set_mode(values["mode"])
        if "manuSw" in values and self.manual_model is ManualModel.CONTRACT:
            self._set_mode(values["manuSw"])
        elif "manuSw" in values:
            self.record["manuSw"] = 0
            if values["manuSw"] == GeneratorMode.MANUAL:
                self.stop()

    def start(self, why: Why = Why.HAND) -> bool:
        """Whether it is running now."""
        if not (self.is_fitted and self.record["genEn"]):
            return False
        if self._move(Event.START):
            self.why = why
            self._exercised_s = 0.0
            self.engine.start()
        return self.state is GeneratorState.RUNNING

    def stop(self) -> None:
        if self._move(Event.STOP):
            self.why = None
            self.engine.stop()

    def fail(self, alarm: str) -> None:
        if self._move(Event.FAIL):
            self.alarm, self.why = alarm, None
            self.engine.stop()

    def clear(self) -> None:
        if self._move(Event.CLEAR):
            self.alarm = ""

    def step(
        self,
        dt_s: float,
        soc_pct: float,
        local: datetime,
        *,
        is_outage: bool,
        is_off_grid: bool,
        is_blocked: bool,
    ) -> None:
        """Decide; the engine itself lives in `run`. Blocked, by a vehicle that supplies, it does not start."""
        if not self.is_fitted:
            return
        self._has_answered = self._has_answered and is_outage
        if self.state is GeneratorState.STANDBY:
            self._consider(dt_s, soc_pct, local, is_outage=is_outage and not is_blocked)
        elif self.state is GeneratorState.RUNNING:
            self._watch(dt_s, soc_pct, local, is_outage=is_outage, is_off_grid=is_off_grid)
        elif self.state is GeneratorState.COOLDOWN and not self.engine.is_turning:
            self._move(Event.COOLED)

    def run(self, wanted_w: float, dt_s: float) -> float:
        """Live for a second; what it delivers."""
        return self.engine.run(wanted_w if self.can_carry else 0.0, dt_s)

    def exercise(self, local: datetime) -> None:
        """Called once a minute: the regular run without load."""
        record = self.record
        if self.state is not GeneratorState.STANDBY or not record["oilmanoEn"]:
            return
        is_day = (local.date().toordinal() - record["manoDate"]) % max(1, record["manoFre"]) == 0
        if is_day and record["manoStartTime"] == f"{local:%H:%M}":
            self.start(Why.EXERCISE)

    def _consider(self, dt_s: float, soc_pct: float, local: datetime, *, is_outage: bool) -> None:
        is_low = soc_pct < self.record["genStartElec"]
        is_due = is_low or (self.starts_on_outage and not self._has_answered)
        if not (is_outage and self.is_automatic and is_due and self._is_in_window(local)):
            self._waited_s = 0.0
            return
        self._waited_s += dt_s
        if self._waited_s >= self.record["startDelTime"] * self.delay_scale and self.start(Why.OUTAGE):
            self._waited_s = 0.0
            self._has_answered = True
            self._stops_above_pct = max(self.record["genCloseElec"], min(soc_pct + RISE_PCT, 99.0))

    def _watch(
        self, dt_s: float, soc_pct: float, local: datetime, *, is_outage: bool, is_off_grid: bool
    ) -> None:
        if self.engine.phase is EnginePhase.OFF:
            self.fail(STARVED)
            return
        self._exercised_s += dt_s
        if self.why is Why.EXERCISE:
            is_over = self._exercised_s >= 60.0 * self.record["manoTime"]
        elif self.why is Why.OUTAGE:
            is_over = soc_pct > self._stops_above_pct or not is_outage or not self._is_in_window(local)
        else:
            is_over = not is_off_grid
        if is_over:
            self.stop()

    def _is_in_window(self, local: datetime) -> bool:
        """Inside an enabled window; always, when none is."""
        now = f"{local:%H:%M}"
        record = self.record
        windows = [n for n in WINDOWS if record[f"charge{n}En"]]
        return not windows or any(
            record[f"charge{n}StartTime"] <= now < record[f"charge{n}EndTime"] for n in windows
        )

    def _set_mode(self, mode: object) -> None:
        if mode == GeneratorMode.AUTO:
            self.is_automatic = True
        elif mode == GeneratorMode.MANUAL:
            self.is_automatic = False
            self.stop()

    def _move(self, event: Event) -> bool:
        follower = MOVES[self.state].get(event)
        if follower is None:
            return False
        self.state = follower
        return True
