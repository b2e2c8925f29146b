"""The vendor's code numbers and our words for them. Sources: captures and both published clients, unless a line says
otherwise. Codes are open: what is missing here is told as `Unknown (n)` and the number is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from ohmstead.families.franklinwh.facts.labels import Labels


class GridConnectionState(StrEnum):
    CONNECTED = "Connected"
    OUTAGE = "Outage"
    NOT_GRID_TIED = "NotGridTied"
    """The site has no utility service at all."""
    SIMULATED_OFF_GRID = "SimulatedOffGrid"
    """Somebody asked the gateway to leave the grid."""


class WorkMode(IntEnum):
    """The modes that can be set; 7 generator, 8 debug and 9 virtual power plant are only ever reported."""

    TIME_OF_USE = 1
    SELF_CONSUMPTION = 2
    EMERGENCY_BACKUP = 3


class ReportType(IntEnum):
    LIVE = 1
    STORED = 2


class AccessoryKind(IntEnum):
    """What the cloud calls an accessory; the catalogue number follows from country and generation."""

    GENERATOR = 3
    CIRCUITS = 4


class GeneratorState(IntEnum):
    STANDBY = 0
    RUNNING = 1
    COOLDOWN = 2
    FAULT = 3


class V2lState(IntEnum):
    DISABLED = 0
    STANDBY = 1
    ACTIVE = 2
    FAULT = 3


class GeneratorMode(IntEnum):
    UNSET = 0
    AUTO = 1
    MANUAL = 2


class CircuitMode(IntEnum):
    OFF = 0
    ON = 1
    SCHEDULE = 2
    """Written, never read."""


class MessageKind(IntEnum):
    """Names the kind of a circuit's change; the gateway acknowledges and drops a change of the wrong kind."""

    NONE = 0
    SWITCH = 1
    CONFIGURATION = 2


class Country(IntEnum):
    CHINA = 1
    UNITED_STATES = 2
    AUSTRALIA = 3


class BackupFlag(IntEnum):
    INDEFINITE = 1
    TIMED = 2


class ExportMode(IntEnum):
    SOLAR_ONLY = 1
    SOLAR_AND_BATTERY = 2
    NONE = 3


class SendStatus(IntEnum):
    """How far a mode change has come to the gateway; absent when all is well, and 1 may stay after success."""

    PENDING = 1
    SENDING = 2
    FAILED = 3


class RemoteSwitch(IntEnum):
    """`openAction` of the newer circuits firmware. Source: owner."""

    OFF = 1
    ON = 2


GENERATOR_STATE: Final = Labels({0: "Standby / OFF", 1: "Running / ON", 2: "Cooldown", 3: "Fault"})
V2L_RUN_STATE: Final = Labels({0: "Disabled", 1: "Standby", 2: "Discharging / Active", 3: "Fault"})

RUN_STATUS: Final = Labels(
    {
        0: "Standby",
        1: "Charging",
        2: "Discharging",
        5: "Off-Grid Standby",
        6: "Off-Grid Charging",
        7: "Off-Grid Discharging",
        8: "Debug Mode",
        9: "VPP mode",
    }
)
BMS_STATE: Final = Labels(
    {
        0: "Off",
        1: "Initialization",
        2: "Fault",
        3: "Warning",
        4: "Shutdown",
        5: "Standby",
        6: "Charging",
        7: "Discharging",
    }
)
PCS_STATE: Final = Labels(
    {
        0: "Off",
        1: "Standby",
        2: "Initialization",
        3: "Fault",
        4: "Warning",
        5: "Running",
        6: "Charging",
        7: "Discharging",
        8: "Online / Running",
        9: "Off-grid",
    }
)
DCDC_STATE: Final = Labels({4: "Standby", 6: "Charging", 7: "Discharging"})
CIRCUIT_STATE: Final = Labels({0: "off", 1: "on"})
CIRCUIT_MODE: Final = Labels({0: "off", 1: "on", 2: "schedule"})
APBOX_IO: Final = Labels({0: "open/off", 1: "closed/on"})
AGATE_STATE: Final = Labels({0: "fault", 1: "normal"})
AGATE_ACTIVE: Final = Labels({0: "inactive", 1: "active"})
SLAVER_STAT: Final = Labels({4: "on grid", 5: "off grid"})
OFFGRID_REASON: Final = Labels({-1: "none", 0: "grid lost", 1: "requested"})
REPORT_TYPE: Final = Labels({1: "live", 2: "stored"})
WORK_MODE: Final = Labels(
    {1: "Time-Of-Use", 2: "Self-Consumption", 3: "Emergency Backup", 7: "Generator", 8: "Debug", 9: "VPP"}
)
BACKUP_FLAG: Final = Labels({1: "indefinite", 2: "timed"})
NETWORK_TYPE: Final = Labels({1: "eth0", 2: "eth1", 3: "Wi-Fi", 4: "4G"})
"""Not the port labels printed on the box."""
SIM_STATUS: Final = Labels({0: "not installed", 1: "inactive", 2: "active", 3: "error"})
FEED_FLAG: Final = Labels({1: "solar only", 2: "solar and battery", 3: "none"})
ACCESSORY_API_TYPE: Final = Labels({3: "generator", 4: "smart circuits"})
GEN_MANUSW: Final = Labels({0: "unset", 1: "auto-schedule", 2: "manual"})
GEN_MODE: Final = Labels({0: "unset", 1: "auto", 2: "manual"})
COUNTRY: Final = Labels({1: "China", 2: "United States", 3: "Australia"})
ONLINE: Final = Labels({0: "offline", 1: "online"})
TOU_SEND_STATUS: Final = Labels({1: "pending", 2: "sending", 3: "failed"})
SW_MSG_TYPE: Final = Labels({0: "none", 1: "switch", 2: "configuration"})
RELAY: Final = Labels({0: "disconnected (shown CLOSED)", 1: "connected (shown OPEN)"})
"""FranklinWH shows 1 as OPEN and means connected: the reverse of an electrician's words, so both are always told."""

OLD_INDEX: Final[Mapping[WorkMode, int]] = MappingProxyType(
    {WorkMode.TIME_OF_USE: 3, WorkMode.SELF_CONSUMPTION: 2, WorkMode.EMERGENCY_BACKUP: 1}
)
"""The older numbering that every mode write still carries."""

OFF_GRID_PROGRAMME: Final = 26
"""The programme id, with an empty name, that runtime data shows while off grid by request. Source: capture."""
VPP_CODE: Final = 9
"""As run status and as programme id: a virtual power plant is in charge."""
LEGACY_PROGRAMMES: Final[Mapping[WorkMode, int]] = MappingProxyType(
    {WorkMode.TIME_OF_USE: 9322, WorkMode.SELF_CONSUMPTION: 9323, WorkMode.EMERGENCY_BACKUP: 9324}
)
"""Programme ids of first-generation accounts. Others have their own: map by work mode, never by id."""


def relay_connected(raw: int) -> bool:
    """Whether a relay's raw value means that current can flow. Source: `main_sw` is 1 while importing (capture)."""
    return raw == 1
