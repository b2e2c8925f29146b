"""What an actuator accepts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.model import Envelope, Interval, Unsafe

CHARGER = Envelope(unit="A", allowed=(Interval(0, 0), Interval(6, 16)))
BATTERY = Envelope(unit="W", allowed=(Interval(-2550, 3680),), step=500)
INVERTER = Envelope(unit="%", allowed=(Interval(2, 100),), step=0.1)


@pytest.mark.parametrize(
    ("envelope", "value", "accepted"),
    [
        (CHARGER, 0, 0.0),
        (CHARGER, 6, 6.0),
        (CHARGER, 15.6, 16.0),
        (CHARGER, 16.0, 16.0),
        (BATTERY, 3300, 3500.0),
        (BATTERY, 3680, 3500.0),
        (BATTERY, 3300.5, 3500.0),
        (BATTERY, -2550, -2500.0),
        (INVERTER, 2, 2.0),
        (INVERTER, 33.33, 33.3),
        (INVERTER, 99.96, 100.0),
    ],
)
def test_what_is_inside_is_rounded_to_the_step(envelope: Envelope, value: float, accepted: float) -> None:
    assert envelope.check(value) == accepted


@pytest.mark.parametrize("value", [-1, 0.5, 5.9, 16.01, 1e40, -1e40])
def test_what_is_outside_is_unsafe_and_the_error_says_what_is_allowed(value: float) -> None:
    with pytest.raises(Unsafe, match=r"is outside 0 or 6 to 16 A in steps of 1$"):
        CHARGER.check(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, "6", None, [6]])
def test_what_is_no_finite_number_is_unsafe(value: object) -> None:
    with pytest.raises(Unsafe, match=r"is no finite number; allowed is 0 or 6 to 16 A"):
        CHARGER.check(value)


intervals = st.tuples(st.integers(-10_000, 10_000), st.integers(0, 10_000)).map(
    lambda p: Interval(p[0], p[0] + p[1])
)


@given(
    st.lists(intervals, min_size=1, max_size=3),
    st.sampled_from([0.1, 0.5, 1.0, 5.0, 7.0, 1000.0]),
    st.floats(0, 1),
)
def test_rounding_never_leaves_what_is_allowed(allowed: list[Interval], step: float, share: float) -> None:
    envelope = Envelope(unit="W", allowed=tuple(allowed), step=step)

    accepted = envelope.check(allowed[0].low + share * (allowed[0].high - allowed[0].low))

    assert any(interval.low <= accepted <= interval.high for interval in allowed)


def test_a_step_that_is_wider_than_what_is_allowed_ends_at_its_ends() -> None:
    narrow = Envelope(unit="W", allowed=(Interval(1150, 1400),), step=1000)

    assert (narrow.check(1150), narrow.check(1400)) == (1150, 1150)
    assert Envelope(unit="W", allowed=(Interval(1600, 1900),), step=1000).check(1600) == 1900
