"""The law by which a unit follows its meter, and its inverse.

Only currents matter, of the most loaded phase, and the meter's include the car's. So the unit allows what is left below
the conductor's limit, plus what it takes itself; below 6 A it stops, and starts again later. A meter that shows
`limit - wanted + own` therefore makes it take `wanted`. Shown figures that do not follow the car's own current make the
unit hunt, and so do jumps: what is shown changes by 1 A a second at most.
"""

from __future__ import annotations

from typing import Final

LEAST_A: Final = 6.0
MARGIN_A: Final = 0.02
"""What is shown lacks so much, lest rounding to 32 bits takes the least current for less than that."""
RAMP_A_PER_S: Final = 1.0


def allowed_a(limit_a: float, metered_a: float, own_a: float, setting_a: float) -> float:
    """What a unit takes at most; 0: it stops."""
    left_a = min(limit_a - metered_a + own_a, setting_a)
    return left_a if left_a >= LEAST_A else 0.0


def shown_a(limit_a: float, wanted_a: float, own_a: float) -> float:
    """What a meter shows so that a unit takes `wanted_a`."""
    return max(limit_a - wanted_a + own_a - MARGIN_A, 0.0)


def ramped_a(before_a: float, wanted_a: float, elapsed_s: float) -> float:
    """A step of the wanted current towards a new one. Down to a stop it goes at once: below 6 A there is no way."""
    if wanted_a < LEAST_A:
        return wanted_a
    start_a = max(before_a, LEAST_A)
    reach_a = RAMP_A_PER_S * elapsed_s
    return min(max(wanted_a, start_a - reach_a), start_a + reach_a)
