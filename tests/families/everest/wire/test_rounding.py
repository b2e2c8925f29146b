"""How servers round."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.everest.wire import Mode
from ohmstead.families.everest.wire.rounding import rounded, rounded_number


def test_the_recorded_numbers_are_rounded_alike(vectors: dict[str, Any]) -> None:
    recorded = vectors["rounding"]["values"]

    assert [rounded_number(one["input"], one["decimal_places"], Mode.REFERENCE) for one in recorded] == [
        one["output"] for one in recorded
    ]


@pytest.mark.parametrize(
    ("value", "places", "reference", "improved"),
    [
        (7.42, 0, 7.420000076293945, 7.42),
        (16.005, 2, 16.0, 16.01),
        (15.995, 2, 15.99, 16.0),
        (-0.125, 2, -0.13, -0.13),
        (32.0, 2, 32.0, 32.0),
        (1e300, 2, math.inf, 1e300),
    ],
)
def test_the_reference_rounds_a_short_float_and_ours_what_is_shown(
    value: float, places: int, reference: float, improved: float
) -> None:
    assert rounded_number(value, places, Mode.REFERENCE) == reference
    assert rounded_number(value, places, Mode.IMPROVED) == improved


def test_only_floats_are_rounded() -> None:
    document = {"a": [1, 1.005, "1.005"], "b": {"c": None, "d": True}}

    assert rounded(document, 2, Mode.IMPROVED) == {"a": [1, 1.01, "1.005"], "b": {"c": None, "d": True}}


@given(st.floats(allow_nan=False), st.integers(0, 6), st.sampled_from(Mode))
def test_any_number_can_be_rounded(value: float, places: int, mode: Mode) -> None:
    assert isinstance(rounded_number(value, places, mode), float)
