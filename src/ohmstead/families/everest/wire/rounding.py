"""Numbers as servers send them: rounded to some decimal places, halves away from zero.

The reference holds 32-bit floats and rounds those, so that 16.005 becomes 16.0. With no decimal places it does not
round, and the float's own tail is seen.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from ohmstead.families.everest.wire.mode import Mode


def rounded(document: object, decimal_places: int, mode: Mode) -> object:
    """A JSON document with every float rounded; whole numbers stay as they are."""
    match document:
        case float():
            return rounded_number(document, decimal_places, mode)
        case Mapping():
            return {name: rounded(value, decimal_places, mode) for name, value in document.items()}
        case list() | tuple():
            return [rounded(value, decimal_places, mode) for value in document]
        case _:
            return document


def rounded_number(value: float, decimal_places: int, mode: Mode) -> float:
    if mode is Mode.REFERENCE:
        value = single(value)
    if not decimal_places or not math.isfinite(value):
        return value
    # A decimal of what the number shows for ours, and of what it is for the reference.
    exact = Decimal(value) if mode is Mode.REFERENCE else Decimal(repr(value))
    return (
        float(exact.quantize(Decimal(1).scaleb(-decimal_places), ROUND_HALF_UP))
        if abs(value) < LARGEST
        else value
    )


LARGEST = 1e15
"""From here on a float has no decimal places left to round."""


def single(value: float) -> float:
    """The nearest 32-bit float; infinite beyond the largest."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)
