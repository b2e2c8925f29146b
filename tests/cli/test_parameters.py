from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import click
import pytest

from ohmstead.cli.parameters import FAULT, INSTANT, POSITIVE, SPEED
from ohmstead.model import Fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("F2", Fault("F2")),
        ("F6:delay_s=15", Fault("F6", {"delay_s": "15"})),
        ("F3:times=2,id=A311", Fault("F3", {"times": "2", "id": "A311"})),
        ("F3:note=a=b", Fault("F3", {"note": "a=b"})),
    ],
)
def test_a_fault_is_a_name_and_its_parameters(text: str, fault: Fault) -> None:
    assert FAULT.convert(text, None, None) == fault


@pytest.mark.parametrize("text", ["", ":a=b", "F1:delay", "F1:=3"])
def test_a_fault_that_is_written_wrong_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no fault"):
        FAULT.convert(text, None, None)


def test_an_instant_without_a_zone_is_utc() -> None:
    assert INSTANT.convert("2026-06-21T09:00", None, None) == datetime(2026, 6, 21, 9, tzinfo=UTC)


def test_an_instant_keeps_its_zone() -> None:
    assert INSTANT.convert("2026-06-21T09:00+02:00", None, None) == datetime(
        2026, 6, 21, 9, tzinfo=timezone(timedelta(hours=2))
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("noon", "is no instant"),
        ("0001-01-01", "is to lie between the years 1970 and 2100"),
        ("9999-12-31T23:59:59-12:00", "is to lie between the years 1970 and 2100"),
    ],
)
def test_what_is_no_instant_is_refused(text: str, words: str) -> None:
    with pytest.raises(click.BadParameter, match=words):
        INSTANT.convert(text, None, None)


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1e300", "fast"])
def test_a_speed_no_machine_has_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        SPEED.convert(text, None, None)


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf"])
def test_what_cannot_be_counted_with_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        POSITIVE.convert(text, None, None)
