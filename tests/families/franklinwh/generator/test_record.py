"""The generator's record, typed."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.franklinwh.generator import generator_alarms, generator_detail

NESTED = {
    "exercise_every_days": lambda detail: detail.exercise.every_days,
    "exercise_minutes": lambda detail: detail.exercise.minutes,
    "v2l_control": lambda detail: detail.v2l.control,
    "v2l_car_rated_power": lambda detail: detail.v2l.car_rated_power,
    "v2l_start_timeout": lambda detail: detail.v2l.start_timeout,
}


@pytest.mark.parametrize("number", [0, 1])
def test_a_recorded_answer_reads_as_noted(number: int, vectors: Any) -> None:
    vector = vectors["generator"]["read"][number]
    expected = vector["expect"]

    detail = generator_detail(vector["payload"]["result"], present=expected.get("present", True))

    read = {name: NESTED.get(name, lambda d, n=name: getattr(d, n))(detail) for name in expected}
    assert read == expected


def test_windows_are_told_with_their_times() -> None:
    detail = generator_detail(
        {"charge2En": 1, "charge2StartTime": "11:00", "charge2EndTime": "23:59"}, present=True
    )

    assert [(w.enabled, w.start, w.end) for w in detail.windows] == [
        (None, None, None),
        (1, "11:00", "23:59"),
        (None, None, None),
    ]


def test_states_have_words_and_unknown_ones_too() -> None:
    words = [generator_detail({"genStat": n}, present=True).state_name for n in (0, 1, 2, 3, 9)]

    assert words == ["Standby / OFF", "Running / ON", "Cooldown", "Fault", "Unknown (9)"]


def test_an_empty_record_claims_nothing() -> None:
    detail = generator_detail({}, present=False)

    assert (detail.status, detail.enabled, detail.state_name, detail.power_kw) == (None, None, "", None)


def test_one_wrong_value_spoils_nothing_else() -> None:
    detail = generator_detail({"genStartElec": "full", "genCloseElec": 80, "manoFre": []}, present=True)

    assert (detail.start_below_soc, detail.stop_above_soc, detail.exercise.every_days) == (None, 80, None)


def test_electrical_values_come_from_metering() -> None:
    metered = {"power": 3.5, "voltage": 240.1, "current": 14.6, "frequency": 60.0}

    detail = generator_detail({"volt": 2401}, present=True, electrical=metered)

    assert (detail.power_kw, detail.voltage, detail.current, detail.frequency) == (3.5, 240.1, 14.6, 60.0)


def test_alarms_of_the_generator_are_told_in_words() -> None:
    active = [{"alarmCode": "0x1020"}, {"alarmCode": "3001"}, {"code": "41e2"}, {}, {"alarmCode": None}]

    assert [(alarm.code, alarm.words) for alarm in generator_alarms(active)] == [
        ("1020", "generator did not start"),
        ("41E2", "a pack discharges into the generator"),
    ]
