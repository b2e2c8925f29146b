"""What a plant is made of, as it is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.givenergy.capabilities import PlantCapabilities
from ohmstead.families.givenergy.models import Model

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["capabilities"], ids=lambda case: case["source"])
def test_a_stored_form_is_read_and_written_back(case: dict[str, Any]) -> None:
    if "error" in case["expect"]:
        with pytest.raises(ValueError, match=case["expect"]["error"]):
            PlantCapabilities.from_dict(case["input"])
        return
    found = PlantCapabilities.from_dict(case["input"])
    assert found.to_dict() == case["expect"]["to_dict"]
    assert PlantCapabilities.from_dict(found.to_dict()).to_dict() == found.to_dict()


@pytest.mark.parametrize("case", VECTORS["hinted_detection"], ids=lambda case: case["source"])
def test_what_is_remembered_is_compared_as_owners_expect(case: dict[str, Any]) -> None:
    found = {entry["source"]: entry["expect"] for entry in VECTORS["detection"]}[case["plant"]]
    prior, actual = PlantCapabilities.from_dict(case["prior"]), PlantCapabilities.from_dict(found)
    assert bool(prior.differences(actual)) is ("error" in case["expect"])


@pytest.mark.parametrize(
    "broken",
    [
        {"inverter_address": "0x100"},
        {"inverter_address": "seventeen"},
        {"inverter_address": True},
        {"meter_addresses": [-1]},
        {"meter_addresses": 5},
        {"bcu_stacks": [[0]]},
        {"bcu_stacks": 3},
        {"arm_firmware_version": "x"},
        {"device_type": "TOASTER"},
    ],
)
def test_what_makes_no_sense_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PlantCapabilities.from_dict({"device_type": "AC", **broken})


def test_a_form_without_a_type_is_refused() -> None:
    with pytest.raises(ValueError, match="device_type"):
        PlantCapabilities.from_dict({})


def test_a_missing_key_is_absent_and_an_empty_list_is_a_statement() -> None:
    found = PlantCapabilities.from_dict({"device_type": "HYBRID", "meter_addresses": []})
    assert "lv_battery_addresses" in found.absent
    assert "meter_addresses" not in found.absent


@pytest.mark.parametrize(
    ("model", "firmware", "extended", "optional"),
    [
        (Model.HYBRID_GEN3, 302, False, False),
        (Model.HYBRID_GEN3, 303, True, False),
        (Model.HYBRID_3PH, None, False, True),
        (Model.ALL_IN_ONE_HYBRID, None, True, False),
        (Model.HYBRID_GEN1, 449, False, False),
    ],
)
def test_extended_slots_depend_on_model_and_firmware(
    model: Model, firmware: int | None, extended: bool, optional: bool
) -> None:
    found = PlantCapabilities(device_type=model, arm_firmware_version=firmware)
    assert (found.has_extended_slots, found.has_optional_slot_block) == (extended, optional)


def test_a_battery_with_high_voltage_does_not_make_three_phases() -> None:
    found = PlantCapabilities(device_type=Model.HYBRID_HV_GEN3)
    assert (found.is_hv, found.is_three_phase, found.is_ac_coupled) == (True, False, False)
