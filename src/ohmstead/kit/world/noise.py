"""Randomness that is a pure function of seed, stream and number, so that jumps and restarts agree.

`random.Random` would have to be drawn in order; these values can be asked for in any order.
"""

from __future__ import annotations

import math
from typing import Final

_WORD: Final = (1 << 64) - 1


def mixed(seed: int, stream: int, number: int) -> int:
    """64 well-mixed bits: the finaliser of the SplitMix64 generator over the three numbers."""
    word = (seed * 0x9E3779B97F4A7C15 + stream * 0xD1B54A32D192ED03 + number * 0xA0761D6478BD642F) & _WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _WORD
    return word ^ (word >> 31)


def uniform(seed: int, stream: int, number: int) -> float:
    """Evenly spread in [0, 1)."""
    return (mixed(seed, stream, number) >> 11) * 2.0**-53


def normal(seed: int, stream: int, number: int) -> float:
    """Mean 0, deviation 1 (Box-Muller)."""
    word = mixed(seed, stream, number)
    radius = math.sqrt(-2.0 * math.log(((word >> 32) + 1) * 2.0**-32))
    return radius * math.cos(math.tau * (word & 0xFFFFFFFF) * 2.0**-32)


def smooth(seed: int, stream: int, position: float) -> float:
    """Normal values at the whole numbers, joined without a corner; the deviation stays 1 between them.

    Neighbouring whole numbers are independent, so values more than two apart know nothing of each other.
    """
    knot = math.floor(position)
    weight = position - knot
    weight = weight * weight * (3.0 - 2.0 * weight)
    blend = (1.0 - weight) * normal(seed, stream, knot) + weight * normal(seed, stream, knot + 1)
    return blend / math.sqrt((1.0 - weight) ** 2 + weight**2)
