"""What a command can ask of a DTU, and the parameter texts that are known.

Where a comment says "unknown" nobody has published the parameter text: such an action is never sent unless its caller
brings the text.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Final


class Action(IntEnum):
    NONE = 0  # placeholder
    DTU_REBOOT = 1  # a client sends it as 2305; no answer is guaranteed
    DTU_UPGRADE = 2  # text <url> CR; a client sends it as 2305; DTU downloads by HTTP
    INVERTER_REBOOT = 3  # targets in inverter_serials; empty = all
    COLLECT_VERSIONS = 4  # DTU then uploads its inventory again
    THEFT_SETTINGS = 5  # unknown
    INVERTER_ON = 6  # device_kind 1; targets or empty
    INVERTER_OFF = 7  # device_kind 1; targets or empty; shows up as alarm 124
    # PERSISTENT, written to flash. 20..1000; below 20 it is not honoured.
    POWER_LIMIT = 8  # text A:<percent x10>,B:0,C:0 CR
    REFLUX_CONTROL = 9  # unknown; zero export
    CLEAR_GROUND_FAULT = 10
    METER_CT = 11  # unknown
    LOCK = 12  # an adapter sends it as 2305
    UNLOCK = 13  # an adapter sends it as 2305
    SET_GRID_FILE = 14  # see dev_config_put; grid-code relevant
    INVERTER_UPGRADE = 15  # unknown
    # REPLACES the complete inverter list; the DTU restarts. device_kind 1.
    PROVISION = 16  # no text, but fields 10..15
    REFLUX_NETWORKING = 17  # unknown
    ABORT = 18  # stop the running command
    SET_WIFI_PASSWORD = 19  # unknown
    SET_SERVER = 20  # unknown
    SET_APN = 21  # unknown
    THEFT_SWITCH = 22  # unknown
    SIGNAL_ALL = 23
    SIGNAL_ONE = 24  # target in inverter_serials
    APP_DTU_UPGRADE = 25  # unknown
    APP_INVERTER_UPGRADE = 32  # unknown
    POLL_ALL = 33  # needed before live data; switches the performance mode on
    POLL_ONE = 34  # target in inverter_serials
    APP_DTU_CHECK = 35  # unknown
    RS485_CONFIG = 36  # unknown
    THREE_PHASE_BALANCE = 37  # unknown
    SELF_TEST = 38  # unknown; grid protection self test
    SUNSPEC_CONFIG = 39  # unknown
    ENERGY_CORRECTION = 40  # unknown
    GRID_FILE_READ = 41  # device_kind 1, target; then dev_config_fetch rule 1
    CLEAR_ALARMS = 42
    DRM_SETTING = 43  # unknown
    READ_ALARM_HISTORY = 46
    POWER_FACTOR_LIMIT = 47  # text A:<cos phi x1000>,B:0,C:0 CR; -1000..-800 and 800..1000
    REACTIVE_LIMIT = 48  # text A:<degrees x10>,B:0,C:0 CR; -500..500
    METER_REVERSE = 49  # unknown
    ALARMS_ALL = 50  # prepare the list, then fetch with 0xA304
    ALARMS_ONE = 51  # target in inverter_serials
    MEMORY_SNAPSHOT = 53  # unknown
    DATA_WAVE = 54  # unknown; answers by wave uploads
    BLE_STATUS = 64  # Bluetooth models only
    BLE_PIN = 82  # text <pin>; Bluetooth models only
    # RAM only. HMS-W with DTU firmware V01.01.01 or newer; 1..32767.
    POWER_LIMIT_TEMPORARY = 211  # text S:1,P:<watts x10> CR
    GATEWAY_REBOOT = 4096  # storage gateway
    GATEWAY_RESET = 4097
    GATEWAY_STOP = 4098
    GATEWAY_COLLECT_DATA = 4099
    GATEWAY_COLLECT_VERSIONS = 4100
    GATEWAY_NETWORKING = 4101  # unknown
    GATEWAY_UPGRADE = 4102  # unknown
    STORAGE_UPGRADE = 4112  # unknown
    STORAGE_ON = 8193
    STORAGE_OFF = 8194
    STORAGE_REBOOT = 8195  # one client also sends it to micro inverters (works on HMS-W, not on DTU-Pro-S)
    STORAGE_RESET = 8196
    STORAGE_CLEAR_ALARMS = 8197
    STORAGE_CLEAR_HISTORY = 8198
    STORAGE_UPLOAD = 8199
    STORAGE_FIND = 8200
    BMS_BALANCE = 8208  # unknown
    BMS_REBOOT = 8224
    BMS_URGENT_CHARGE = 8225  # unknown


def limit_text(limit_pct: float) -> str:
    """The parameter of POWER_LIMIT: tenths of a percent on phase A; B and C are always 0."""
    return f"A:{round(limit_pct * 10)},B:0,C:0\r"


def temporary_limit_text(limit_w: float) -> str:
    """The parameter of POWER_LIMIT_TEMPORARY: tenths of a watt, halves rounded up."""
    return f"S:1,P:{math.floor(limit_w * 10 + 0.5)}\r"


def power_factor_text(power_factor: float) -> str:
    """The parameter of POWER_FACTOR_LIMIT: thousandths of cos phi; the sign is leading or lagging by the unit's custom."""
    return f"A:{round(power_factor * 1000)},B:0,C:0\r"


def reactive_text(angle_deg: float) -> str:
    """The parameter of REACTIVE_LIMIT: tenths of a degree."""
    return f"A:{round(angle_deg * 10)},B:0,C:0\r"


def limit_of_text(text: str) -> float | None:
    """The percent a POWER_LIMIT parameter asks for; `None` when it is no such text."""
    phase, separator, value = text.rstrip("\r\n\x00 ").partition(",")[0].partition(":")
    if phase != "A" or not separator or not (value.isascii() and value.isdigit()) or len(value) > 6:
        return None
    return int(value) / 10


WITH_UNKNOWN_TEXT: Final = frozenset(
    {
        Action.THEFT_SETTINGS,
        Action.REFLUX_CONTROL,
        Action.METER_CT,
        Action.INVERTER_UPGRADE,
        Action.REFLUX_NETWORKING,
        Action.SET_WIFI_PASSWORD,
        Action.SET_SERVER,
        Action.SET_APN,
        Action.THEFT_SWITCH,
        Action.APP_DTU_UPGRADE,
        Action.APP_INVERTER_UPGRADE,
        Action.APP_DTU_CHECK,
        Action.RS485_CONFIG,
        Action.THREE_PHASE_BALANCE,
        Action.SELF_TEST,
        Action.SUNSPEC_CONFIG,
        Action.ENERGY_CORRECTION,
        Action.DRM_SETTING,
        Action.METER_REVERSE,
        Action.MEMORY_SNAPSHOT,
        Action.DATA_WAVE,
        Action.GATEWAY_NETWORKING,
        Action.GATEWAY_UPGRADE,
        Action.STORAGE_UPGRADE,
        Action.BMS_BALANCE,
        Action.BMS_URGENT_CHARGE,
    }
)
"""Never sent unless the caller brings the text."""

UNSAFE: Final = frozenset(
    {
        Action.DTU_UPGRADE,
        Action.SET_GRID_FILE,
        Action.INVERTER_UPGRADE,
        Action.PROVISION,
        Action.SET_WIFI_PASSWORD,
        Action.SET_SERVER,
        Action.SET_APN,
        Action.APP_DTU_UPGRADE,
        Action.APP_INVERTER_UPGRADE,
        Action.SELF_TEST,
        Action.GATEWAY_RESET,
        Action.GATEWAY_UPGRADE,
        Action.STORAGE_UPGRADE,
        Action.STORAGE_RESET,
    }
)
"""These can cut a device off, make it break the grid code or replace its software: only with an explicit word."""

FLASH: Final = frozenset({Action.POWER_LIMIT, Action.POWER_FACTOR_LIMIT, Action.REACTIVE_LIMIT})
"""Written for good, so they wear. Certain of the first; the others are set the same way."""

VIA_CLOUD_ID: Final = frozenset(
    {
        Action.DTU_REBOOT,
        Action.DTU_UPGRADE,
        Action.INVERTER_REBOOT,
        Action.INVERTER_ON,
        Action.INVERTER_OFF,
        Action.LOCK,
        Action.UNLOCK,
        Action.PROVISION,
    }
)
"""Published clients send these as 2305, also on the local link; DTUs take both."""
