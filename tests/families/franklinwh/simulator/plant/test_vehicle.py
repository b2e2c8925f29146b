from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.franklinwh.facts.codes import GeneratorState, V2lState
from ohmstead.families.franklinwh.simulator.plant.genset import Why
from ohmstead.families.franklinwh.simulator.plant.options import PlantOptions
from ohmstead.families.franklinwh.simulator.plant.profiles import PROFILES
from ohmstead.families.franklinwh.simulator.records import circuits, metering, runtime

ELIGIBLE = {
    "us_v1_full": True,
    "us_v1_circuits": False,
    "us_v1_generator": False,
    "us_v2": True,
    "us_v2_full": True,
    "us_bare": False,
    "au_v1": False,
    "au_v1_full": False,
    "us_merged": True,
    "two_gateways": True,
}


def off_grid(home: Any, **options: Any) -> Any:
    site = home(options=PlantOptions(**options))
    site.gateway.leave_grid(5.0)
    site.live(20)
    return site


def test_on_the_street_the_port_stays_open(home: Any) -> None:
    site = home()
    site.live(5)
    port = site.gateway.port

    assert not port.switch_on(is_generator_idle=True)
    site.live(5)
    assert (port.state, port.power_w, port.is_on) == (V2lState.DISABLED, 0.0, False)


def test_off_the_street_it_supplies_and_the_packs_carry_it(home: Any) -> None:
    site = off_grid(home)
    gateway = site.gateway
    assert gateway.port.state is V2lState.STANDBY
    before_w = site.live().load_w

    assert gateway.port.switch_on(is_generator_idle=True)
    flows = site.live(2)

    assert gateway.port.state is V2lState.ACTIVE
    assert flows.load_w - before_w == pytest.approx(2800.0, abs=300.0)
    record, measured = runtime.live(gateway), metering.metering(gateway)
    assert (record["v2lModeEnable"], record["v2lRunState"]) == (1, 2)
    assert (measured["CarSWPower"], measured["CarSWCurr"]) == (2800, 12)
    assert metering.electrical(gateway)["evRelayStat"] == 1
    site.live(3600)
    assert metering.metering(gateway)["CarSWExpEnergy"] == pytest.approx(2800, abs=5)


def test_a_vehicle_that_feeds_in_counts_the_other_way(home: Any) -> None:
    site = off_grid(home, feeds_in=True)
    site.gateway.port.switch_on(is_generator_idle=True)
    flows = site.live(3600)
    measured = metering.metering(site.gateway)

    assert flows.v2l_w == measured["CarSWPower"] == -2800
    assert measured["CarSWImpEnergy"] == pytest.approx(2800, abs=5)
    assert metering.metering(site.gateway, is_unsigned=True)["CarSWPower"] == 2800
    told = site.gateway.ledger.now
    assert told.v2l == pytest.approx(told.v2l_to_load + told.v2l_to_battery)
    assert told.v2l == pytest.approx(2800.0, abs=5.0)


def test_the_street_takes_it_off_again(home: Any) -> None:
    site = off_grid(home)
    site.gateway.port.switch_on(is_generator_idle=True)
    site.live(10)
    site.gateway.islanding.withdraw()
    site.live(20)

    assert (site.gateway.port.is_on, site.gateway.port.state) == (False, V2lState.DISABLED)


def test_unplugged_or_faulty_nothing_flows(home: Any) -> None:
    site = off_grid(home)
    port = site.gateway.port
    port.switch_on(is_generator_idle=True)
    port.is_plugged = False
    site.live()
    assert port.state is V2lState.STANDBY
    port.has_fault = True
    site.live()
    assert (port.state, port.is_on) == (V2lState.FAULT, False)


def test_port_and_generator_exclude_each_other(home: Any) -> None:
    site = home(options=PlantOptions(delay_scale=0.0))
    gateway = site.gateway
    site.world.grid.fail()
    site.live(1)
    gateway.genset.stop()
    assert not gateway.port.switch_on(is_generator_idle=gateway.genset.is_idle)
    site.live(90)
    assert gateway.port.switch_on(is_generator_idle=gateway.genset.is_idle)
    gateway.packs.fill_to(10.0)
    site.live(60)

    assert gateway.genset.state is GeneratorState.STANDBY
    gateway.port.switch_off()
    site.live(60)
    assert gateway.genset.state is GeneratorState.RUNNING
    assert gateway.genset.why is Why.OUTAGE


def test_without_a_licence_it_never_closes(home: Any) -> None:
    site = off_grid(home, is_licensed=False)

    assert not site.gateway.port.switch_on(is_generator_idle=True)
    assert runtime.live(site.gateway)["v2lModeEnable"] == 0


@pytest.mark.parametrize(("model", "is_eligible"), list(ELIGIBLE.items()))
def test_each_profile_shows_the_port_it_has(home: Any, model: str, is_eligible: bool) -> None:
    gateway = home(model).gateway
    record, shown = runtime.live(gateway), circuits.circuits(gateway)
    expected = None if model.startswith("au") else int(is_eligible)

    assert record["v2lModeEnable"] == expected
    assert shown["modeChoose"] == (3 if is_eligible else 14)
    assert (shown["Sw3Name"] == "V2L / Car") is is_eligible


def test_every_profile_is_tried() -> None:
    assert set(ELIGIBLE) == set(PROFILES)
    assert next(iter(PROFILES)) == "us_v1_full"
