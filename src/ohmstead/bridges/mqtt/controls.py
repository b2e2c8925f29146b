"""How each ability is offered to a person: a number, a switch, a button or a choice; and what a command's text means."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.model import ChargerReading, Envelope, Reading, Unsafe

LONGEST: Final = 40
"""Bytes a command's text may have."""
PRESS: Final = "PRESS"


class Shape(StrEnum):
    NUMBER = "number"
    SWITCH = "switch"
    BUTTON = "button"
    SELECT = "select"


class Control(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    options: Mapping[str, float] = msgspec.field(default_factory=dict)
    """Of a choice, by their names."""
    is_switch: bool = False
    told_by: tuple[type[Reading], str] | None = None
    """The field that says what holds now; otherwise it is what was read back last."""


CONTROLS: Final[Mapping[str, Control]] = {
    "limits_current": Control(title="Current limit", told_by=(ChargerReading, "limit_a")),
    "limits_charger_power": Control(title="Charger power limit"),
    "allows_charging": Control(title="Charging allowed", is_switch=True),
    "selects_phases": Control(title="Phases", options={"1 phase": 1, "3 phases": 3}),
    "sets_battery_power": Control(title="Battery power asked for"),
    "limits_solar": Control(title="Solar limit"),
    "limits_charge": Control(title="Charge rate limit"),
    "limits_discharge": Control(title="Discharge rate limit"),
    "sets_reserve": Control(title="Battery reserve"),
    "sets_charge_target": Control(title="Charge target"),
    "pauses_charge": Control(title="Charge paused", is_switch=True),
    "pauses_discharge": Control(title="Discharge paused", is_switch=True),
    "times_charge": Control(title="Own charging times", is_switch=True),
    "times_discharge": Control(title="Own discharging times", is_switch=True),
    "calibrates": Control(title="Calibrate battery", is_switch=True),
    "sets_clock": Control(title="Set clock", is_switch=True),
    "restarts": Control(title="Restart", is_switch=True),
    "switches": Control(title="Switched on", is_switch=True),
    "selects_mode": Control(
        title="Mode", options={"By tariff times": 1, "Self-consumption": 2, "Full for an outage": 3}
    ),
    "runs_automatically": Control(title="Starts by itself", is_switch=True),
    "leaves_grid": Control(title="Off the grid", is_switch=True),
}
"""By ability; a test asks that none is missing."""


def shape(ability: str, envelope: Envelope) -> Shape | None:
    """None: there is nothing to choose."""
    control = CONTROLS[ability]
    if control.options:
        return Shape.SELECT if options(ability, envelope) else None
    if control.is_switch:
        if not _allows(envelope, 1):
            return None
        return Shape.SWITCH if _allows(envelope, 0) else Shape.BUTTON
    low, high = bounds(envelope)
    return Shape.NUMBER if high > low else None


def bounds(envelope: Envelope) -> tuple[float, float]:
    """From the lowest to the highest that is allowed; what lies between two intervals is refused when it is asked for."""
    lows, highs = [i.low for i in envelope.allowed], [i.high for i in envelope.allowed]
    return min(lows, default=0.0), max(highs, default=0.0)


def options(ability: str, envelope: Envelope) -> tuple[str, ...]:
    return tuple(name for name, value in CONTROLS[ability].options.items() if _allows(envelope, value))


def value_of(ability: str, payload: bytes) -> float:
    """What a command's text means. Raises `Unsafe` for what means nothing; bounds are the envelope's."""
    if len(payload) > LONGEST:
        raise Unsafe(f"a command's text has at most {LONGEST} bytes, not {len(payload)}")
    text = payload.decode("utf-8", "replace").strip()
    named = {**CONTROLS[ability].options, **({PRESS: 1.0} if CONTROLS[ability].is_switch else {})}
    if text in named:
        return named[text]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        known = f" or one of: {', '.join(named)}" if named else ""
        raise Unsafe(f"expected a number{known}, got {text!r}")
    return value


def shown(ability: str, envelope: Envelope, value: float | None) -> float | int | str | None:
    """A value in force as a control shows it; None for one it cannot show."""
    if value is None or not math.isfinite(value):
        return None
    control = CONTROLS[ability]
    if control.options:
        return next((name for name, option in control.options.items() if option == value), None)
    if control.is_switch:
        return int(value) if value in (0, 1) else None
    low, high = bounds(envelope)
    return value if low <= value <= high else None


def _allows(envelope: Envelope, value: float) -> bool:
    return any(interval.low <= value <= interval.high for interval in envelope.allowed)
