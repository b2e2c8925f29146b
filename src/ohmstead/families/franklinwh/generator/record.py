"""The generator's record, typed. The cloud answers a whole default record even where no module is fitted (capture of
such a gateway), so that the record's existence says nothing: `present` comes from the list of accessories.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.facts.codes import GENERATOR_STATE
from ohmstead.families.franklinwh.typed import typed

Record = Mapping[str, Any]
"""JSON of the vendor's: any value."""

WINDOWS: Final = (1, 2, 3)


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """When the generator may run, `HH:MM` in the gateway's zone."""

    enabled: int | None = None
    start: str | None = None
    end: str | None = None


class Exercise(msgspec.Struct, frozen=True, kw_only=True):
    """A run without load now and then, so that the engine starts when it is needed."""

    enabled: int | None = None
    every_days: int | None = None
    day: int | None = None
    start: str | None = None
    """`HH:MM`; empty: never set."""
    minutes: int | None = None
    manual_exit: int | None = None


class GeneratorVehicle(msgspec.Struct, frozen=True, kw_only=True):
    """What the same record says of the vehicle port."""

    enabled: int | None = None
    run_state: int | None = None
    control: int | None = None
    car_rated_power: int | None = None
    """W"""
    start_timeout: int | None = None
    """s"""


class GeneratorDetail(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the record tells. None: the gateway does not say."""

    present: bool
    enabled: int | None = None
    status: int | None = None
    state: int | None = None
    state_name: str = ""
    manual_switch: int | None = None
    """1 auto, 2 manual; some gateways take it as a momentary order and read 0."""
    mode: int | None = None
    """The newer app's selector: 0 unset, 1 auto, 2 manual."""
    opt: int | None = None
    start_below_soc: int | None = None
    """%"""
    stop_above_soc: int | None = None
    """%"""
    start_delay: int | None = None
    """s"""
    optimal_power: int | None = None
    """% of the rated power at which it runs best."""
    rated_power: int | None = None
    """W"""
    model: str | None = None
    grid_volt_check: int | None = None
    alarm: int | None = None
    as_smart_load: int | None = None
    power_kw: float | None = None
    voltage: float | None = None
    """V"""
    current: float | None = None
    """A"""
    frequency: float | None = None
    """Hz"""
    windows: tuple[Window, ...] = ()
    exercise: Exercise = Exercise()
    v2l: GeneratorVehicle = GeneratorVehicle()
    raw: Record = msgspec.field(default_factory=dict)


NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "enabled": ("genEn",),
    "status": ("status", "genStat"),
    "state": ("genStat", "status"),
    "manual_switch": ("manuSw",),
    "mode": ("mode",),
    "opt": ("opt",),
    "start_below_soc": ("genStartElec",),
    "stop_above_soc": ("genCloseElec",),
    "start_delay": ("startDelTime",),
    "optimal_power": ("genOptiPPoint",),
    "rated_power": ("genRatedPower",),
    "model": ("genModel",),
    "grid_volt_check": ("gridVoltCheck",),
    "alarm": ("generatorAlarmFlag",),
    "as_smart_load": ("genAsSmartLoadEnable",),
}
EXERCISE: Final[Mapping[str, tuple[str, ...]]] = {
    "enabled": ("oilmanoEn",),
    "every_days": ("manoFre",),
    "day": ("manoDate",),
    "start": ("manoStartTime",),
    "minutes": ("manoTime",),
    "manual_exit": ("manoManExit",),
}
VEHICLE: Final[Mapping[str, tuple[str, ...]]] = {
    "enabled": ("v2lModeEnable", "v2LModeEnable"),
    "run_state": ("v2lRunState", "v2LRunState"),
    "control": ("v2LModeCtrl",),
    "car_rated_power": ("v2LCarRatedPower",),
    "start_timeout": ("v2LStartTimeout",),
}


def window_keys(number: int) -> dict[str, str]:
    """The vendor's names of window 1, 2 or 3."""
    return {
        "enabled": f"charge{number}En",
        "start": f"charge{number}StartTime",
        "end": f"charge{number}EndTime",
    }


def generator_detail(
    record: Record, *, present: bool, electrical: Mapping[str, float] | None = None
) -> GeneratorDetail:
    """The record, typed. `electrical`: power in kW, voltage, current and frequency of the metering record."""
    metered = electrical or {}
    detail = typed(
        GeneratorDetail,
        record,
        NAMES,
        present=present,
        power_kw=metered.get("power"),
        voltage=metered.get("voltage"),
        current=metered.get("current"),
        frequency=metered.get("frequency"),
        windows=tuple(
            typed(Window, record, {ours: (theirs,) for ours, theirs in window_keys(number).items()})
            for number in WINDOWS
        ),
        exercise=typed(Exercise, record, EXERCISE),
        v2l=typed(GeneratorVehicle, record, VEHICLE),
        raw=record,
    )
    name = "" if detail.state is None else GENERATOR_STATE[detail.state]
    return msgspec.structs.replace(detail, state_name=name)
