"""What can be asked of a plant: for each ability, what it takes, and which writes it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.givenergy import commands
from ohmstead.families.givenergy.types import BatteryPauseMode
from ohmstead.families.givenergy.views import SinglePhaseInverter, ThreePhaseInverter
from ohmstead.families.givenergy.wire import TransparentRequest
from ohmstead.model import (
    CALIBRATES,
    LIMITS_CHARGE,
    LIMITS_DISCHARGE,
    PAUSES_CHARGE,
    PAUSES_DISCHARGE,
    RESTARTS,
    SETS_CHARGE_TARGET,
    SETS_RESERVE,
    TIMES_CHARGE,
    TIMES_DISCHARGE,
    Ability,
    Envelope,
    Interval,
    WriteClass,
)

Inverter = SinglePhaseInverter | ThreePhaseInverter
Requests = list[TransparentRequest]
Stored = Mapping[int, int]
"""Registers and what they hold."""

PAUSE: Final = 318

SWITCH: Final = (Interval(0, 0), Interval(1, 1))
ONLY_NOW: Final = (Interval(1, 1),)


def _envelope(unit: str, *allowed: Interval, settle_s: float = 60.0, is_momentary: bool = False) -> Envelope:
    """A unit acts on what it was told within a minute."""
    return Envelope(
        unit=unit,
        allowed=allowed,
        latency_s=2.0,
        settle_s=settle_s,
        write_class=WriteClass.FLASH,
        is_momentary=is_momentary,
    )


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """How an ability becomes writes, and what registers say of it afterwards."""

    ability: Ability[Any]  # Any: tokens of different protocols
    envelope: Envelope
    requests: Callable[[Inverter, int, Stored], Requests]
    depends_on: tuple[int, ...] = ()
    """Registers that have to be known before the writes can be made."""
    shown: Callable[[int], float] = float
    """What the last written register means, in the unit of the envelope."""


def _paused(bit: BatteryPauseMode) -> Callable[[Inverter, int, Stored], Requests]:
    def requests(_: Inverter, wanted: int, stored: Stored) -> Requests:
        others = stored.get(PAUSE, 0) & ~bit
        return commands.set_battery_pause_mode(BatteryPauseMode(others | (bit if wanted else 0)))

    return requests


def _shown_bit(bit: BatteryPauseMode) -> Callable[[int], float]:
    return lambda raw: float(bool(raw & bit))


SETTINGS: Final = (
    Setting(
        ability=LIMITS_CHARGE,
        envelope=_envelope("%/h", Interval(0, 50)),
        requests=lambda unit, value, _: unit.set_battery_charge_limit(value),
    ),
    Setting(
        ability=LIMITS_DISCHARGE,
        envelope=_envelope("%/h", Interval(0, 50)),
        requests=lambda unit, value, _: unit.set_battery_discharge_limit(value),
    ),
    Setting(
        ability=SETS_RESERVE,
        envelope=_envelope("%", Interval(4, 100)),
        requests=lambda unit, value, _: unit.set_battery_soc_reserve(value),
    ),
    Setting(
        ability=SETS_CHARGE_TARGET,
        envelope=_envelope("%", Interval(4, 100)),
        requests=lambda unit, value, _: unit.set_charge_target_enabled(value),
    ),
    Setting(
        ability=PAUSES_CHARGE,
        envelope=_envelope("on", *SWITCH),
        requests=_paused(BatteryPauseMode.PAUSE_CHARGE),
        depends_on=(PAUSE,),
        shown=_shown_bit(BatteryPauseMode.PAUSE_CHARGE),
    ),
    Setting(
        ability=PAUSES_DISCHARGE,
        envelope=_envelope("on", *SWITCH),
        requests=_paused(BatteryPauseMode.PAUSE_DISCHARGE),
        depends_on=(PAUSE,),
        shown=_shown_bit(BatteryPauseMode.PAUSE_DISCHARGE),
    ),
    Setting(
        ability=TIMES_CHARGE,
        envelope=_envelope("on", *SWITCH),
        requests=lambda unit, value, _: unit.set_enable_charge(bool(value)),
    ),
    Setting(
        ability=TIMES_DISCHARGE,
        envelope=_envelope("on", *SWITCH),
        requests=lambda unit, value, _: unit.set_enable_discharge(bool(value)),
    ),
    Setting(
        ability=CALIBRATES,
        envelope=_envelope("on", *SWITCH, is_momentary=True),
        requests=lambda unit, value, _: unit.set_calibrate_battery_soc(value),
    ),
    Setting(
        ability=RESTARTS,
        envelope=_envelope("now", *ONLY_NOW, settle_s=200.0, is_momentary=True),
        requests=lambda unit, _, __: unit.set_inverter_reboot(),
    ),
)

CLOCK_ENVELOPE: Final = _envelope("now", *ONLY_NOW, settle_s=1.0)
