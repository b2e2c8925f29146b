"""Which way of switching V2L a capture proves."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.franklinwh.v2l.har import Verdict, judged, read_entries
from ohmstead.families.franklinwh.v2l.har.redacting import Redactor

GENERATOR = "hes-gateway/terminal/updateIotGenerator"
READ_GENERATOR = "hes-gateway/terminal/selectIotGenerator"


def verdict(recording: Any) -> Verdict:
    return judged(read_entries(recording.har()), Redactor())


def spoken(found: Verdict) -> list[tuple[int, str | None]]:
    return [(e.entry, e.speaks_for.value if e.speaks_for else None) for e in found.evidence]


def test_a_switched_third_circuit_proves_the_circuits_record(
    recording: Any, circuits: Any, switched: Any
) -> None:
    recording.tunnel(311, {"opt": 0}, circuits).live(v2lRunState=1)
    recording.tunnel(311, switched(1), {"opt": 1, "result": 0}).live(v2lRunState=2)
    recording.tunnel(311, switched(0), {"opt": 1, "result": 0}).live(v2lRunState=1)

    found = verdict(recording)

    assert (found.verdict, found.confirmed) == ("circuit3", True)
    assert spoken(found) == [(5, "circuit3"), (6, "circuit3"), (7, "circuit3"), (8, "circuit3")]
    on, effect = found.evidence[:2]
    assert (on.method, on.path, on.cmd_type) == ("POST", "hes-gateway/terminal/sendMqtt", 311)
    assert on.fields == {"Sw3Mode": 1, "Sw3ProLoad": 0, "Sw3MsgType": 1}
    assert (effect.fields, effect.at_s) == ({"v2lRunState": 2}, 19.0)


def test_mode_choose_is_reported_and_decides_nothing(recording: Any, circuits: Any, switched: Any) -> None:
    recording.tunnel(311, {"opt": 0}, circuits).tunnel(311, switched(1, modeChoose=14), {"opt": 1})

    found = verdict(recording)

    assert [(seen.entry, seen.where, seen.value) for seen in found.mode_choose] == [
        (3, "answer", 3),
        (4, "request", 14),
    ]
    assert found.verdict == "circuit3"


def test_a_v2l_key_of_the_generator_record_proves_that(recording: Any) -> None:
    recording.add("GET", READ_GENERATOR, answer={"v2LModeCtrl": 0, "genStat": 0, "manuSw": 0})
    recording.add("POST", GENERATOR, {"gatewayId": "g", "v2LModeCtrl": 1, "opt": 1}, {"v2LModeCtrl": 1})
    recording.live(v2lRunState=1).live(v2lRunState=2)

    found = verdict(recording)

    assert (found.verdict, found.confirmed) == ("generator", True)
    assert found.evidence[0].fields == {"v2LModeCtrl": 1}


def test_a_flag_flipped_inside_a_whole_record_is_a_switch(recording: Any, circuits: Any) -> None:
    recording.tunnel(311, {"opt": 0}, {**circuits, "v2lModeEnable": 0})
    recording.tunnel(311, {**circuits, "opt": 1, "v2lModeEnable": 1}, {"opt": 1})

    found = verdict(recording)

    assert (found.verdict, found.evidence[0].fields) == ("other-endpoint", {"v2lModeEnable": 1})


def test_a_whole_record_whose_reading_was_not_recorded_is_no_flag(recording: Any, switched: Any) -> None:
    recording.tunnel(311, switched(1), {"opt": 1})

    assert verdict(recording).verdict == "circuit3"


def test_a_path_of_its_own_proves_another_endpoint(recording: Any) -> None:
    recording.add("POST", "hes-gateway/terminal/updateV2lMode", {"gatewayId": "g", "v2lSwitch": 1}, None)

    found = verdict(recording)

    assert (found.verdict, found.confirmed) == ("other-endpoint", False)
    assert found.evidence[0].path == "hes-gateway/terminal/updateV2lMode"


@pytest.mark.parametrize("command", [355, 357, 401])
def test_a_command_nobody_knows_proves_another_endpoint(command: int, recording: Any) -> None:
    recording.tunnel(command, {"opt": 1, "ctrl": 1}, {"opt": 1, "result": 0})

    found = verdict(recording)

    assert (found.verdict, found.evidence[0].cmd_type) == ("other-endpoint", command)


def test_reads_prove_nothing(recording: Any, circuits: Any) -> None:
    recording.tunnel(311, {"opt": 0}, circuits)
    recording.add("GET", "hes-gateway/terminal/selectV2lMode", answer={"v2lModeEnable": 1})
    recording.add("GET", READ_GENERATOR, answer={"v2LModeCtrl": 0})
    recording.tunnel(355, {"opt": 0}, {"opt": 0})

    found = verdict(recording)

    assert (found.verdict, found.confirmed) == ("undecided", False)
    assert spoken(found) == [(4, None)]


def test_another_circuit_in_a_whole_record_is_no_v2l(recording: Any, circuits: Any) -> None:
    recording.tunnel(311, {"opt": 0}, circuits)
    recording.tunnel(311, {**circuits, "opt": 1, "Sw1Mode": 0, "Sw1MsgType": 1}, {"opt": 1})

    assert verdict(recording).verdict == "undecided"


def test_a_record_sent_back_whole_is_no_v2l_switch(recording: Any) -> None:
    record = {"v2LModeCtrl": 0, "v2lModeEnable": 1, "genStat": 0, "manuSw": 0, "mode": 1, "genEn": 1}
    recording.add("GET", READ_GENERATOR, answer=record)
    recording.add("POST", GENERATOR, {**record, "mode": 2, "opt": 1}, record)

    assert verdict(recording).verdict == "undecided"


def test_two_ways_without_an_effect_stay_undecided(recording: Any, circuits: Any, switched: Any) -> None:
    recording.tunnel(311, {"opt": 0}, circuits).tunnel(311, switched(1), {"opt": 1})
    recording.add("POST", GENERATOR, {"v2LModeCtrl": 1, "opt": 1}, None)

    found = verdict(recording)

    assert (found.verdict, found.confirmed) == ("undecided", False)
    assert spoken(found) == [(4, "circuit3"), (5, "generator")]


def test_of_two_ways_the_one_with_the_effect_wins(recording: Any, circuits: Any, switched: Any) -> None:
    recording.tunnel(311, {"opt": 0}, circuits).tunnel(311, switched(1), {"opt": 1})
    recording.live(after_s=40, v2lRunState=1)
    recording.add("POST", GENERATOR, {"v2LModeCtrl": 1, "opt": 1}, None).live(v2lRunState=2)

    found = verdict(recording)

    assert (found.verdict, found.confirmed) == ("generator", True)


def test_a_plain_third_circuit_is_no_v2l(recording: Any, circuits: Any, switched: Any) -> None:
    recording.live(v2lModeEnable=0)
    recording.tunnel(311, switched(1, v2lModeEnable=0), {"opt": 1}).live(pro_load=[1, 0, 1])

    found = verdict(recording)

    assert found.verdict == "undecided"
    assert found.evidence[0].speaks_for is None


def test_an_effect_that_comes_late_confirms_nothing(recording: Any, circuits: Any, switched: Any) -> None:
    recording.tunnel(311, {"opt": 0}, circuits).live(v2lRunState=1)
    recording.tunnel(311, switched(1), {"opt": 1}).live(after_s=31, v2lRunState=2)

    found = verdict(recording)

    assert (found.verdict, found.confirmed) == ("circuit3", False)


def test_noise_of_the_port_is_no_effect(recording: Any, circuits: Any, switched: Any) -> None:
    recording.tunnel(353, {"opt": 0}, {"CarSWPower": 0}).tunnel(311, switched(1), {"opt": 1})
    recording.tunnel(353, {"opt": 0}, {"CarSWPower": 2})

    assert verdict(recording).confirmed is False

    recording.tunnel(353, {"opt": 0}, {"CarSWPower": 2800})

    assert verdict(recording).confirmed is True
