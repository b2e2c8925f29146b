from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.kit.console import age, blank, duration, quantity
from ohmstead.kit.console.formats import Value

NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (812, "W", "812 W"),
        (4210.0, "W", "4.21 kW"),
        (-1500.0, "W", "-1.5 kW"),
        (400.0, "Wh", "0.4 kWh"),
        (50.02, "Hz", "50.02 Hz"),
        (0.1 + 0.2, "A", "0.3 A"),
        (-0.0001, "A", "0 A"),
        (12_000_000, "Wh", "12,000 kWh"),
        (12_845_087, "", "12845087"),
        ("V01.00.05", "", "V01.00.05"),
        (True, "", "yes"),
        (False, "", "no"),
        (None, "W", "–"),
    ],
)
def test_a_quantity_reads_as_a_person_would_write_it(value: Value, unit: str, text: str) -> None:
    assert quantity(value, unit) == text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (61, "1 min 1 s"),
        (7_500, "2 h 5 min"),
        (timedelta(days=3, seconds=5), "3 d 5 s"),
    ],
)
def test_a_duration_shows_its_two_largest_parts(span: timedelta | float, text: str) -> None:
    assert duration(span) == text


def test_an_age_is_never_negative() -> None:
    assert age(NOON + timedelta(seconds=5), NOON) == "0 s ago"
    assert age(NOON - timedelta(seconds=90), NOON) == "1 min 30 s ago"
    assert age(None, NOON) == "never"


def test_a_blanked_secret_does_not_show_its_length() -> None:
    assert blank("pa") == blank("a much longer password") == "•••"
    assert blank(None) == blank("") == ""
