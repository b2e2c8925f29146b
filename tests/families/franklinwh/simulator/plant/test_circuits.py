from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.franklinwh.simulator.plant.options import PlantOptions
from ohmstead.families.franklinwh.simulator.records import circuits, metering, runtime


def test_a_circuit_draws_what_is_on_it_and_its_relay_follows_after_two_seconds(home: Any) -> None:
    site = home("us_v1_circuits")
    site.live(10)
    gateway = site.gateway
    gateway.circuits.switch(2, is_on=True)
    site.live(1)
    assert runtime.live(gateway)["pro_load"] == [1, 0, 0]
    site.live(2)

    assert runtime.live(gateway)["pro_load"] == [1, 1, 0]
    assert metering.metering(gateway)["SW2ExpPower"] == 600
    site.live(3600)
    assert metering.metering(gateway)["SW2ExpEnergy"] == pytest.approx(600, abs=2)


def test_the_third_circuit_is_metered_as_the_vehicle_port_where_there_is_none(home: Any) -> None:
    site = home("us_v1_circuits")
    site.gateway.circuits.switch(3, is_on=True)
    site.live(10)

    assert metering.metering(site.gateway)["CarSWPower"] == 900
    assert runtime.live(site.gateway)["pro_load"] == [1, 0, 1]


def test_a_merged_pair_moves_together(home: Any) -> None:
    site = home("us_merged")
    site.gateway.circuits.switch(2, is_on=False)
    site.live(5)

    assert runtime.live(site.gateway)["pro_load"][:2] == [0, 0]
    assert circuits.circuits(site.gateway)["SwMerge"] == 1
    assert circuits.circuits_v2(site.gateway)["merge"] == [1, 2]


def test_a_cut_off_opens_off_grid_only(home: Any) -> None:
    site = home("us_v1_circuits", options=PlantOptions(soc_pct=30.0))
    first = site.gateway.circuits.all[0]
    first.cuts_off, first.least_soc_pct = True, 35
    site.live(10)
    assert first.is_on
    site.world.grid.fail()
    site.live(3)

    assert not first.is_on


@pytest.mark.long
def test_a_schedule_switches_on_its_days(home: Any) -> None:
    site = home("us_v1_circuits")
    second = site.gateway.circuits.all[1]
    second.times[:2] = ["2026-06-19 00:05", "2026-06-19 00:10"]
    second.enabled, second.cycle_days = [1, 1, 0, 0], 1
    site.live(310)
    assert second.is_on
    site.live(300)
    assert not second.is_on
    second.cycle_days = 3
    site.live(86_400)
    assert not second.is_on


def test_without_a_module_three_circuits_are_reported_and_their_counters_are_noise(home: Any) -> None:
    site = home("us_bare")
    site.gateway.circuits.switch(1, is_on=True)
    site.live(10)
    shown, measured = circuits.circuits(site.gateway), metering.metering(site.gateway)

    assert [shown[f"Sw{n}Name"] for n in (1, 2, 3)] == ["Circuits 1", "Circuits 2", "Circuits 3"]
    assert measured["CarSWExpEnergy"] == 5997
    assert measured["SW1ExpPower"] == 0
    assert runtime.live(site.gateway)["pro_load"] == [0, 0, 0]
