from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.franklinwh.facts.codes import GeneratorState
from ohmstead.families.franklinwh.simulator.plant.islanding import MOVES, Islanding, Phase
from ohmstead.families.franklinwh.simulator.plant.options import PlantOptions
from ohmstead.families.franklinwh.simulator.records import runtime

NOON_S = 12 * 3600


def test_an_outage_starts_the_generator_in_automatic_mode_after_its_delay(home: Any) -> None:
    site = home()
    site.live(60)
    site.world.grid.fail()

    waited_s = site.live_until(lambda: site.gateway.genset.state is GeneratorState.RUNNING)

    assert waited_s == pytest.approx(1800, abs=2)
    site.live(60)
    flows = site.gateway.flows
    assert flows.generator_w > 5000.0
    assert flows.grid_w == 0.0
    assert site.world.bus.energised
    assert runtime.live(site.gateway)["main_sw"] == [0, 1, 1]


def test_an_outage_does_not_start_the_generator_in_manual_mode(home: Any) -> None:
    site = home(options=PlantOptions(delay_scale=0.0, soc_pct=15.0))
    site.gateway.genset.write({"manuSw": 2})
    site.world.grid.fail()
    site.live(3600)

    assert site.gateway.genset.state is GeneratorState.STANDBY
    assert site.gateway.genset.engine.run_s == 0.0


def test_the_generator_stops_when_the_packs_are_full_enough_and_cools_down(home: Any) -> None:
    site = home(options=PlantOptions(delay_scale=0.0, soc_pct=70.0, solar_w=0.0))
    genset = site.gateway.genset
    site.world.grid.fail()
    site.live_until(lambda: genset.state is GeneratorState.COOLDOWN, 4 * 3600)

    assert site.gateway.packs.soc_pct == pytest.approx(80.0, abs=0.1)
    assert site.live_until(lambda: genset.state is GeneratorState.STANDBY) == pytest.approx(60, abs=2)
    site.live(3600)
    assert genset.state is GeneratorState.STANDBY


def test_the_generator_stops_when_the_street_is_back(home: Any) -> None:
    site = home(options=PlantOptions(delay_scale=0.0, soc_pct=30.0))
    site.world.grid.fail()
    site.live(120)
    assert site.gateway.genset.state is GeneratorState.RUNNING
    site.world.grid.restore()

    assert site.live_until(lambda: site.gateway.islanding.is_connected) == pytest.approx(300, abs=2)
    site.live(2)
    assert site.gateway.genset.state is GeneratorState.COOLDOWN


def test_with_a_threshold_alone_a_low_charge_starts_it(home: Any) -> None:
    site = home(options=PlantOptions(delay_scale=0.0, soc_pct=22.0, solar_w=0.0, starts_on_outage=False))
    site.world.grid.fail()
    site.live(5)
    assert site.gateway.genset.state is GeneratorState.STANDBY

    site.live_until(lambda: site.gateway.genset.state is GeneratorState.RUNNING, 4 * 3600)

    assert site.gateway.packs.soc_pct == pytest.approx(20.0, abs=0.1)


def test_outside_its_windows_it_stays_off(home: Any) -> None:
    site = home(options=PlantOptions(delay_scale=0.0))
    site.gateway.genset.write({"charge1En": 1, "charge1StartTime": "01:00", "charge1EndTime": "01:30"})
    site.world.grid.fail()

    assert site.live_until(lambda: site.gateway.genset.state is GeneratorState.RUNNING) == pytest.approx(
        3600, abs=61
    )
    assert site.live_until(lambda: site.gateway.genset.state is GeneratorState.COOLDOWN) == pytest.approx(
        1800, abs=61
    )


def test_an_empty_tank_is_a_fault_until_it_is_cleared(home: Any) -> None:
    site = home(options=PlantOptions(delay_scale=0.0))
    genset = site.gateway.genset
    genset.engine.fuel_l = 0.2
    site.world.grid.fail()
    site.live_until(lambda: genset.state is GeneratorState.FAULT)

    assert genset.alarm == "1006"
    assert [alarm["alarmCode"] for alarm in runtime.alarms(site.gateway)] == ["1006"]
    genset.engine.refuel(20.0)
    genset.clear()
    assert genset.state is GeneratorState.STANDBY


def test_the_exercise_run_carries_no_load(home: Any) -> None:
    site = home()
    site.gateway.genset.write({"oilmanoEn": 1, "manoFre": 1, "manoStartTime": "00:10", "manoTime": 5})
    site.live(700)

    assert site.gateway.genset.state is GeneratorState.RUNNING
    assert site.gateway.flows.generator_w == 0.0
    site.live(400)
    assert site.gateway.genset.state is GeneratorState.STANDBY
    assert site.gateway.genset.engine.run_s > 250.0


def test_the_house_goes_dark_at_the_floor_and_the_sun_brings_it_back(home: Any) -> None:
    site = home("us_bare", options=PlantOptions(soc_pct=6.0))
    site.world.grid.fail()
    site.live_until(lambda: not site.world.bus.energised, 4 * 3600)

    assert site.gateway.packs.soc_pct == pytest.approx(5.0, abs=0.05)
    site.live(5)
    assert list(site.gateway.alarms) == ["1011"]
    assert runtime.live(site.gateway)["p_load"] == 0.0
    site.live_until(lambda: site.world.bus.energised, 12 * 3600)
    assert site.gateway.packs.soc_pct == pytest.approx(8.0, abs=0.05)
    site.live(5)
    assert not site.gateway.alarms


def test_a_full_battery_leaves_the_sun_outside_off_grid(home: Any) -> None:
    site = home("us_bare", options=PlantOptions(soc_pct=100.0))
    site.live(NOON_S)
    site.world.grid.fail()
    site.gateway.packs.fill_to(100.0)
    flows = site.live(30)

    assert flows.solar_w == pytest.approx(flows.load_w, abs=600.0)
    assert site.world.bus.energised
    assert site.gateway.island_frequency_hz == 61.2


@pytest.mark.long
def test_leaving_the_street_on_request_follows_the_captured_timeline(home: Any) -> None:
    site = home()
    site.live(NOON_S)
    gateway = site.gateway
    assert gateway.leave_grid(5.0)
    assert gateway.islanding.is_requested

    site.live(6)
    assert runtime.live(gateway)["main_sw"] == [1, 0, 1]
    site.live(3)
    off = runtime.live(gateway)
    assert (off["main_sw"], off["mode"], off["name"]) == ([0, 0, 0], 26, "")
    assert (off["slaver_stat"], off["offgridreason"], off["p_sun"], off["p_uti"]) == (5, 1, 0.0, 0.0)
    assert gateway.islanding.is_off_on_request
    site.live(60)
    assert runtime.live(gateway)["main_sw"] == [0, 0, 1]
    assert runtime.live(gateway)["p_sun"] == 0.0
    site.live(300)
    assert runtime.live(gateway)["p_sun"] > 0.1

    gateway.islanding.withdraw()
    site.live(7)
    assert not gateway.islanding.is_off_on_request
    site.live(10)
    back = runtime.live(gateway)
    assert (back["main_sw"], back["mode"], back["slaver_stat"]) == ([1, 0, 1], 21669, 4)
    assert back["offgridreason"] is None


def test_too_little_in_the_packs_keeps_it_on_the_street(home: Any) -> None:
    gateway = home(options=PlantOptions(soc_pct=8.0)).gateway

    assert not gateway.leave_grid(20.0)
    assert gateway.islanding.phase is Phase.CONNECTED


def test_an_outage_says_so_within_a_second(home: Any) -> None:
    site = home()
    site.live(10)
    site.world.grid.fail()
    site.live(1)
    record = runtime.live(site.gateway)

    assert (record["main_sw"][0], record["offgridreason"]) == (0, 0)
    assert runtime.solar_flags(site.gateway)["offGridFlag"] == 1
    assert not site.gateway.islanding.is_off_on_request


def test_every_phase_of_islanding_can_be_reached_and_left() -> None:
    reached = {follower for moves in MOVES.values() for follower in moves.values()}

    assert reached == set(Phase) == set(MOVES)
    assert all(MOVES.values())


def test_a_street_that_fails_while_it_is_leaving_leaves_it_off_on_request() -> None:
    islanding = Islanding()
    islanding.request()
    islanding.step(1.0, is_street_up=False)

    assert islanding.phase is Phase.REQUESTED
    islanding.withdraw()
    islanding.step(1.0, is_street_up=False)
    assert islanding.phase is Phase.OUTAGE
