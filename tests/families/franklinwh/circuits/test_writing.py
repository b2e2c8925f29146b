"""Whole-record writes of the circuits, as they are to go over the wire."""

from __future__ import annotations

import json
import zlib
from datetime import date
from typing import Any

import pytest

from ohmstead.families.franklinwh.circuits import (
    circuits,
    limited,
    newer_switched,
    scheduled,
    switched,
    with_cutoff,
)


def wire_text(record: dict[str, Any]) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode()


@pytest.fixture
def record(vectors: Any) -> dict[str, Any]:
    found: dict[str, Any] = vectors["circuits_write"]["read_311"]
    return found


WRITES = {
    "v2l_on": lambda record: switched(record, 3, on=True),
    "v2l_off": lambda record: switched(record, 3, on=False),
    "circuit1_off": lambda record: switched(record, 1, on=False),
    "circuit2_on": lambda record: switched(record, 2, on=True),
    "circuit2_cutoff_35": lambda record: with_cutoff(record, 2, enable=True, soc_pct=35),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_the_read_record_with_one_circuit_changed(
    name: str, vectors: Any, record: dict[str, Any]
) -> None:
    case = next(case for case in vectors["circuits_write"]["cases"] if case["name"] == name)

    sent = WRITES[name](record)

    assert {key: value for key, value in sent.items() if value != record[key]} == case["changed"]
    assert [key for key in record if key not in sent] == sorted(case["removed"], key=list(record).index)
    assert list(sent) == [key for key in record if key in sent]
    assert (len(wire_text(sent)), f"{zlib.crc32(wire_text(sent)):08X}") == (case["len"], case["crc"])


def test_a_write_leaves_the_read_record_alone(record: dict[str, Any]) -> None:
    before = json.dumps(record)

    switched(record, 1, on=False)

    assert json.dumps(record) == before


def test_an_old_kind_of_another_circuit_is_not_sent_again(record: dict[str, Any]) -> None:
    sent = switched({**record, "Sw1MsgType": 2}, 3, on=True)

    assert [sent[f"Sw{n}MsgType"] for n in (1, 2, 3)] == [0, 0, 1]


def test_a_merged_pair_moves_together(record: dict[str, Any]) -> None:
    sent = switched({**record, "SwMerge": 1}, 1, on=False)

    assert [sent[f"Sw{n}Mode"] for n in (1, 2, 3)] == [0, 0, 0]
    assert [sent[f"Sw{n}ProLoad"] for n in (1, 2)] == [1, 1]
    assert [sent[f"Sw{n}MsgType"] for n in (1, 2, 3)] == [1, 1, 0]


def test_one_leg_of_a_merged_pair_is_never_switched_alone(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="dangerous"):
        switched({**record, "SwMerge": 1}, 2, on=True)


@pytest.mark.parametrize("number", [0, 3, 4, -1, True])
def test_a_circuit_the_module_does_not_have_is_refused(number: int, record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the module has 1 to 2"):
        switched(record, number, on=True, fitted=2)


@pytest.mark.parametrize("soc_pct", [-1, 101])
def test_a_charge_level_that_cannot_be_is_refused(soc_pct: int, record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="0 to 100 %"):
        with_cutoff(record, 1, enable=True, soc_pct=soc_pct)


def test_a_load_limit_is_a_configuration(record: dict[str, Any]) -> None:
    sent = limited(record, 1, limit_a=16)

    assert (sent["Sw1LoadLimit"], sent["Sw1MsgType"], sent["Sw1Mode"]) == (16, 2, 1)
    with pytest.raises(ValueError, match="0 A or more"):
        limited(record, 1, limit_a=-1)


def test_a_schedule_names_its_dates_and_both_spans(record: dict[str, Any]) -> None:
    sent = scheduled(
        record, 1, [("18:00", "20:30"), ("06:00", "07:00")], cycle_days=7, base_date=date(2026, 11, 21)
    )

    assert sent["Sw1Time"] == [
        "2026-11-21 06:00",
        "2026-11-21 07:00",
        "2026-11-21 18:00",
        "2026-11-21 20:30",
    ]
    assert (sent["Sw1TimeEn"], sent["Sw1TimeSet"], sent["Sw1Freq"]) == ([1, 1, 1, 1], [1, 0, 1, 0], 7)
    assert (sent["Sw1Mode"], sent["Sw1MsgType"], sent["Sw1ProLoad"]) == (2, 2, 1)


def test_a_schedule_keeps_the_dates_that_stand(record: dict[str, Any]) -> None:
    standing = ["2026-05-01 01:00", "2026-05-01 02:00", "2000-01-01 00:00", "2000-01-01 23:59"]

    sent = scheduled({**record, "Sw2Time": standing}, 2, [("03:00", "04:00")], cycle_days=1)

    assert sent["Sw2Time"] == ["2026-05-01 03:00", "2026-05-01 04:00", *standing[2:]]
    assert sent["Sw2TimeEn"] == [1, 1, 0, 0]


def test_a_schedule_without_any_date_asks_for_one(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no date yet"):
        scheduled(record, 1, [("03:00", "04:00")], cycle_days=1)


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([("23:00", "01:00")], "not past midnight"),
        ([("01:00", "03:00"), ("02:00", "04:00")], "overlap"),
        ([("1:00", "03:00")], "HH:MM"),
        ([("24:00", "25:00")], "HH:MM"),
        ([("01:00", "02:00")] * 3, "at most 2"),
        ([], "one or two"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(
    spans: list[tuple[str, str]], words: str, record: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=words):
        scheduled(record, 1, spans, cycle_days=1, base_date=date(2026, 11, 21))


NEWER = {
    "opt": 0,
    "merge": [0, 0],
    "smartSwitch": [{"name": n, "openAction": 1, "schedule": {"x": 1}} for n in "abc"],
}


def test_newer_firmware_is_sent_its_whole_record_too() -> None:
    sent = newer_switched(NEWER, 2, on=True)

    assert (sent["opt"], [entry["openAction"] for entry in sent["smartSwitch"]]) == (1, [1, 2, 1])
    assert sent["smartSwitch"][1]["schedule"] == {"x": 1}


def test_a_merged_pair_of_newer_firmware_moves_together() -> None:
    sent = newer_switched({**NEWER, "merge": [1, 2]}, 1, on=True)

    assert [entry["openAction"] for entry in sent["smartSwitch"]] == [2, 2, 1]
    with pytest.raises(ValueError, match="dangerous"):
        newer_switched({**NEWER, "merge": [1, 2]}, 2, on=True)
    with pytest.raises(ValueError, match="tells of 0"):
        newer_switched({"opt": 0}, 1, on=True)


def test_circuits_are_read_with_their_settings(record: dict[str, Any]) -> None:
    found = circuits(record, fitted=2)

    assert list(found) == [1, 2]
    first = found[1]
    assert (first.name, first.is_on, found[2].is_on, first.cycle_days) == ("Circuit 1", True, False, 15)
    assert (first.soc_cutoff_enabled, first.soc_cutoff_limit, first.load_limit) == (0, 20, None)
    assert first.time_schedules is not None
    assert first.time_schedules[1] == "2000-01-01 23:59"


def test_a_merged_pair_is_one_circuit(record: dict[str, Any]) -> None:
    assert list(circuits({**record, "SwMerge": 1})) == [1, 3]


def test_a_field_of_the_wrong_type_spoils_nothing_else(record: dict[str, Any]) -> None:
    circuit = circuits({**record, "Sw1Mode": "on", "Sw1Time": 7, "Sw1Name": None})[1]

    assert (circuit.mode, circuit.is_on, circuit.time_schedules, circuit.name) == (None, None, None, None)
    assert circuit.soc_cutoff_limit == 20
