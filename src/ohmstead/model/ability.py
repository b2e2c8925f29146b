"""What can be asked of a device: envelopes, receipts, and one protocol with one verb per ability."""

from __future__ import annotations

import math
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, Protocol, TypeVar

import msgspec

from ohmstead.model.device import DeviceId
from ohmstead.model.errors import Unsafe


class WriteClass(StrEnum):
    VOLATILE = "volatile"
    """Costs nothing."""
    FLASH = "flash"
    """Wears memory: budgeted per day and per life."""
    CLOUD = "cloud"
    """Costs a call: budgeted per hour."""


class Interval(msgspec.Struct, frozen=True):
    low: float
    high: float


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What an actuator accepts. Governor, planner and user interface read this one object."""

    unit: str
    allowed: tuple[Interval, ...]
    """{0} and [6, 16] A are two intervals."""
    step: float = 1.0
    latency_s: float = 1.0
    settle_s: float = 5.0
    minimum_on_s: float = 0.0
    minimum_off_s: float = 0.0
    write_class: WriteClass = WriteClass.VOLATILE

    def check(self, value: object) -> float:
        """The value, rounded to the step as far as its interval allows. Raises `Unsafe`, naming what is allowed, for
        anything outside.
        """
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Unsafe(f"{value!r} is no finite number; allowed is {self.describe()}")
        interval = next((i for i in self.allowed if i.low <= value <= i.high), None)
        if interval is None:
            raise Unsafe(f"{value:g} {self.unit} is outside {self.describe()}")
        rounded = round(round(value / self.step) * self.step, 6)
        # An end that is no multiple of the step is allowed all the same, and the step must not lead past it.
        return float(min(max(rounded, interval.low), interval.high))

    def describe(self) -> str:
        ranges = [f"{i.low:g}" if i.low == i.high else f"{i.low:g} to {i.high:g}" for i in self.allowed]
        return f"{' or '.join(ranges)} {self.unit} in steps of {self.step:g}"


class Outcome(StrEnum):
    REFUSED = "refused"
    """Stopped before it was sent, or the device said no."""
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    CONFIRMED = "confirmed"
    """Read back and equal."""
    DIFFERENT = "different"
    """Read back and not equal."""
    UNKNOWN = "unknown"
    """The link broke in between."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one command."""

    device: DeviceId
    ability: str
    at: datetime
    outcome: Outcome
    asked: float | str | bool | None
    read_back: float | str | bool | None = None
    reason: str = ""


class LimitsCurrent(Protocol):
    """Can be told how much a car may draw."""

    @property
    def envelope(self) -> Envelope: ...
    async def limit_current(self, limit_a: float) -> Receipt: ...


class SetsBatteryPower(Protocol):
    """Can be told to charge (-) or discharge (+)."""

    @property
    def envelope(self) -> Envelope: ...
    async def set_battery_power(self, power_w: float) -> Receipt: ...


class LimitsSolar(Protocol):
    """Can be told to hold back production, in percent of its rating."""

    @property
    def envelope(self) -> Envelope: ...
    async def limit_solar(self, limit_pct: float) -> Receipt: ...


A = TypeVar("A")


class Ability(Generic[A]):
    """A token for one protocol: type-safe look-up, and the name that API, MQTT and audit use.

    `verb` is the protocol's one method; whoever holds only a name and a value calls it through the token.
    """

    def __init__(self, name: str, protocol: type[Any], verb: str) -> None:  # a Protocol class is no type[A]
        self.name: Final = name
        self.protocol: Final = protocol
        self.verb: Final = verb

    def __repr__(self) -> str:
        return f"Ability({self.name})"


LIMITS_CURRENT: Final[Ability[LimitsCurrent]] = Ability("limits_current", LimitsCurrent, "limit_current")
SETS_BATTERY_POWER: Final[Ability[SetsBatteryPower]] = Ability(
    "sets_battery_power", SetsBatteryPower, "set_battery_power"
)
LIMITS_SOLAR: Final[Ability[LimitsSolar]] = Ability("limits_solar", LimitsSolar, "limit_solar")

ABILITIES: Final[dict[str, Ability[Any]]] = {  # tokens of different protocols in one table
    token.name: token for token in (LIMITS_CURRENT, SETS_BATTERY_POWER, LIMITS_SOLAR)
}
