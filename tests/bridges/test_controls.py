from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.bridges.mqtt.controls import CONTROLS, Shape, shape, shown, value_of
from ohmstead.model import Envelope, Interval, Unsafe

CURRENT = Envelope(unit="A", allowed=(Interval(0, 0), Interval(6, 16)))
ON_AND_OFF = Envelope(unit="on", allowed=(Interval(0, 0), Interval(1, 1)))
ONLY_ON = Envelope(unit="restart", allowed=(Interval(1, 1),))
PHASES = Envelope(unit="phases", allowed=(Interval(1, 1), Interval(3, 3)))


@given(ability=st.sampled_from(sorted(CONTROLS)), text=st.binary(max_size=200))
def test_any_bytes_mean_a_finite_number_or_nothing(ability: str, text: bytes) -> None:
    try:
        value = value_of(ability, text)
    except Unsafe:
        return
    assert math.isfinite(value)


@pytest.mark.parametrize(
    ("ability", "text", "value"),
    [
        ("limits_current", b" 12.5\n", 12.5),
        ("selects_phases", b"3 phases", 3.0),
        ("selects_phases", b"1", 1.0),
        ("selects_mode", b"Self-consumption", 2.0),
        ("restarts", b"PRESS", 1.0),
        ("switches", b"0", 0.0),
    ],
)
def test_a_command_is_a_number_or_the_name_of_one(ability: str, text: bytes, value: float) -> None:
    assert value_of(ability, text) == value


def test_what_means_nothing_is_answered_with_what_would() -> None:
    with pytest.raises(Unsafe, match="expected a number or one of: 1 phase, 3 phases, got 'two'"):
        value_of("selects_phases", b"two")


@pytest.mark.parametrize(
    ("ability", "envelope", "expected"),
    [
        ("limits_current", CURRENT, Shape.NUMBER),
        ("switches", ON_AND_OFF, Shape.SWITCH),
        ("restarts", ONLY_ON, Shape.BUTTON),
        ("switches", Envelope(unit="on", allowed=()), None),
        ("selects_phases", PHASES, Shape.SELECT),
        ("selects_phases", Envelope(unit="phases", allowed=()), None),
        ("limits_current", Envelope(unit="A", allowed=(Interval(6, 6),)), None),
    ],
)
def test_an_ability_is_offered_as_what_can_be_chosen(
    ability: str, envelope: Envelope, expected: Shape | None
) -> None:
    assert shape(ability, envelope) is expected


@pytest.mark.parametrize(
    ("ability", "envelope", "value", "expected"),
    [
        ("limits_current", CURRENT, 10.0, 10.0),
        ("limits_current", CURRENT, 32.0, None),
        ("limits_current", CURRENT, None, None),
        ("switches", ON_AND_OFF, 1.0, 1),
        ("switches", ON_AND_OFF, 0.5, None),
        ("selects_phases", PHASES, 3.0, "3 phases"),
        ("selects_phases", PHASES, 2.0, None),
    ],
)
def test_a_control_shows_only_what_it_can(
    ability: str, envelope: Envelope, value: float | None, expected: float | str | None
) -> None:
    assert shown(ability, envelope, value) == expected
