"""What may be written where: nothing that the tables of registers do not allow reaches the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.givenergy import commands, gates
from ohmstead.families.givenergy.capabilities import PlantCapabilities
from ohmstead.families.givenergy.errors import InvalidPduState
from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.slots import EXTENDED, SINGLE, THREE_PHASE
from ohmstead.families.givenergy.types import Bank, BatteryPauseMode, ExportPriority, TimeSlot
from ohmstead.families.givenergy.wire import ReadRequest, TransparentRequest, WriteRequest
from ohmstead.model import Unsafe

NIGHT = TimeSlot.from_components(0, 30, 4, 30)
PRIORITY = commands.set_export_priority(ExportPriority.GRID_FIRST)


def plant(model: Model, firmware: int | None = 500) -> PlantCapabilities:
    return PlantCapabilities(device_type=model, arm_firmware_version=firmware)


def passes(
    requests: list[TransparentRequest], model: Model | None, gate: gates.Gate = gates.USER, **more: Any
) -> bool:
    try:
        gates.check_writes(requests, None if model is None else plant(model, **more), gate)
    except InvalidPduState:
        return False
    return True


@pytest.mark.parametrize(
    "model", [m for m in Model if m.name not in ("AC", "ALL_IN_ONE", "GATEWAY", "AC_3PH")]
)
def test_export_priority_is_refused_where_nobody_has_seen_it(model: Model) -> None:
    """Field case 43."""
    for gate in (gates.USER, gates.USER_GATED):
        assert not passes(PRIORITY, model, gate)
        assert not passes(commands.set_enable_eps(True), model, gate)


def test_export_priority_goes_to_ac_coupled_plants_and_elsewhere_by_opt_in() -> None:
    """Field case 43."""
    assert passes(PRIORITY, Model.AC)
    assert passes(PRIORITY, Model.ALL_IN_ONE)
    for model in (Model.GATEWAY, Model.AC_3PH):
        assert not passes(PRIORITY, model)
        assert passes(PRIORITY, model, gates.USER_GATED)
    assert not passes(PRIORITY, None)


def test_a_refusal_says_what_where_and_what_to_do() -> None:
    with pytest.raises(InvalidPduState) as refused:
        gates.check_writes(PRIORITY, plant(Model.HYBRID_3PH), gates.USER)
    assert str(refused.value) == (
        "export priority (HR 311) is not available on HYBRID_3PH; "
        "it exists on AC, ALL_IN_ONE and, with allow_gated, GATEWAY and AC_3PH"
    )
    assert refused.value.pdu == PRIORITY[0]
    assert isinstance(refused.value, Unsafe)
    assert not refused.value.retryable


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Model.HYBRID_GEN1, True),
        (Model.ALL_IN_ONE, True),
        (Model.HYBRID_GEN2, False),
        (Model.HYBRID_3PH, False),
    ],
)
def test_a_limit_beyond_the_documented_range_goes_to_models_that_were_seen_to_take_it(
    model: Model, expected: bool
) -> None:
    """Field case 44, second half."""
    requests = commands.set_battery_charge_limit(51, beyond_documented=True)
    assert passes(requests, model) is expected
    assert passes(commands.set_battery_charge_limit(50), model)


@pytest.mark.parametrize("firmware", [186, 187])
def test_pausing_a_first_generation_takes_firmware_187(firmware: int) -> None:
    pause = commands.set_battery_pause_mode(BatteryPauseMode.PAUSE_BOTH)
    assert passes(pause, Model.HYBRID_GEN1, firmware=firmware) is (firmware >= 187)
    assert not passes(commands.set_pause_slot(NIGHT), Model.HYBRID_GEN1, firmware=firmware)


@pytest.mark.parametrize("model", [Model.ALL_IN_ONE, Model.GATEWAY, Model.HYBRID_GEN2, Model.HYBRID_HV_GEN3])
def test_models_that_pause_take_the_mode_and_the_window(model: Model) -> None:
    assert passes(commands.set_battery_pause_mode(BatteryPauseMode.DISABLED), model)
    assert passes(commands.set_pause_slot(NIGHT), model)


@pytest.mark.parametrize(
    "requests",
    [
        commands.set_charge_target_enabled(80),
        commands.set_enable_charge(True),
        commands.set_battery_soc_reserve(10),
        commands.set_mode_dynamic(),
        commands.set_mode_storage(),
        commands.set_charge_slot(1, NIGHT, SINGLE),
        commands.set_battery_charge_limit_ac(50),
    ],
)
def test_the_single_phase_form_of_a_moved_setting_is_refused_on_three_phase(
    requests: list[TransparentRequest],
) -> None:
    assert not passes(requests, Model.HYBRID_3PH)
    assert not passes(requests, Model.HYBRID_3PH, gates.USER_GATED)


def test_three_phase_settings_are_refused_on_single_phase() -> None:
    for requests in (
        commands.set_force_charge(True),
        commands.set_battery_reserve_soc(10),
        commands.set_charge_slot(1, NIGHT, THREE_PHASE),
    ):
        assert passes(requests, Model.HYBRID_3PH)
        assert not passes(requests, Model.HYBRID_GEN1)


def test_an_ems_takes_its_own_settings_and_not_even_a_clock() -> None:
    assert passes(commands.set_ems_plant(True), Model.EMS)
    assert passes(commands.set_ems_export_slot(3, NIGHT), Model.EMS)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for requests in (commands.set_system_date_time(now), commands.set_enable_charge(True)):
        assert not passes(requests, Model.EMS)
    assert not passes(commands.set_ems_plant(True), Model.HYBRID_GEN1)


@pytest.mark.parametrize(("firmware", "expected"), [(302, False), (303, True)])
def test_extended_slots_go_to_units_that_have_them(firmware: int, expected: bool) -> None:
    requests = commands.set_charge_slot(3, NIGHT, EXTENDED)
    assert passes(requests, Model.HYBRID_GEN3, firmware=firmware) is expected
    assert not passes(requests, Model.HYBRID_GEN1)


def test_an_undetected_plant_takes_the_settings_of_every_single_phase_unit() -> None:
    assert passes(commands.set_charge_target_enabled(80), None)
    assert passes(commands.set_charge_slot(3, NIGHT, EXTENDED), None)
    assert not passes(commands.set_battery_charge_limit_ac(50), None)
    assert not passes(commands.set_pause_slot(NIGHT), None)
    assert not passes(commands.set_force_charge(True), None)


def test_gated_settings_take_an_opt_in() -> None:
    for requests in (commands.set_smart_load_slot(1, NIGHT), [WriteRequest(0x11, 104, 1)]):
        assert not passes(requests, Model.HYBRID_GEN1)
        assert passes(requests, Model.HYBRID_GEN1, gates.USER_GATED)


def test_installer_settings_take_an_installer_and_dangerous_ones_a_word_more() -> None:
    limit, protection, totals = (
        [WriteRequest(0x11, register, value)] for register, value in ((102, 1), (63, 1840), (162, 1))
    )
    asked, confirmed = gates.installer(confirm=False), gates.installer(confirm=True)
    for requests in (limit, protection, totals):
        assert not passes(requests, Model.HYBRID_GEN1, gates.USER_GATED)
        assert passes(requests, Model.HYBRID_GEN1, confirmed)
        assert passes(requests, Model.HYBRID_GEN1, asked) is (requests is limit)


@pytest.mark.parametrize("register", [101, 102, 103, 104])
def test_calibration_words_of_a_three_phase_unit_are_never_written(register: int) -> None:
    request = [WriteRequest(0x11, register, 1)]
    assert not passes(request, Model.HYBRID_3PH, gates.installer(confirm=True))
    with pytest.raises(InvalidPduState, match="never"):
        gates.check_any(request, plant(Model.HYBRID_3PH))


@pytest.mark.parametrize("register", [0, 13, 164, 180, 186, 479, 4097, 4385, 4500, 4552, 65535])
def test_what_no_table_lets_anyone_write_is_refused_on_every_path(register: int) -> None:
    request = [WriteRequest(0x11, register, 0)]
    with pytest.raises(InvalidPduState, match="never"):
        gates.check_any(request, None)
    for model in Model:
        assert not passes(request, model, gates.installer(confirm=True))


@given(register=st.integers(0, 65535), value=st.integers(0, 65535), model=st.sampled_from(Model))
def test_nothing_passes_that_its_own_table_does_not_allow(register: int, value: int, model: Model) -> None:
    if passes([WriteRequest(0x11, register, value)], model, gates.USER):
        kinds = gates._kinds(plant(model))
        lines = [line for line in gates._lines(register) if line.kind in kinds]
        assert any(line.write.tier == "user" and line.write.allows(value) for line in lines)


def test_execute_leaves_installer_settings_to_the_installer() -> None:
    gates.check_any([WriteRequest(0x11, 110, 10), WriteRequest(0x11, 104, 1)], None)
    with pytest.raises(InvalidPduState, match="installer_command"):
        gates.check_any([WriteRequest(0x11, 162, 1)], None)


@pytest.mark.parametrize(
    "request_",
    [
        ReadRequest(0x11, Bank.IR, 0, 0),
        ReadRequest(0x11, Bank.IR, 0, 61),
        ReadRequest(0x11, Bank.IR, 65500, 60),
        ReadRequest(0x11, Bank.IR, -1, 60),
        ReadRequest(0x111, Bank.IR, 0, 60),
        ReadRequest(0x11, "XR", 0, 60),  # type: ignore[arg-type]
        ReadRequest(0x11, Bank.IR, True, 60),
        WriteRequest(0x11, 110, 65536),
        WriteRequest(0x11, 110, -1),
        WriteRequest(0x11, 110, True),
        WriteRequest(0x32, 110, 10),
        "set_charge_target(90)",
    ],
)
def test_a_request_that_makes_no_sense_is_refused(request_: Any) -> None:
    with pytest.raises(InvalidPduState):
        gates.check_any([request_], None)


def test_a_command_does_not_read() -> None:
    with pytest.raises(InvalidPduState, match="execute"):
        gates.check_writes([ReadRequest(0x11, Bank.IR, 0, 60)], plant(Model.AC), gates.USER)


def test_a_value_that_the_hardware_does_not_take_is_refused() -> None:
    with pytest.raises(InvalidPduState, match="4 to 100"):
        gates.check_writes([WriteRequest(0x11, 110, 101)], plant(Model.HYBRID_GEN1), gates.USER)
