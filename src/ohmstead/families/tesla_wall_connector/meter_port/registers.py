"""What the meter at the port has in its registers. Sources: published emulators, and their captures of the line.

Texts are two characters a register, floats are of 32 bits with the high word first. Every other register reads 0.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.meter_port.frames import Reply, Request

PROBE: Final = Request(40002, 6)
"""Is a meter there?"""
IDENTITY: Final = Request(1, 55)
POWERS: Final = Request(0x88, 10)
"""W of CT 1 to 4, then their total."""
CURRENTS: Final = Request(0xF4, 8)
"""A of CT 1 to 4; some firmware asks for ten registers and gets the total as well."""
POLLED: Final = (PROBE, IDENTITY, POWERS, CURRENTS)
"""In this order after power-up; then the last two about once a second."""

VOLTAGES_AT: Final = 0x94
FREQUENCY_AT: Final = 0x9A
TOTAL_CURRENT_AT: Final = 0xFC
UNSET: Final = b"\xff\xff"

_PROBED: Final = struct.pack(">HH", 0x0001, 0x0042) + b"Generac\0"
_IDENTITY: Final = b"".join(
    (
        b"0x000004714B056861\0\0",
        b"1.6.1-Tesla\0",
        UNSET * 4,
        b"012.00020A.H\0\0",
        UNSET,
        b"90954\0",
        b"VAH4810AB0231\0",
        UNSET * 8,
        b"04:71:4B:05:68:61\0",
    )
)
"""Serial, version, part, lot, type and MAC of the meter; invented, as units ask only for their shape."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Per current transformer, the fourth unused. Drawing from the grid is positive."""

    power_w: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    current_a: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    voltage_v: float = 230.0
    frequency_hz: float = 50.0


def registers(figures: Figures) -> Mapping[int, int]:
    """The image of a meter with these figures."""
    return {
        **_words(PROBE.register, _PROBED),
        **_words(IDENTITY.register, _IDENTITY),
        **_words(POWERS.register, _floats(*figures.power_w, sum(figures.power_w))),
        **_words(VOLTAGES_AT, _floats(*(figures.voltage_v,) * 3)),
        **_words(FREQUENCY_AT, _floats(figures.frequency_hz)),
        **_words(CURRENTS.register, _floats(*figures.current_a)),
        **_words(TOTAL_CURRENT_AT, _floats(sum(figures.current_a))),
    }


def answer(request: Request, image: Mapping[int, int]) -> Reply:
    span = range(request.register, request.register + request.count)
    return Reply(tuple(image.get(register, 0) for register in span))


def floats(words: Sequence[int]) -> tuple[float, ...]:
    """Two registers each."""
    return struct.unpack(f">{len(words) // 2}f", struct.pack(f">{len(words)}H", *words))


def _floats(*values: float) -> bytes:
    return struct.pack(f">{len(values)}f", *values)


def _words(start: int, data: bytes) -> Mapping[int, int]:
    words = struct.unpack(f">{len(data) // 2}H", data)
    return dict(enumerate(words, start))
