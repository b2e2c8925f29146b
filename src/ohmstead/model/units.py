"""The unit a number's name ends in, as it is written for people."""

from __future__ import annotations

from typing import Final

_UNITS: Final = {
    "w": "W",
    "wh": "Wh",
    "va": "VA",
    "var": "var",
    "v": "V",
    "a": "A",
    "hz": "Hz",
    "c": "°C",
    "pct": "%",
    "s": "s",
}


def unit_of(field: str) -> str:
    """Empty where the name says none."""
    return _UNITS.get(field.rpartition("_")[2], "") if "_" in field else ""
