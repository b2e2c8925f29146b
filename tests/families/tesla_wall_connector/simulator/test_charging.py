"""Plug to unplug, second by second, against the captured sessions."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.documents import Vitals
from ohmstead.testing import warped

Open = Any  # the conftest's


async def states(home: Any, seconds: int, every_s: float = 1.0) -> list[int]:
    """`evse_state` as it changes."""
    found: list[int] = []
    for _ in range(round(seconds / every_s)):
        await home.after(every_s)
        state = (await home.vitals()).evse_state
        if found[-1:] != [state]:
            found.append(state)
    return found


async def until(home: Any, what: Any, most_s: int = 120) -> Vitals:
    for _ in range(most_s):
        await home.after(1)
        vitals: Vitals = await home.vitals()
        if what(vitals):
            return vitals
    raise AssertionError(f"not within {most_s} s: {vitals}")


@warped
async def test_a_tesla_goes_its_path(bench: Open) -> None:
    async with bench("25.34.1-us2") as home:
        await home.act("plug")
        assert await states(home, 40) == [2, 7, 9, 11]
        await home.act("charge", soc_pct=100)
        assert await states(home, 10) == [11, 9]
        await home.act("unplug")
        assert await states(home, 5) == [1]


@warped
async def test_a_pwm_car_goes_its_path(bench: Open) -> None:
    async with bench("24.36.3-eu3", car="pwm") as home:
        await home.act("plug")
        assert await states(home, 40) == [2, 4, 10]
        assert ((await home.vitals()).pilot_high_v, (await home.vitals()).pilot_low_v) == (5.9, -11.9)
        await home.act("charge", soc_pct=100)
        assert await states(home, 10) == [10, 8]
        assert await states(home, 320, 10.0) == [8, 4]
        assert (await home.vitals()).current_alerts == (49,)
        await home.act("unplug")
        assert await states(home, 5) == [13, 1]


@warped
async def test_a_sleeping_tesla_looks_like_a_pwm_car_until_it_wakes(bench: Open) -> None:
    async with bench("24.36.3-eu3", car="tesla-asleep", plugged="true") as home:
        await home.after(60)
        await home.act("charge", soc_pct=100)
        assert await states(home, 1900, 10.0) == [9, 4]
        asleep = await home.vitals()
        assert (asleep.pilot_high_v, asleep.pilot_low_v) == (8.7, -11.8)
        await home.act("charge", soc_pct=50)
        await home.act("wake")
        assert await states(home, 10) == [9, 11]


@warped
async def test_plugging_in_shows_the_measured_timeline(bench: Open) -> None:
    async with bench("25.34.1-us2", request="40") as home:
        await home.after(10)
        free = await home.vitals()
        assert (free.evse_not_ready_reasons, free.prox_v, free.pilot_high_v) == ((4, 8), 0.0, 11.8)
        await home.act("plug")
        await home.after(1)
        plugged = await home.vitals()
        assert (plugged.vehicle_connected, plugged.prox_v, plugged.session_s) == (True, 1.5, 1)
        assert (plugged.session_energy_wh, plugged.evse_not_ready_reasons) == (0.0, (4,))
        await home.after(4)
        assert (await home.vitals()).evse_not_ready_reasons == (1,)
        closed = await until(home, lambda vitals: vitals.contactor_closed, 26)
        assert closed.session_s is not None
        assert 4 <= closed.session_s <= 30
        seen = {}
        for second in range(1, 41):
            await home.after(1)
            seen[second] = (await home.vitals()).vehicle_current_a
        assert max(seen[second] for second in range(1, 8)) <= 1.7
        for second, amps in ((11, 8), (13, 14), (16, 16), (27, 32), (36, 40)):
            assert seen[second] == pytest.approx(amps, abs=0.3), second


@warped
async def test_unplugging_leaves_the_figures_standing_for_a_moment(bench: Open) -> None:
    async with bench("25.34.1-us2", plugged="true") as home:
        await home.after(120)
        energy_wh = (await home.vitals()).session_energy_wh
        await home.act("unplug")
        shown = []
        for _ in range(6):
            await home.after(1)
            vitals = await home.vitals()
            assert not vitals.vehicle_connected
            assert vitals.session_energy_wh >= energy_wh
            shown.append((vitals.session_s, vitals.evse_not_ready_reasons))
        assert shown == [(120, (1,)), (120, (1,)), (0, (8,)), (0, (8,)), (0, (4, 8)), (0, (4, 8))]
        await home.act("plug")
        await home.after(1)
        assert (await home.vitals()).session_energy_wh == 0.0


@warped
async def test_a_car_that_takes_nothing_has_the_contactor_closed_twice(bench: Open) -> None:
    async with bench("25.34.1-us2", request="0") as home:
        before = (await home.lifetime()).contactor_cycles
        await home.act("plug")
        assert await states(home, 180) == [2, 7, 9, 11, 9, 11, 9]
        assert (await home.lifetime()).contactor_cycles == before + 2
        assert home.unit.true_wh == 0.0


@warped
async def test_the_button_stops_charging_and_heats_the_handle_in_figures_only(bench: Open) -> None:
    async with bench("25.34.1-us2", plugged="true", handle_alert="77") as home:
        await home.after(120)
        alerts = (await home.lifetime()).alert_count
        await home.act("button", hold_s=40)
        await home.after(6)
        pressed = await home.vitals()
        assert (pressed.handle_temp_c, pressed.prox_v) == (127.0, 2.7)
        assert pressed.evse_not_ready_reasons == (3,)
        assert (pressed.contactor_closed, pressed.evse_state) == (False, 7)
        await home.after(30)
        assert (await home.vitals()).current_alerts == (77,)
        assert (await home.lifetime()).alert_count == alerts + 1
        await home.after(30)
        released = await home.vitals()
        assert (released.contactor_closed, released.current_alerts) == (True, ())
        assert released.handle_temp_c < 40.0


@warped
async def test_the_alert_of_a_long_press_has_no_number_unless_one_is_given(bench: Open) -> None:
    async with bench() as home:
        alerts = (await home.lifetime()).alert_count
        await home.act("button", hold_s=40)
        await home.after(36)

        assert (await home.vitals()).current_alerts == ()
        assert (await home.lifetime()).alert_count == alerts + 1


@warped
async def test_a_power_cycle_forgets_the_session_and_keeps_the_lifetime(bench: Open) -> None:
    async with bench("25.34.1-us2", plugged="true") as home:
        await home.after(600)
        kept = await home.lifetime()
        await home.act("power_cycle", off_s=5)
        await home.after(6)
        booting = await home.vitals()
        assert booting.evse_state == 0
        assert booting.uptime_s < 10
        assert booting.session_energy_wh == 0.0
        assert booting.evse_not_ready_reasons == (2, 4)
        await home.after(20)
        assert (await home.vitals()).contactor_closed is False
        again = await home.lifetime()
        assert (again.connector_cycles, again.energy_wh) == (kept.connector_cycles, kept.energy_wh)
        assert (await until(home, lambda vitals: vitals.contactor_closed)).uptime_s >= 60


@warped
async def test_heat_follows_the_current_and_folds_it_back(bench: Open) -> None:
    async with bench("25.34.1-us2", plugged="true", soc="5") as home:
        await home.after(1800)
        warm = await home.vitals()
        assert warm.pcba_temp_c > home.unit.heat.ambient_c + 20
        assert warm.input_thermopile_uv < -400
        assert warm.mcu_temp_c < warm.pcba_temp_c
        await home.act("ambient", ambient_c=52)
        await home.after(60)
        assert (await home.vitals()).vehicle_current_a == pytest.approx(24, abs=0.2)
        assert (await home.lifetime()).thermal_foldbacks == 1


@warped
async def test_an_outage_takes_the_unit_off_the_network(bench: Open) -> None:
    async with bench("24.36.3-eu3", plugged="true") as home:
        await home.after(60)
        await home.act("grid", is_up=False)
        await home.after(3)
        assert home.units.state()["units"][0]["is_powered"] is False
        await home.act("grid", is_up=True)
        await home.after(3)
        assert (await home.vitals()).uptime_s < 5
