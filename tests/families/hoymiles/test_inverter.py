"""The conversion law over known skies."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead.families.hoymiles.simulator import HMS_800W_2T, MicroInverter
from ohmstead.families.hoymiles.simulator.inverter import efficiency_at, power_factor_at
from ohmstead.kit.world import Bus, Panel, Place, World
from ohmstead.model import ReplayedClock

YEAR_START = date(2026, 1, 1)


class Lamp:
    """A sky that can be switched."""

    def __init__(self, light_w_m2: float = 1000.0, ambient_c: float = 20.0) -> None:
        self.light_w_m2 = light_w_m2
        self.ambient_is_c = ambient_c

    def irradiance_w_m2(self, at: datetime, tilt_deg: float, azimuth_deg: float) -> float:
        return self.light_w_m2

    def ambient_c(self, at: datetime) -> float:
        return self.ambient_is_c


def bus(at: datetime = datetime(2026, 6, 21, 11, tzinfo=UTC), *, energised: bool = True) -> Bus:
    return Bus(at, energised, 230.0, 50.0, 0.0)


def inverter(sky: Lamp, *, panel_w: float = 400.0, grid_wait_s: float = 0.0) -> MicroInverter:
    return MicroInverter(HMS_800W_2T, 1, (Panel(panel_w), Panel(panel_w)), sky, grid_wait_s=grid_wait_s)


def run(subject: MicroInverter, seconds: int, *, energised: bool = True) -> list[float]:
    return [subject.step(bus(energised=energised), 1.0) for _ in range(seconds)]


@pytest.mark.parametrize(
    ("day", "energy_wh", "peak_w"), [(172, 6010.0, 701.0), (80, 4680.0, 628.0), (355, 2320.0, 427.0)]
)
def test_a_clear_day_at_50_degrees_north_yields_what_it_should(
    day: int, energy_wh: float, peak_w: float
) -> None:
    midnight = datetime.combine(YEAR_START + timedelta(days=day - 1), time(), UTC)
    world = World(ReplayedClock(midnight), place=Place(50.0, 10.0))
    world.weather.set_clear_sky()
    world.weather.set_ambient(18.0, 6.0)
    subject = MicroInverter(HMS_800W_2T, 1, (Panel(400.0), Panel(400.0)), world, grid_wait_s=0.0)
    powers_w = [subject.step(bus(midnight + timedelta(minutes=minute)), 60.0) for minute in range(1440)]
    assert subject.energy_today_wh == pytest.approx(energy_wh, rel=0.01)
    assert max(powers_w) == pytest.approx(peak_w, rel=0.01)


def test_it_starts_after_a_minute_of_light_and_the_grid_check() -> None:
    subject = inverter(Lamp(), grid_wait_s=60.0)
    powers_w = run(subject, 130)
    assert powers_w[:119] == [0.0] * 119
    assert powers_w[120] > 0


@pytest.mark.parametrize("light_w_m2", [0.0, 14.0])
def test_it_does_not_start_in_the_dusk(light_w_m2: float) -> None:
    assert not any(run(inverter(Lamp(light_w_m2)), 300))


def test_it_stops_after_a_minute_of_dark() -> None:
    sky = Lamp()
    subject = inverter(sky)
    run(subject, 70)
    sky.light_w_m2 = 7.0
    powers_w = run(subject, 70)
    assert powers_w[50] > 0
    assert powers_w[65] == 0.0


def test_a_dead_grid_stops_it_at_once_and_it_checks_again_afterwards() -> None:
    subject = inverter(Lamp(), grid_wait_s=60.0)
    run(subject, 130)
    assert run(subject, 5, energised=False) == [0.0] * 5
    powers_w = run(subject, 130)
    assert powers_w[:119] == [0.0] * 119
    assert powers_w[-1] > 0


def test_a_limit_is_approached_by_ten_percent_a_second() -> None:
    subject = inverter(Lamp(), panel_w=600.0)
    run(subject, 70)
    subject.write_limit(50.0)
    powers_w = run(subject, 8)
    assert powers_w[:6] == pytest.approx([720.0, 640.0, 560.0, 480.0, 400.0, 400.0])


def test_above_its_rating_the_panels_are_held_back_and_their_voltage_climbs() -> None:
    free, held = inverter(Lamp(), panel_w=300.0), inverter(Lamp(), panel_w=900.0)
    run(free, 70)
    assert run(held, 70)[-1] == 800.0
    assert held.ports[0].state.voltage_v > free.ports[0].state.voltage_v
    assert held.ports[0].state.power_w < 900.0 / 2


def test_less_than_2_percent_is_not_honoured() -> None:
    subject = inverter(Lamp())
    subject.write_limit(0.0)
    assert subject.limit_pct == 2.0
    assert subject.flash_writes == 1


def test_a_new_day_begins_its_meters_anew_and_a_cloud_does_not() -> None:
    sky = Lamp()
    subject = inverter(sky)
    run(subject, 300)
    before_wh, total_wh = subject.energy_today_wh, subject.ports[0].energy_total_wh
    sky.light_w_m2 = 0.0
    run(subject, 600)
    sky.light_w_m2 = 1000.0
    run(subject, 100)
    assert subject.energy_today_wh > before_wh
    sky.light_w_m2 = 0.0
    run(subject, 4000)
    sky.light_w_m2 = 1000.0
    run(subject, 100)
    assert subject.energy_today_wh < before_wh
    assert subject.ports[0].energy_total_wh > total_wh


def test_it_warms_up_slowly() -> None:
    subject = inverter(Lamp(), panel_w=900.0)
    run(subject, 70)
    run(subject, 1200)
    assert subject.temperature_c == pytest.approx(20.0 + 28.0 * (1 - math.exp(-1200 / 1200)), abs=1.0)


def test_efficiency_and_power_factor_at_their_corners() -> None:
    assert efficiency_at(1.0) == pytest.approx(0.961)
    assert efficiency_at(0.02) == pytest.approx(0.765)
    assert efficiency_at(0.0) == pytest.approx(0.765)
    assert power_factor_at(0.15) == 0.999
    assert power_factor_at(0.01) == pytest.approx(0.85)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 1300),
            st.floats(-20, 45),
            st.floats(0, 100),
            st.booleans(),
            st.integers(1, 200),
        ),
        max_size=8,
    )
)
def test_what_leaves_never_exceeds_what_came_in_or_the_rating(
    hours: list[tuple[float, float, float, bool, int]],
) -> None:
    sky = Lamp()
    subject = inverter(sky, panel_w=500.0)
    for light_w_m2, ambient_c, limit_pct, energised, seconds in hours:
        sky.light_w_m2, sky.ambient_is_c = light_w_m2, ambient_c
        subject.write_limit(limit_pct)
        for power_w in run(subject, seconds, energised=energised):
            dc_w = sum(port.state.power_w for port in subject.ports)
            assert 0.0 <= power_w <= 800.0
            assert energised or power_w == 0.0
        assert power_w == pytest.approx(0.0) if dc_w == 0 else 0.74 <= power_w / dc_w <= 0.97
