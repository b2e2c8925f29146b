"""Numbers on a command line."""

from __future__ import annotations

import click
import pytest

from ohmstead.kit.console import FiniteType


@pytest.mark.parametrize("text", ["nan", "-nan", "inf", "-inf", "1e999", "many"])
def test_a_range_without_ends_takes_no_number_that_cannot_be_counted_with(text: str) -> None:
    with pytest.raises(click.BadParameter):
        FiniteType().convert(text, None, None)


def test_a_range_takes_its_ends_and_nothing_beyond() -> None:
    ampere = FiniteType(0, 80)
    assert [ampere.convert(text, None, None) for text in ("0", "6.5", "80")] == [0.0, 6.5, 80.0]
    for text in ("-0.1", "80.1"):
        with pytest.raises(click.BadParameter):
            ampere.convert(text, None, None)
