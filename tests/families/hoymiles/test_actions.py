from __future__ import annotations

import pytest

from ohmstead.families.hoymiles.actions import limit_of_text, limit_text


def test_a_limit_is_written_in_tenths_of_a_percent() -> None:
    assert limit_text(80) == "A:800,B:0,C:0\r"
    assert limit_text(33.3) == "A:333,B:0,C:0\r"


@pytest.mark.parametrize(
    ("text", "limit_pct"), [("A:800,B:0,C:0\r", 80.0), ("A:333", 33.3), ("A:0,B:0\r\n", 0.0)]
)
def test_a_limit_reads_back(text: str, limit_pct: float) -> None:
    assert limit_of_text(text) == limit_pct


@pytest.mark.parametrize("text", ["", "A", "A:", "B:800", "A:-5", "A:8e2", "A:١٢", "A:9999999", "800"])
def test_what_is_no_limit_is_none(text: str) -> None:
    assert limit_of_text(text) is None
