"""What samples mean, one by one and in their order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.bodies import read
from ohmstead.families.tesla_wall_connector.documents import Vitals
from ohmstead.families.tesla_wall_connector.meaning import Situation, Watcher, situation
from ohmstead.families.tesla_wall_connector.states import (
    EVSE_STATES,
    NOT_READY,
    Confidence,
    evse_state,
    not_ready,
)

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def captured(name: str) -> Vitals:
    return read(Vitals, next(v["raw"] for v in VECTORS["rest"]["vitals"] if v["name"] == name).encode())


@pytest.mark.parametrize(
    ("name", "where", "words"),
    [
        ("idle_eu_2021", Situation.FREE, "not connected"),
        ("finished_state8_eu_2022", Situation.CONNECTED, "charging finished or stopped"),
        ("charging_us_variant1_state11", Situation.CHARGING, "charging"),
        ("paused_state4_eu_2025", Situation.CONNECTED, "ready, the vehicle does not ask for current"),
        ("boot_not_ready_2_4_8", Situation.FREE, "not connected"),
    ],
)
def test_a_captured_sample_in_words(name: str, where: Situation, words: str) -> None:
    meaning = Watcher().see(captured(name), START)

    assert (meaning.situation, meaning.words, meaning.is_fault) == (where, words, False)


def test_the_reasons_shown_are_those_that_keep_a_car_from_charging() -> None:
    meaning = Watcher().see(captured("boot_not_ready_2_4_8"), START)

    assert [reason.words for reason in meaning.reasons] == ["cold-load pick-up delay after power-up"]
    assert [not_ready(code).words for code in VECTORS["rules"]["not_ready"][1][0]] == [
        "session authorisation pending",
        "pilot not connected",
    ]
    assert not_ready(3).words == VECTORS["rules"]["not_ready"][2][1]


def vitals(**fields: Any) -> Vitals:
    return Vitals(**{"vehicle_connected": True, "contactor_closed": False, **fields})


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"vehicle_connected": False, "evse_state": 11}, Situation.FREE),
        ({"contactor_closed": False, "evse_state": 11}, Situation.CONNECTED),
        ({"contactor_closed": True, "vehicle_current_a": 0.9}, Situation.CLOSED),
        ({"contactor_closed": True, "vehicle_current_a": 1.0, "evse_state": 4}, Situation.CHARGING),
        ({"contactor_closed": None}, Situation.UNKNOWN),
    ],
)
def test_plug_contactor_and_current_decide_whatever_the_code_says(
    fields: dict[str, Any], where: Situation
) -> None:
    assert situation(vitals(**fields)) is where
    assert where.value in (Watcher().see(vitals(**fields), START).words, where.value)


def test_negotiating_is_a_fault_only_when_it_stays_or_an_alert_comes_with_it() -> None:
    watcher = Watcher()
    watcher.see(vitals(evse_state=9), START)

    passing = watcher.see(vitals(evse_state=7), START + timedelta(seconds=2))
    stuck = watcher.see(vitals(evse_state=7), START + timedelta(seconds=63))

    assert (passing.words, passing.is_fault) == ("waiting for the vehicle", False)
    assert (stuck.words, stuck.is_fault) == ("fault (negotiating)", True)
    assert Watcher().see(vitals(evse_state=7, current_alerts=(12,)), START).is_fault
    assert not Watcher().see(vitals(evse_state=4, current_alerts=(49,)), START).is_fault


def test_a_held_button_is_no_fire_and_a_fire_is_no_button() -> None:
    watcher = Watcher()
    held = watcher.see(vitals(handle_temp_c=127.0, evse_not_ready_reasons=(3,)), START)
    alone = watcher.see(vitals(handle_temp_c=127.0), START + timedelta(seconds=30))
    long = watcher.see(vitals(handle_temp_c=127.0), START + timedelta(seconds=61))
    cool = watcher.see(vitals(handle_temp_c=20.1), START + timedelta(seconds=66))

    assert [m.handle_temp_c for m in (held, alone, long, cool)] == [None, None, 127.0, 20.1]


def test_current_through_an_open_contactor_takes_two_samples() -> None:
    watcher = Watcher()
    seen = [
        watcher.see(vitals(vehicle_current_a=amps), START).is_current_with_open_contactor
        for amps in (35.8, 0.4, 12.0, 12.0)
    ]

    assert seen == [False, False, False, True]


def test_a_code_nobody_knows_is_told_as_its_number() -> None:
    assert evse_state(99).words == "state 99"
    assert not_ready(42).words == "reason 42"
    assert Watcher().see(vitals(evse_state=99), START).words == "connected"


def test_the_tables_are_whole() -> None:
    assert sorted(EVSE_STATES) == list(range(14))
    assert sorted(NOT_READY) == list(range(1, 15))
    assert [code for code, state in EVSE_STATES.items() if state.is_closed] == [10, 11]
    assert [code for code, s in EVSE_STATES.items() if s.confidence is Confidence.UNKNOWN] == [5, 12]
