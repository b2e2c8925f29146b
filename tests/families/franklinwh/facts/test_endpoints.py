"""The table of calls and the catalogue of tunnel commands."""

from __future__ import annotations

from typing import Any

from ohmstead.families.franklinwh.facts import commands, endpoints
from ohmstead.families.franklinwh.facts.endpoints import ENDPOINTS, Cost, by_path


def test_no_call_stands_twice() -> None:
    assert len({(call.method, call.path) for call in ENDPOINTS}) == len(ENDPOINTS) == 106


def test_every_captured_call_is_known(vectors: dict[str, Any]) -> None:
    for sample in vectors["rest_samples"] + vectors["mode_writes"]:
        call = by_path(sample["method"], "/" + sample["path"])
        assert call is not None, sample["path"]
        named = {"gatewayId", "equipNo"} & set(sample["query"])
        assert not named or named == {call.serial_key}, sample["path"]


def test_writes_say_what_they_make_out_of_date_and_are_never_kept() -> None:
    for call in ENDPOINTS:
        assert bool(call.drops) == call.is_write == (call.cost is Cost.WRITE), call.name
        assert not (call.is_write and call.keep_s), call.name


def test_an_installers_mirror_is_the_same_call() -> None:
    assert by_path("GET", "hes-gateway/manage/getDeviceCompositeInfo") is endpoints.COMPOSITE_INFO
    assert by_path("GET", "hes-gateway/manage/getEquipmentList") is endpoints.EQUIPMENT_LIST
    assert by_path("GET", "hes-gateway/terminal/unheard/of") is None


def test_commands_are_answered_under_the_number_of_the_capture(vectors: dict[str, Any]) -> None:
    for case in vectors["mqtt_envelope"]["cases"]:
        assert commands.COMMANDS[case["cmdType"]].reply == case["response_cmdType"], case["name"]


def test_numbers_that_were_never_seen_are_not_offered() -> None:
    assert {310, 355, 357} & set(commands.COMMANDS) == set()
    assert {number for number, command in commands.COMMANDS.items() if command.number != number} == set()
