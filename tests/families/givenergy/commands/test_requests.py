"""What each command asks for, held against vectors of calls and complete frames, and what it refuses to ask for."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.givenergy import commands
from ohmstead.families.givenergy.commands.surfaces import (
    EmsCommands,
    InverterCommands,
    SinglePhaseCommands,
    ThreePhaseCommands,
)
from ohmstead.families.givenergy.slots import EXTENDED, SINGLE, THREE_PHASE, SlotMap
from ohmstead.families.givenergy.types import BatteryPauseMode, ExportPriority, TimeSlot
from ohmstead.families.givenergy.wire import TransparentRequest, WriteRequest, encode_frame

CALLS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text(encoding="utf-8"))[
    "commands"
]
WORDS: dict[str, Any] = {
    "true": True,
    "True": True,
    "false": False,
    "null": None,
    "single": SINGLE,
    "extended": EXTENDED,
    "three_phase": THREE_PHASE,
    **ExportPriority.__members__,
    **BatteryPauseMode.__members__,
}
NIGHT = TimeSlot.from_components(0, 30, 4, 30)


class SinglePhase(SinglePhaseCommands):
    slot_map = SINGLE


class ThreePhase(ThreePhaseCommands):
    slot_map = THREE_PHASE


def called(call: str, surface: object = commands) -> list[TransparentRequest]:
    """A call as the vectors write it."""
    match = re.fullmatch(r"(three_phase\.)?(\w+)\((.*)\)", call)
    assert match is not None
    three_phase, function, arguments = match.groups()
    positional, named = [], {}
    for text in filter(None, arguments.split(", ")):
        name, equals, value = text.rpartition("=")
        if equals:
            named[name] = said(value)
        else:
            positional.append(said(value))
    return getattr(ThreePhase() if three_phase else surface, function)(*positional, **named)


def said(text: str) -> Any:
    if text in WORDS:
        return WORDS[text]
    if match := re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", text):
        return TimeSlot.from_components(*map(int, match.groups()))
    if re.fullmatch(r"\d\d:\d\d", text):
        return time.fromisoformat(text)
    if "T" in text:
        return datetime.fromisoformat(text)
    return float(text) if "." in text else int(text)


@pytest.mark.filterwarnings("ignore:set_shallow_charge:DeprecationWarning")
@pytest.mark.parametrize("vector", CALLS, ids=lambda vector: vector["call"])
def test_a_call_gives_its_writes_and_frames_or_says_why_not(vector: dict[str, Any]) -> None:
    expect = vector["expect"]
    if "error" in expect:
        with pytest.raises(ValueError, match=r"\d|not "):
            called(vector["call"])
        return
    requests = called(vector["call"])
    assert [[r.register, r.value] for r in requests if isinstance(r, WriteRequest)] == expect["writes"]
    assert [encode_frame(request).hex() for request in requests] == expect["frames"]


DOCUMENTED_INVERTER = {
    "set_charge_target_enabled", "set_charge_target", "set_charge_target_soc", "disable_charge_target",
    "set_enable_charge", "set_enable_discharge", "set_battery_charge_limit", "set_battery_discharge_limit",
    "set_battery_soc_reserve", "set_battery_power_reserve", "set_charge_slot", "set_charge_slot_start",
    "set_charge_slot_end", "reset_charge_slot", "set_discharge_slot", "set_discharge_slot_start",
    "set_discharge_slot_end", "reset_discharge_slot", "set_mode_dynamic", "set_mode_storage",
    "set_discharge_mode_max_power", "set_discharge_mode_to_match_demand", "set_calibrate_battery_soc",
    "set_active_power_rate", "set_system_date_time", "set_enable_rtc", "set_inverter_reboot", "set_export_priority",
    "set_enable_eps",
}  # fmt: skip
DOCUMENTED_THREE_PHASE = {
    "set_ac_charge",
    "set_force_charge",
    "set_force_discharge",
    "set_battery_reserve_soc",
}
DOCUMENTED_EMS = {
    "set_ems_plant", "set_ems_charge_slot", "set_ems_charge_slot_start", "set_ems_charge_slot_end",
    "set_ems_discharge_slot", "set_ems_discharge_slot_start", "set_ems_discharge_slot_end", "set_ems_export_slot",
    "set_ems_export_slot_start", "set_ems_export_slot_end", "set_export_slot", "set_export_slot_start",
    "set_export_slot_end", "set_ems_charge_target_soc", "set_ems_discharge_target_soc", "set_ems_export_target_soc",
    "set_ems_export_power_limit",
}  # fmt: skip
DOCUMENTED_COMMANDS_ONLY = {
    "set_battery_charge_limit_ac", "set_battery_discharge_limit_ac", "set_shallow_charge", "set_battery_pause_mode",
    "set_pause_slot", "set_pause_slot_start", "set_pause_slot_end",
}  # fmt: skip


def methods(kind: type) -> set[str]:
    return {name for name in dir(kind) if name.startswith(("set_", "reset_", "disable_"))}


def test_each_surface_has_its_commands_and_no_other() -> None:
    assert methods(SinglePhaseCommands) == DOCUMENTED_INVERTER
    assert methods(ThreePhaseCommands) == DOCUMENTED_INVERTER | DOCUMENTED_THREE_PHASE
    assert methods(EmsCommands) == DOCUMENTED_EMS
    everything = DOCUMENTED_INVERTER | DOCUMENTED_THREE_PHASE | DOCUMENTED_EMS | DOCUMENTED_COMMANDS_ONLY
    assert everything <= set(commands.__all__)


@pytest.mark.parametrize("name", sorted(DOCUMENTED_INVERTER))
def test_a_method_takes_what_its_function_takes_but_for_the_slot_map(name: str) -> None:
    def parameters(function: Callable[..., object]) -> list[str]:
        return [p for p in inspect.signature(function).parameters if p != "slot_map"]

    assert parameters(getattr(SinglePhase(), name)) == parameters(getattr(commands, name))


SLOT_CALLS: list[tuple[str, tuple[Any, ...]]] = [
    (f"{verb}_{kind}_slot{end}", arguments)
    for kind in ("charge", "discharge")
    for verb, end, arguments in (
        ("set", "", (1, NIGHT)),
        ("set", "_start", (1, time(1, 2))),
        ("set", "_end", (1, None)),
        ("reset", "", (1,)),
    )
]


@pytest.mark.parametrize(("name", "arguments"), SLOT_CALLS)
def test_a_slot_function_insists_on_a_slot_map_and_a_method_takes_none(
    name: str, arguments: tuple[Any, ...]
) -> None:
    """Field case 42."""
    with pytest.raises(TypeError, match="slot_map"):
        getattr(commands, name)(*arguments)
    with pytest.raises(TypeError):
        getattr(SinglePhase(), name)(*arguments, SINGLE)
    with pytest.raises(TypeError):
        getattr(SinglePhase(), name)(*arguments, slot_map=SINGLE)
    with pytest.raises(TypeError, match="slot_map"):
        getattr(commands, name)(*arguments, "single")
    assert getattr(SinglePhase(), name)(*arguments) == getattr(commands, name)(*arguments, SINGLE)


@pytest.mark.parametrize(("start", "end"), [(time(1, 2), time(3, 4)), (None, None)])
def test_a_whole_slot_is_its_start_and_its_end(start: time | None, end: time | None) -> None:
    slot = TimeSlot(start, end) if start and end else None
    for whole, first, last in (
        (
            commands.set_charge_slot(2, slot, SINGLE),
            commands.set_charge_slot_start,
            commands.set_charge_slot_end,
        ),
        (
            commands.set_discharge_slot(2, slot, SINGLE),
            commands.set_discharge_slot_start,
            commands.set_discharge_slot_end,
        ),
    ):
        assert whole == first(2, start, SINGLE) + last(2, end, SINGLE)
    for kind in ("ems_charge", "ems_discharge", "ems_export", "export"):
        parts = [getattr(commands, f"set_{kind}_slot_{side}") for side in ("start", "end")]
        assert getattr(commands, f"set_{kind}_slot")(3, slot) == parts[0](3, start) + parts[1](3, end)
    assert commands.set_pause_slot(slot) == commands.set_pause_slot_start(
        start
    ) + commands.set_pause_slot_end(end)


@pytest.mark.parametrize("slot_map", [SINGLE, EXTENDED, THREE_PHASE], ids=lambda slot_map: slot_map.name)
@pytest.mark.parametrize("idx", [0, -1, 11, True, "1", 1.5, None])
def test_a_slot_that_does_not_exist_is_refused(slot_map: SlotMap, idx: Any) -> None:
    with pytest.raises(ValueError, match="slot"):
        commands.set_charge_slot(idx, NIGHT, slot_map)
    with pytest.raises(ValueError, match="slot"):
        commands.reset_discharge_slot(idx, slot_map)


ANYTHING = st.one_of(
    st.integers(),
    st.floats(),
    st.text(max_size=4),
    st.booleans(),
    st.none(),
    st.binary(max_size=2),
    st.just(10**40),
)
NUMBERS: list[tuple[Callable[..., list[TransparentRequest]], int, int]] = [
    (commands.set_charge_target_enabled, 4, 100),
    (commands.set_charge_target_soc, 4, 100),
    (commands.set_battery_charge_limit, 0, 50),
    (commands.set_battery_discharge_limit, 0, 50),
    (commands.set_battery_charge_limit_ac, 1, 100),
    (commands.set_battery_discharge_limit_ac, 1, 100),
    (commands.set_battery_soc_reserve, 4, 100),
    (commands.set_battery_power_reserve, 4, 100),
    (commands.set_battery_reserve_soc, 4, 100),
    (commands.set_active_power_rate, 0, 100),
    (commands.set_ems_export_power_limit, 0, 65535),
]


@pytest.mark.parametrize(
    ("command", "low", "high"), NUMBERS, ids=lambda part: getattr(part, "__name__", part)
)
@given(value=ANYTHING)
def test_no_number_outside_its_range_becomes_a_request(
    command: Callable[..., list[TransparentRequest]], low: int, high: int, value: Any
) -> None:
    try:
        requests = command(value)
    except ValueError as error:
        assert str(high) in str(error)
    else:
        assert low <= value <= high
        assert not isinstance(value, bool)
        assert requests[-1].value == value


SWITCHES = [
    commands.set_enable_charge, commands.set_enable_discharge, commands.set_enable_rtc, commands.set_enable_eps,
    commands.set_ac_charge, commands.set_force_charge, commands.set_force_discharge, commands.set_ems_plant,
]  # fmt: skip


@pytest.mark.parametrize("command", SWITCHES, ids=lambda command: command.__name__)
@pytest.mark.parametrize("value", [1, 0, "true", None, 1.0])
def test_a_switch_is_switched_by_true_and_false_alone(
    command: Callable[..., list[TransparentRequest]], value: Any
) -> None:
    with pytest.raises(ValueError, match="True or False"):
        command(value)


def test_a_charge_target_of_100_switches_the_target_off() -> None:
    """Field case 13."""
    assert commands.set_charge_target_enabled(100) == [
        WriteRequest(0x11, 96, 1),
        WriteRequest(0x11, 20, 0),
        WriteRequest(0x11, 116, 100),
    ]


def test_an_ac_limit_of_0_is_refused_before_anything_is_sent() -> None:
    """Field case 14."""
    with pytest.raises(ValueError, match="1 to 100"):
        commands.set_battery_charge_limit_ac(0)


@pytest.mark.parametrize("unit", [SinglePhase(), ThreePhase(), commands])
def test_storage_mode_leaves_the_reserve_alone(unit: Any) -> None:
    """Field case 15."""
    assert {110, 1109}.isdisjoint(request.register for request in unit.set_mode_storage())


def test_export_priority_counts_load_battery_grid() -> None:
    """Field case 16."""
    assert [commands.set_export_priority(p)[0] for p in ExportPriority] == [
        WriteRequest(0x11, 311, 0),
        WriteRequest(0x11, 311, 1),
        WriteRequest(0x11, 311, 2),
    ]
    with pytest.raises(ValueError, match="LOAD_FIRST"):
        commands.set_export_priority(3)  # type: ignore[arg-type]


def test_three_phase_storage_mode_uses_three_phase_slots() -> None:
    registers = [request.register for request in ThreePhase().set_mode_storage(NIGHT, None, True)]
    assert registers == [27, 59, 1118, 1119, 1120, 1121]


def test_the_limits_go_beyond_the_documented_range_only_when_asked() -> None:
    """Field case 44, first half."""
    with pytest.raises(ValueError, match="0 to 50"):
        SinglePhase().set_battery_charge_limit(51)
    assert SinglePhase().set_battery_charge_limit(51, beyond_documented=True) == [WriteRequest(0x11, 111, 51)]
    with pytest.raises(ValueError, match="0 to 100"):
        SinglePhase().set_battery_charge_limit(101, beyond_documented=True)


@pytest.mark.parametrize("year", [1999, 2100])
def test_the_clock_counts_years_of_this_century(year: int) -> None:
    with pytest.raises(ValueError, match="2000 to 2099"):
        commands.set_system_date_time(datetime(year, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("old", "new", "argument"),
    [
        (commands.set_charge_target, commands.set_charge_target_enabled, 90),
        (SinglePhase().set_charge_target, SinglePhase().set_charge_target_enabled, 90),
        (ThreePhase().set_charge_target, ThreePhase().set_charge_target_enabled, 90),
        (commands.set_shallow_charge, commands.set_battery_soc_reserve, 10),
    ],
)
def test_an_old_name_works_and_names_its_successor_to_its_caller(old: Any, new: Any, argument: int) -> None:
    """Field case 46, commands."""
    with pytest.warns(DeprecationWarning, match=new.__name__) as warned:
        requests = old(argument)
    assert requests == new(argument)
    assert [Path(warning.filename).name for warning in warned] == ["test_requests.py"]


def test_no_surface_can_be_made_without_knowing_its_slots() -> None:
    assert inspect.isabstract(InverterCommands)
    assert inspect.isabstract(SinglePhaseCommands)


@pytest.mark.parametrize(
    ("request_of", "registers"),
    [
        (lambda: commands.set_enable_charge_target(True), [20]),
        (lambda: commands.set_charge_slot_target_soc(10, 80), [269]),
        (lambda: commands.set_discharge_slot_target_soc(1, 80), [272]),
        (lambda: commands.set_smart_load_slot(10, NIGHT), [572, 573]),
        (lambda: commands.set_ems_car_charge_boost(22000), [2073]),
        (lambda: commands.set_force_off_grid(True), [331]),
    ],
)
def test_optional_settings_stand_where_the_app_has_them(
    request_of: Callable[[], list[TransparentRequest]], registers: list[int]
) -> None:
    assert [request.register for request in request_of()] == registers
