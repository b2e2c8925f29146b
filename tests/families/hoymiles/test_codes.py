"""Alarm codes, packed ranges and the grid profile, against known values."""

from __future__ import annotations

import json
from datetime import time
from pathlib import Path
from struct import pack_into
from typing import Any

import pytest

from ohmstead.families.hoymiles.alarms import (
    LABELS,
    AlarmCode,
    AlarmState,
    alarm_code,
    alarm_label,
    correction_s,
)
from ohmstead.families.hoymiles.grid_profile import SIZE, WORDS, grid_profile
from ohmstead.families.hoymiles.packed import (
    packed_dates,
    packed_price,
    packed_times,
    packed_weekdays,
    unpacked,
    weekdays,
)

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS["alarm_codes"], ids=lambda vector: vector["id"])
def test_a_code_word_is_a_number_and_a_state(vector: dict[str, Any]) -> None:
    assert alarm_code(vector["code"]) == AlarmCode(
        vector["number"], AlarmState(vector["state"]), vector["start_pm"], vector["end_pm"]
    )


def test_a_number_of_1000_and_more_has_no_state_bits() -> None:
    assert alarm_code(8310) == AlarmCode(8310, AlarmState.ACTIVE)
    assert alarm_code(10147).number == 10147
    # One that nobody knows is a number with state bits.
    assert alarm_code(8316) == AlarmCode(124, AlarmState.ACTIVE, started_afternoon=True)


def test_a_clock_correction_is_signed() -> None:
    (vector,) = VECTORS["clock_corrections"]
    assert correction_s(vector["data1"], vector["data2"]) == vector["seconds"]
    assert correction_s(0, 25) == 25


def test_an_unknown_alarm_has_a_label_all_the_same() -> None:
    assert (len(LABELS), alarm_label(217), alarm_label(777)) == (225, "PV2 over-voltage", "alarm 777")


@pytest.mark.parametrize("vector", VECTORS["packed_ranges"], ids=lambda vector: vector["id"])
def test_a_range_is_packed(vector: dict[str, Any]) -> None:
    if ":" in vector["start"]:
        found = packed_times(time.fromisoformat(vector["start"]), time.fromisoformat(vector["end"]))
    else:
        ends = [tuple(map(int, vector[end].split("."))) for end in ("start", "end")]
        found = packed_dates((ends[0][0], ends[0][1]), (ends[1][0], ends[1][1]))
    assert found == vector["value"]
    assert unpacked(found)[:2] == tuple(int(n) for n in vector["start"].replace(":", ".").split("."))


@pytest.mark.parametrize("vector", VECTORS["weekdays"], ids=lambda vector: vector["id"])
def test_days_of_the_week_are_bits(vector: dict[str, Any]) -> None:
    assert packed_weekdays(vector["days"]) == vector["value"]
    assert list(weekdays(vector["value"])) == vector["days"]


def test_what_is_no_day_or_date_is_refused() -> None:
    with pytest.raises(ValueError, match="not \\[0, 8\\]"):
        packed_weekdays([0, 1, 8])
    with pytest.raises(ValueError, match=r"31\.13"):
        packed_dates((1, 1), (31, 13))


def test_a_price_is_cut_off_at_hundredths() -> None:
    assert [packed_price(price) for price in (0.29, 0.299, 1.0, 0.07)] == [29, 29, 100, 7]


def test_a_grid_profile_says_its_limits() -> None:
    blob = bytearray(SIZE)
    for offset, raw in ((0, 0x0300), (2, 0x2001), (6, 2300), (8, 1840), (18, 30), (24, 5000), (110, 5)):
        pack_into(">H", blob, offset, raw)
    found = grid_profile(bytes(blob))
    assert found.values["standard"] == 0x0300
    assert found.values["nominal_voltage"] == 230.0
    assert found.values["low_voltage_1"] == 184.0
    assert found.values["low_voltage_2_time"] == 0.3
    assert found.values["nominal_frequency"] == 50.0
    assert found.values["reactive_value"] == 0.5


def test_a_grid_profile_that_ends_early_says_what_it_has() -> None:
    assert set(grid_profile(b"\x03\x00\x20").values) == {"standard"}
    assert grid_profile(b"").values == {}


def test_the_words_of_a_grid_profile_do_not_overlap() -> None:
    offsets = [word.offset for word in WORDS.values()]
    assert len(offsets) == len(set(offsets))
    assert all(offset % 2 == 0 and offset < SIZE for offset in offsets)
