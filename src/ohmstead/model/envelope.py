"""What an actuator accepts, and what became of a command."""

from __future__ import annotations

import math
from datetime import datetime
from enum import StrEnum

import msgspec

from ohmstead.model.charge_point import LimitedBy
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
    is_momentary: bool = False
    """It sets something going and leaves nothing to read back: an acknowledgement is all there can be, and it is sent once
    whatever becomes of that.
    """

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
    limited_by: LimitedBy | None = None
    next_try_at: datetime | None = None
    """When what was held back is carried out, unless another command of the kind comes before."""
