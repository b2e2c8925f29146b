"""Alarms: what the numbers mean, and how the code word packs number and state.

A number is the low 12 bits of a code; the two top bits say whether it is active, ended or was momentary, the two below
whether start and end were in the afternoon, because the clock inside an inverter counts to twelve. Numbers of 1000 and
more come without state bits, so they are compared as a whole first. Sources: owners' reports, published clients; the
labels are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec

LABELS: Final[Mapping[int, str]] = MappingProxyType(
    {
        # events, grid transients, flyback
        1: "restart",
        2: "clock corrected",
        3: "EEPROM access error while running",
        4: "offline",
        11: "grid voltage surge",
        12: "grid voltage drop",
        13: "grid frequency jump",
        14: "grid phase jump",
        15: "grid transient",
        36: "inverter stage over-voltage or over-current",
        38: "input power too low, shutting down (undocumented, seen at sunset)",
        46: "flyback over-voltage",
        47: "flyback over-current",
        48: "flyback clamp over-voltage",
        49: "flyback clamp over-voltage",
        # configuration, derating, shading
        61: "calibration parameters invalid",
        62: "system configuration invalid",
        63: "implausible energy counters",
        71: "derating VW: grid voltage high",
        72: "derating FW: grid frequency high",
        73: "derating TW: temperature high",
        78: "grid frequency high (seen on old firmware only)",
        95: "PV1 probably shaded",
        96: "PV2 probably shaded",
        97: "PV3 probably shaded",
        98: "PV4 probably shaded",
        # state of the device
        121: "over temperature",
        122: "locked by theft protection",
        123: "standby or lock set remotely",
        124: "switched off remotely",
        125: "grid profile parameter error",
        126: "EEPROM error",
        127: "firmware error",
        128: "hardware configuration error",
        129: "bias abnormal",
        130: "offline (no radio/internal link)",
        # grid
        141: "grid over-voltage",
        142: "grid over-voltage, 10 minute mean",
        143: "grid under-voltage",
        144: "grid over-frequency",
        145: "grid under-frequency",
        146: "frequency changes too fast (RoCoF)",
        147: "no grid voltage",
        148: "grid disconnected",
        149: "island detected",
        150: "DC injection too high",
        151: "grid waveform heavily distorted",
        # installation
        181: "insulation impedance abnormal",
        182: "grounding abnormal",
        183: "relay abnormal",
        184: "parallel input wiring wrong",
        # inputs
        205: "MPPT A input over-voltage",
        206: "MPPT B input over-voltage",
        207: "MPPT A input under-voltage",
        208: "MPPT B input under-voltage",
        209: "PV1 no input",
        210: "PV2 no input",
        211: "PV3 no input",
        212: "PV4 no input",
        213: "PV1/PV2 wiring wrong",
        214: "PV3/PV4 wiring wrong",
        215: "PV1 over-voltage",
        216: "PV1 under-voltage",
        217: "PV2 over-voltage",
        218: "PV2 under-voltage",
        219: "PV3 over-voltage",
        220: "PV3 under-voltage",
        221: "PV4 over-voltage",
        222: "PV4 under-voltage",
        223: "unknown, reported by users",
        229: "over-voltage behind the relay",
        231: "PV1 arc",
        232: "PV2 arc",
        233: "PV3 arc",
        234: "PV4 arc",
        # hardware
        301: "hardware 301: flyback A short circuit",
        302: "hardware 302: flyback B short circuit",
        303: "hardware 303: flyback A over-current protection failed",
        304: "hardware 304: flyback B over-current protection failed",
        305: "hardware 305: flyback A clamp circuit",
        306: "hardware 306: flyback B clamp circuit",
        307: "hardware 307: inverter power stage",
        308: "hardware 308: inverter over-current/over-voltage protection failed",
        309: "hardware 309",
        310: "hardware 310",
        311: "hardware 311",
        312: "hardware 312",
        313: "hardware 313",
        314: "hardware 314",
        316: "boost A short circuit",
        317: "boost B short circuit",
        318: "boost A over-current protection failed",
        319: "boost B over-current protection failed",
        320: "boost C short circuit",
        321: "boost D short circuit",
        322: "boost C over-current protection failed",
        323: "boost D over-current protection failed",
        324: "arc lock-out",
        # link inside the device
        420: "master/slave link abnormal",
        421: "master/slave link abnormal",
        422: "master/slave link abnormal",
        423: "master/slave link abnormal",
        424: "master/slave link abnormal",
        # short codes
        1111: "repeater",
        2000: "standby",
        2001: "standby",
        2002: "standby",
        2003: "standby",
        2004: "standby",
        3001: "restart",
        3002: "restart",
        3003: "restart",
        3004: "restart",
        # newer micro-inverters
        5011: "PV1 switch over-current",
        5012: "PV2 switch over-current",
        5013: "PV3 switch over-current",
        5014: "PV4 switch over-current",
        5020: "bridge switch over-current or over-voltage",
        5041: "PV1 input over-current",
        5042: "PV2 input over-current",
        5043: "PV3 input over-current",
        5044: "PV4 input over-current",
        5051: "PV1 voltage out of range",
        5052: "PV2 voltage out of range",
        5053: "PV3 voltage out of range",
        5054: "PV4 voltage out of range",
        5060: "bias abnormal",
        5070: "over temperature",
        5080: "grid voltage out of range",
        5090: "grid frequency out of range",
        5100: "island detected",
        5110: "ground fault (GFDI)",
        5120: "EEPROM error (error code 12)",
        5141: "flyback 1 clamp over-voltage",
        5142: "flyback 2 clamp over-voltage",
        5143: "flyback 3 clamp over-voltage",
        5144: "flyback 4 clamp over-voltage",
        5150: "grid over-voltage, 10 minute mean",
        5160: "grid transient",
        5200: "firmware error",
        5511: "PV1 switch over-current, high side (error code 01)",
        5512: "PV2 switch over-current, high side (error code 01)",
        5513: "PV3 switch over-current, high side (error code 01)",
        5514: "PV4 switch over-current, high side (error code 01)",
        5520: "bridge over-current or over-voltage (error code 02)",
        # remote
        8310: "switched off remotely",
        8320: "standby set remotely",
        9000: "locked by theft protection",
        # newer devices
        10120: "SPI link abnormal",
        10121: "over temperature",
        10122: "locked by theft protection",
        10123: "standby set remotely",
        10125: "grid profile parameter error",
        10127: "firmware error",
        10130: "offline",
        10131: "leakage current abnormal",
        10141: "grid over-voltage",
        10142: "grid over-voltage, 10 minute mean",
        10143: "grid under-voltage",
        10144: "grid over-frequency",
        10145: "grid under-frequency",
        10146: "frequency changes too fast (RoCoF)",
        10147: "no grid voltage",
        10148: "grid disconnected",
        10149: "island detected",
        10152: "grid phase abnormal",
        10153: "grid neutral wiring wrong",
        10183: "relay abnormal",
        10200: "PV1 reversed",
        10201: "PV2 reversed",
        10202: "PV3 reversed",
        10203: "PV4 reversed",
        10204: "PV wrongly connected",
        10205: "MPPT A input over-voltage",
        10206: "MPPT B input over-voltage",
        10207: "MPPT A input under-voltage",
        10208: "MPPT B input under-voltage",
        10209: "PV1 no input",
        10210: "PV2 no input",
        10211: "PV3 no input",
        10212: "PV4 no input",
        10213: "PV1/PV2 wiring wrong",
        10214: "PV3/PV4 wiring wrong",
        10215: "MPPT C input over-voltage",
        10216: "MPPT C input under-voltage",
        10217: "PV5 no input",
        10218: "PV6 no input",
        10219: "PV5/PV6 wiring wrong",
        10220: "MPPT D input over-voltage",
        10221: "MPPT D input under-voltage",
        10225: "boost A over-voltage protection failed",
        10226: "boost B over-voltage protection failed",
        10227: "boost C over-voltage protection failed",
        10228: "boost D over-voltage protection failed",
        10229: "bus over-voltage protection failed",
        10230: "bus under-voltage protection failed",
        10231: "PV1 arc",
        10232: "PV2 arc",
        10233: "PV3 arc",
        10234: "PV4 arc",
        10235: "arc self-test circuit abnormal",
        10236: "inverter driver circuit abnormal",
        # hardware of newer devices
        10301: "hardware 301",
        10302: "hardware 302",
        10303: "hardware 303",
        10304: "hardware 304",
        10305: "hardware 305",
        10306: "hardware 306",
        10307: "hardware 307",
        10308: "hardware 308",
        10309: "hardware 309",
        10310: "hardware 310",
        10311: "hardware 311",
        10315: "boost A short circuit",
        10316: "boost B short circuit",
        10317: "boost C short circuit",
        10318: "boost D short circuit",
        10319: "boost A over-current protection failed",
        10320: "boost B over-current protection failed",
        10321: "boost C over-current protection failed",
        10322: "boost D over-current protection failed",
        10323: "inverter A over-current protection failed",
        10324: "inverter B over-current protection failed",
        10325: "inverter C over-current protection failed",
        10326: "arc lock-out",
    }
)

PLAIN_FROM: Final = 1000
"""Numbers from here on have no state bits."""
NUMBER_BITS: Final = 0x0FFF
END_AFTERNOON: Final = 0x1000
START_AFTERNOON: Final = 0x2000
CLOCK_CORRECTED: Final = 2
SWITCHED_OFF: Final = 124


class AlarmState(StrEnum):
    ACTIVE = "active"
    ENDED = "ended"
    EVENT = "event"
    """Momentary: it has no end."""
    UNKNOWN = "unknown"


STATES: Final = (AlarmState.ACTIVE, AlarmState.ENDED, AlarmState.EVENT, AlarmState.UNKNOWN)
"""By bits 14 and 15."""


class AlarmCode(msgspec.Struct, frozen=True):
    number: int
    state: AlarmState
    started_afternoon: bool = False
    ended_afternoon: bool = False


def alarm_code(code: int) -> AlarmCode:
    """What a code word says.

    One number collides: 8320 is "standby set remotely", and 128 active since an afternoon. The whole number wins here;
    a unit whose other codes have state bits means 128.
    """
    if code >= PLAIN_FROM and code in LABELS:
        return AlarmCode(code, AlarmState.ACTIVE)
    return AlarmCode(
        code & NUMBER_BITS,
        STATES[code >> 14 & 3],
        started_afternoon=bool(code & START_AFTERNOON),
        ended_afternoon=bool(code & END_AFTERNOON),
    )


def alarm_label(number: int) -> str:
    """What it means; "alarm 777" when nobody has said."""
    return LABELS.get(number, f"alarm {number}")


def correction_s(data1: int, data2: int) -> int:
    """By how much a clock was corrected: two words of a signed 32-bit number."""
    number = (data1 & 0xFFFF) << 16 | data2 & 0xFFFF
    return number - (1 << 32) if number >= 1 << 31 else number
