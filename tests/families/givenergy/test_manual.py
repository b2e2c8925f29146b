"""The page of commands says what the code does."""

from __future__ import annotations

from ohmstead.families.givenergy import commands
from ohmstead.families.givenergy.manual import lines


def rows() -> dict[str, list[str]]:
    cells = [line.strip("| ").split(" | ") for line in lines() if line.startswith("| `")]
    return {row[0].strip("`").split("(")[0]: row for row in cells}


def test_every_command_has_its_row() -> None:
    assert set(rows()) == set(commands.__all__)


def test_a_row_names_parameters_surfaces_registers_and_models() -> None:
    assert rows()["set_battery_soc_reserve"] == [
        "`set_battery_soc_reserve(val)`",
        "single-phase, three-phase",
        "110 = val<br>three-phase: 1109 = val",
        "What the battery keeps, 4 to 100 %.",
        "all single-phase, all three-phase",
    ]
    assert rows()["set_charge_target_enabled"][2] == (
        "96 = 1, 20 = 1, 116 = soc<br>three-phase: 1112 = 1, 20 = 1, 1111 = soc"
    )
    assert rows()["set_ems_charge_slot"][1:3] == ["EMS", "2053 = start, 2054 = end"]
    assert rows()["set_system_date_time"][2].startswith("35 = year − 2000, 36 = month")


def test_what_is_not_for_everybody_says_so() -> None:
    assert rows()["set_force_charge"][1] == "three-phase"
    assert rows()["set_battery_pause_mode"][1] == "–"
    assert "*gated*: GATEWAY" in rows()["set_export_priority"][4]
    assert rows()["set_anti_islanding"][4].startswith("*installer*")
