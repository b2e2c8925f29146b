"""Serials, models and versions: how the numbers on the wire read as texts.

A serial's first four digits name a series, not a power class: two sources map the same prefix to different classes, so
a model text is the family's. Sources: published clients, owners' reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SERIAL_DIGITS: Final = 12
PREFIX_DIGITS: Final = 4
HEX_DIGITS: Final = "0123456789ABCDEF"


def serial_text(number: int) -> str:
    """A serial from its 48-bit integer: twelve hex digits, as printed on the device."""
    return f"{number & 0xFFFFFFFFFFFFFFFF:0{SERIAL_DIGITS}X}"


class SerialTexts(dict[int, str]):
    """Serials to their texts: the same few come with every poll. A flood of others, which only garbage makes, empties it."""

    def __missing__(self, number: int) -> str:
        if len(self) >= KEPT_SERIALS:
            self.clear()
        found = self[number] = serial_text(number)
        return found


KEPT_SERIALS: Final = 4096
SERIAL_TEXTS: Final = SerialTexts()


def serial_number(serial: str) -> int:
    """The integer of a serial. Raises `ValueError` when it is none; letters may be small, zeros in front may lack."""
    digits = serial.strip()
    if not 0 < len(digits) <= SERIAL_DIGITS or not set(digits.upper()) <= set(HEX_DIGITS):
        raise ValueError(f"{serial!r} is no serial of {SERIAL_DIGITS} hex digits")
    return int(digits, 16)


# Some DTUs print serials of one range in nine characters without I, O, Q and Z.
SHORT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPRSTUVWXY"
SHORT_RANGE: Final = range(0x240000000000, 0x380000000000)
SHORT_BITS: Final = (42, 37, 32, 25, 20, 15, 10, 5, 0)
"""Where each character's five bits stand; bits 30 and 31 are in none."""


def short_serial(number: int) -> str:
    """The nine-character form. Raises `ValueError` outside the range it is defined for."""
    if number not in SHORT_RANGE:
        raise ValueError(f"{serial_text(number)} has no nine-character form")
    return "".join(SHORT_ALPHABET[number >> bit & 0x1F] for bit in SHORT_BITS)


def displayed_serial(number: int) -> str:
    """What is printed on the device."""
    return short_serial(number) if number in SHORT_RANGE else serial_text(number)


# --- models ---------------------------------------------------------------------------------------------------------

# First two digits, next two digits -> number of PV ports.
PORTS: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {
        "10": {"14": 2},
        "11": {"21": 1, "22": 1, "24": 1, "25": 1, "41": 2, "42": 2, "44": 2, "61": 4, "62": 4, "64": 4},
        "12": {"22": 4},
        "14": {"00": 1, "03": 1, "10": 2, "12": 2},
        "28": {"21": 2},
    }
)
HMT_PORTS: Final = 6
"""Every serial that starts with 13."""

POWER_CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "1011": "100",
        "1020": "250",
        "1021": "300/350/400",
        "1121": "300/350/400",
        "1125": "400",
        "1400": "450",
        "1403": "400W/500W",
        "1040": "500",
        "1041": "600/700/800",
        "1042": "600/700/800",
        "1141": "600/700/800",
        "1144": "1000",
        "1060": "1000",
        "1410": "1000",
        "2821": "1000",
        "1412": "800W/1000W",
        "1061": "1200/1500",
        "1161": "1000/1200/1500",
        "1164": "1600/1800/2000",
        "1222": "2000DW",
        "1382": "2250",
    }
)

BUILT_IN: Final = "DTUBI"
"""A DTU inside an inverter, and on the power of its panels."""

DTU_PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        prefix: model
        for model, prefixes in {
            "DTU-PRO": "10F7 10F8 10FB 10FC 10FD 4100 4101 4120 4121",
            "DTU-W100/DTU-Lite-S": "10D3 10D8 10D9 4110 4111 4130 4132 4133",
            "DTU-G100": "10D2",
            "DTU-Lite": "10D6 10D7 4131",
            BUILT_IN: "1124 1125 1143 1144 1145 1164 1165 1166 1167 1222 1361 1362 1381 1382 "
            "1403 1412 1422 1423 4141 4143 4144",
            "DTU-SLS": "D030",
            "DTS-WIFI-G1": "4301",
        }.items()
        for prefix in prefixes.split()
    }
)
METER_PREFIXES: Final[Mapping[str, str]] = MappingProxyType({"10C0": "DDSU666", "37FF": "DTSU666"})


def inverter_model(serial: str) -> str:
    """Such as "HMS-800W/1000W-2T"; "unknown (9999)" when the prefix is not known."""
    prefix = serial[:PREFIX_DIGITS].upper()
    ports, power, series = port_count(serial), POWER_CLASSES.get(prefix), _series(prefix)
    return f"{series}-{power}-{ports}T" if ports and power and series else _unknown(prefix)


def port_count(serial: str) -> int | None:
    first, second = serial[:2].upper(), serial[2:PREFIX_DIGITS].upper()
    return HMT_PORTS if first == "13" else PORTS.get(first, {}).get(second)


def _series(prefix: str) -> str | None:
    first, second = prefix[:2], HEX_DIGITS.find(prefix[3:4])
    if first == "10":
        return "HM" if second & 0x3 == 0x2 else "HMS"
    if first == "11":
        return "HMS" if second == 0x4 else "HM"
    return {"12": "HMS", "13": "HMT", "14": "HMS", "28": "SOL-H"}.get(first)


def dtu_model(serial: str) -> str:
    prefix = serial[:PREFIX_DIGITS].upper()
    return DTU_PREFIXES.get(prefix) or _unknown(prefix)


def meter_model(serial: str) -> str:
    prefix = serial[:PREFIX_DIGITS].upper()
    return METER_PREFIXES.get(prefix) or _unknown(prefix)


def _unknown(prefix: str) -> str:
    return f"unknown ({prefix})"


# --- versions: scheme -> (divisor, modulus) of each part ---------------------------------------------------------------

WHOLE: Final = 1 << 63
VERSIONS: Final[Mapping[str, tuple[tuple[int, int], ...]]] = MappingProxyType(
    {
        "dtu": ((4096, WHOLE), (256, 16), (1, 256)),
        "dtu-srf": ((1048576, WHOLE), (4096, 16), (256, 16), (1, 256)),
        "dtu-hrf": ((65536, WHOLE), (4096, 16), (256, 16), (1, 256)),
        "inverter-hardware": ((2048, WHOLE), (64, 32), (1, 64)),
        "inverter-software": ((10000, WHOLE), (100, 100), (1, 100)),
    }
)


def version_text(scheme: str, number: int) -> str:
    """A version as the vendor's app writes it: 10008 in "inverter-software" is 01.00.08."""
    return ".".join(f"{number // divisor % modulus:02}" for divisor, modulus in VERSIONS[scheme])


def grid_profile_version_text(number: int) -> str:
    """0x2001 is 2.0.1."""
    return f"{number >> 12}.{number >> 4 & 0xFF}.{number & 0xF}"
