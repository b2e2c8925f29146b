"""The values of this protocol: register banks, enumerations, time slots.

Numbers and names of the enumerations come from captures, the vendor's documents and the vendor's app. A raw value that
is not listed gives None, or the member that the register's line names.
"""

from __future__ import annotations

from datetime import time
from enum import IntEnum, StrEnum
from typing import Final, Self

import msgspec


class Bank(StrEnum):
    """Where a register lies."""

    HR = "HR"
    """Holding registers: settings and identity."""
    IR = "IR"
    """Input registers: measurements."""
    MR = "MR"
    """Product pages of meters."""

    # A bank is a part of the key of every register: hashed as the text that it is, which is several times faster.
    __hash__ = str.__hash__


class UsbDevice(IntEnum):
    NONE = 0
    WIFI = 1
    DISK = 2


class BatteryPowerMode(IntEnum):
    EXPORT = 0
    SELF_CONSUMPTION = 1


class BatteryCalibrationStage(IntEnum):
    OFF = 0
    DISCHARGE = 1
    SET_LOWER_LIMIT = 2
    CHARGE = 3
    SET_UPPER_LIMIT = 4
    BALANCE = 5
    SET_FULL_CAPACITY = 6
    FINISH = 7


class MeterType(IntEnum):
    CT_OR_EM418 = 0
    EM115 = 1


class BatteryType(IntEnum):
    LEAD_ACID = 0
    LITHIUM = 1


class PowerFactorFunctionModel(IntEnum):
    PF_1 = 0
    PF_BY_SET = 1
    DEFAULT_PF_LINE = 2
    USER_PF_LINE = 3
    UNDER_EXCITED_INDUCTIVE_REACTIVE_POWER = 4
    OVER_EXCITED_CAPACITIVE_REACTIVE_POWER = 5
    QV_MODEL = 6


class Status(IntEnum):
    WAITING = 0
    NORMAL = 1
    WARNING = 2
    FAULT = 3
    FLASHING_FIRMWARE_UPDATE = 4


class ChargeStatus(IntEnum):
    IDLE = 0
    CHARGING = 2
    FINISHING = 3
    DISCHARGING = 5


class ExportPriority(IntEnum):
    """Where surplus goes first."""

    LOAD_FIRST = 0
    BATTERY_FIRST = 1
    GRID_FIRST = 2


class BatteryPauseMode(IntEnum):
    DISABLED = 0
    PAUSE_CHARGE = 1
    PAUSE_DISCHARGE = 2
    PAUSE_BOTH = 3


class BatteryMaintenance(IntEnum):
    OFF = 0
    DISCHARGE = 1
    CHARGE = 2
    STANDBY = 3


class MeterStatus(IntEnum):
    DISABLED = 0
    ONLINE = 1
    OFFLINE = 2


class EmsInverterStatus(IntEnum):
    """As an EMS sees an inverter it manages; no other value has been seen."""

    ABSENT = 0
    ONLINE = 2


class BcuStatus(IntEnum):
    BMS_INITIALISING = 0
    PRECHARGING = 1
    STANDBY = 2
    CHARGING = 3
    DISCHARGING = 4
    ERROR = 5
    UPDATING = 6
    POWERED_OFF = 7
    PRODUCTION = 8


class WorkMode(IntEnum):
    INITIALISING = 0
    OFF_GRID = 1
    ON_GRID = 2
    FAULT = 3
    UPDATE = 4


class State(IntEnum):
    """What an All-in-One does."""

    STATIC = 0
    CHARGE = 1
    DISCHARGE = 2


class Certification(IntEnum):
    UNKNOWN = 0
    G98 = 8
    G99 = 12
    G98_NI = 16
    G99_NI = 17


class InverterType(IntEnum):
    SINGLE_PHASE_LV = 0
    SINGLE_PHASE_HV = 1
    THREE_PHASE_LV = 2
    THREE_PHASE_HV = 3


class Generation(StrEnum):
    """A label for people."""

    GEN1 = "Gen 1"
    GEN2 = "Gen 2"
    GEN3 = "Gen 3"
    GEN3_PLUS = "Gen 3+"
    GEN4 = "Gen 4"
    AIO2 = "AIO 2"
    UNKNOWN = "Unknown"


class TimeSlot(msgspec.Struct, frozen=True):
    """A daily window of the inverter's clock; it may wrap midnight."""

    start: time
    end: time

    @classmethod
    def from_components(cls, start_hour: int, start_minute: int, end_hour: int, end_minute: int) -> Self:
        return cls(time(start_hour, start_minute), time(end_hour, end_minute))

    @classmethod
    def from_repr(cls, start: int | str, end: int | str) -> Self:
        """From HHMM, as number or digits: `from_repr(30, "0430")`."""
        return cls(_time(start), _time(end))

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


UNSET: Final = 60
"""A slot register that was never filled in."""


def _time(hhmm: int | str) -> time:
    if isinstance(hhmm, bool) or (isinstance(hhmm, str) and not (hhmm.isascii() and hhmm.isdigit())):
        raise ValueError(f"{hhmm!r} is no time of day; write it as HHMM")
    hour, minute = divmod(int(hhmm), 100)
    return time(hour, minute)


def hhmm(moment: time | None) -> int:
    """A time of day as a slot register holds it; None clears it."""
    return 0 if moment is None else moment.hour * 100 + moment.minute
