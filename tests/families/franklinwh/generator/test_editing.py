"""What may be written to the generator's record."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.franklinwh.generator.editing import (
    differing,
    enabled_body,
    mode_body,
    operating_mode_body,
    settings_body,
    shows_mode,
    smart_load_body,
    windows_body,
)
from ohmstead.model import Unsupported


@pytest.mark.parametrize("mode", [1, 2])
def test_the_mode_is_written_as_documented(mode: int, vectors: Any) -> None:
    assert mode_body("<gw>", mode) == vectors["generator"]["write"][mode - 1]["body"]
    assert operating_mode_body("<gw>", mode) == {"gatewayId": "<gw>", "mode": mode, "opt": 1}


@pytest.mark.parametrize("mode", [0, 3, -1, True, "1", None])
def test_another_mode_is_refused(mode: Any) -> None:
    with pytest.raises(ValueError, match=r"1 \(auto-schedule\) or 2 \(manual\)"):
        mode_body("<gw>", mode)
    with pytest.raises(ValueError, match="manual"):
        operating_mode_body("<gw>", mode)


def test_windows_not_given_are_switched_off_without_times(vectors: Any) -> None:
    body = windows_body("<gw>", [("11:00", "23:59")], confirm=True)

    assert list(body.items()) == list(vectors["generator"]["write"][2]["body"].items())


def test_windows_may_touch_and_are_sorted() -> None:
    body = windows_body("g", [("12:00", "14:00"), ("10:00", "12:00")], confirm=True)

    assert (body["charge1StartTime"], body["charge2StartTime"], body["charge3En"]) == ("10:00", "12:00", 0)


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([("10:00", "12:00"), ("11:59", "13:00")], "overlap"),
        ([("01:00", "02:00"), ("03:00", "04:00"), ("05:00", "06:00"), ("07:00", "08:00")], "at most 3"),
        ([("22:00", "02:00")], "midnight"),
        ([("12:00", "12:00")], "ends after it starts"),
        ([("9:00", "12:00")], "HH:MM"),
    ],
)
def test_windows_that_cannot_be_are_refused(windows: list[tuple[str, str]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        windows_body("g", windows, confirm=True)


def test_replacing_the_windows_wants_a_yes() -> None:
    with pytest.raises(ValueError, match="confirm=True"):
        windows_body("g", [("10:00", "12:00")], confirm=False)


def test_switches_are_written_as_numbers() -> None:
    assert enabled_body("g", enable=True) == {"gatewayId": "g", "genEn": 1, "opt": 1}
    assert smart_load_body("g", enable=False) == {"gatewayId": "g", "genAsSmartLoadEnable": 0, "opt": 1}


PRESENT = {"genStartElec": 20, "genCloseElec": 80}


def test_thresholds_are_only_tried_when_asked_for() -> None:
    with pytest.raises(Unsupported, match="vendor's app"):
        settings_body("g", PRESENT, {"start_below_soc": 30}, experimental=False)

    assert settings_body("g", PRESENT, {"start_below_soc": 30}, experimental=True) == {
        "gatewayId": "g",
        "genStartElec": 30,
        "opt": 1,
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"start_below_soc": 80}, "never rest"),
        ({"stop_above_soc": 10}, "never rest"),
        ({"start_below_soc": 101}, "0 to 100"),
        ({"exercise_minutes": 0}, "1 to 240"),
        ({"colour": 1}, "none of"),
        ({"exercise_enabled": True}, "0 to 1"),
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        settings_body("g", PRESENT, changes, experimental=True)


@pytest.mark.parametrize(
    ("record", "is_shown"),
    [
        ({"manuSw": 2, "mode": 0}, True),
        ({"manuSw": 0, "mode": 2}, True),
        ({"manuSw": 0, "mode": 1}, False),
        ({}, False),
    ],
)
def test_a_mode_is_shown_in_either_of_two_places(record: dict[str, int], is_shown: bool) -> None:
    assert shows_mode(record, 2) is is_shown


def test_only_what_was_sent_is_compared() -> None:
    body = windows_body("g", [("10:00", "12:00")], confirm=True)
    record = {
        "charge1En": 1,
        "charge1StartTime": "10:00",
        "charge1EndTime": "12:00",
        "charge2En": 1,
        "opt": 0,
    }

    assert differing(record, body) == {"charge2En": 1, "charge3En": None}
