"""How far a counter can have come since it was last believed, by what is known of it: its steps and its device's power."""

from __future__ import annotations

from typing import Final

import msgspec

FASTEST_W: Final = 45_000.0
"""Where no power is known: three phases of 63 A, the largest connection a home has."""
LEAST_PEAK_W: Final = 3_000.0
"""What may start and end between two polls, unseen by both."""
MARGIN: Final = 1.25
"""Between two polls there are higher powers than polls see, and a counter and a power are two measurements."""
FADES_IN_S: Final = 120.0
"""What a moving counter is behind its power halves in this time: two measurements never agree for ever."""
IDLE: Final = 0.02
"""Share of its peak below which a device does nothing."""
LAG_S: Final = 600.0
"""For so long a device that says it does nothing may show an old reading."""
STEPS_WH: Final = (1_000.0, 100.0, 10.0, 1.0)
"""In which counters count. Any finer one is taken in whole Wh here."""
NEAR_A_STEP: Final = 1e-3


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """What is learnt of one counter while it behaves."""

    step_wh: float = STEPS_WH[0]
    """The largest step all its values fit into."""
    peak_w: float | None = None
    """The most its device was seen to draw or feed; None while no power is known."""
    last_w: float = 0.0
    owed_wh: float = 0.0
    """What flowed, by the power, and was not counted yet."""
    unseen_s: float = 0.0
    """For how long something may have flowed since the counter last moved."""


def seen(pace: Pace, raw_wh: float, power_w: float | None, *, elapsed_s: float, rise_wh: float) -> Pace:
    """After one more good value, `elapsed_s` and `rise_wh` after the one before."""
    owed_wh = max(_owed_wh(pace, elapsed_s, power_w) - rise_wh, 0.0)
    return Pace(
        step_wh=_step(raw_wh, pace.step_wh),
        peak_w=peak(pace.peak_w, power_w),
        last_w=abs(power_w or 0.0),
        owed_wh=owed_wh * 0.5 ** (elapsed_s / FADES_IN_S) if rise_wh or not power_w else owed_wh,
        unseen_s=0.0 if rise_wh else _unseen_s(pace, elapsed_s, power_w),
    )


def peak(known_w: float | None, power_w: float | None) -> float | None:
    if power_w is None:
        return known_w
    return max(abs(power_w), known_w or 0.0)


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How much a counter can have risen."""

    likely_wh: float
    """By the powers that were seen."""
    possible_wh: float
    """By the most its device ever had."""


def reach(pace: Pace, elapsed_s: float, power_w: float | None) -> Reach:
    """Of a counter that was last believed so long ago."""
    peak_w = peak(pace.peak_w, power_w)
    fastest_w = FASTEST_W if peak_w is None else MARGIN * max(peak_w, LEAST_PEAK_W)
    lasted_s = max(_unseen_s(pace, elapsed_s, power_w), elapsed_s)
    possible_wh = pace.step_wh + lasted_s / 3600 * fastest_w
    likely_wh = pace.step_wh + MARGIN * _owed_wh(pace, elapsed_s, power_w)
    return Reach(
        likely_wh=possible_wh if power_w is None else likely_wh, possible_wh=max(possible_wh, likely_wh)
    )


def _owed_wh(pace: Pace, elapsed_s: float, power_w: float | None) -> float:
    return pace.owed_wh + elapsed_s / 3600 * max(abs(power_w or 0.0), pace.last_w)


def _unseen_s(pace: Pace, elapsed_s: float, power_w: float | None) -> float:
    is_idle = power_w is not None and max(abs(power_w), pace.last_w) <= IDLE * (pace.peak_w or 0.0)
    unseen_s = pace.unseen_s + elapsed_s
    return min(unseen_s, LAG_S) if is_idle else unseen_s


def _step(raw_wh: float, longest_wh: float) -> float:
    fitting = (
        step_wh
        for step_wh in STEPS_WH
        if step_wh <= longest_wh and abs(raw_wh / step_wh - round(raw_wh / step_wh)) < NEAR_A_STEP
    )
    return next(fitting, STEPS_WH[-1])
