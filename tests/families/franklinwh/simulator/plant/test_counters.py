from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.franklinwh.simulator.plant.counters import Flows, Ledger, Tally

WATTS = st.floats(min_value=0.0, max_value=20_000.0)
HOUR_S = 3600.0


def counted(flows: Flows) -> Tally:
    tally = Tally()
    tally.count(flows, HOUR_S)
    return tally


@given(
    solar_w=WATTS,
    generator_w=WATTS,
    battery_w=st.floats(-20_000.0, 20_000.0),
    grid_w=st.floats(-20_000.0, 20_000.0),
)
def test_whatever_flows_every_counter_is_the_sum_of_its_parts(
    solar_w: float, generator_w: float, battery_w: float, grid_w: float
) -> None:
    flows = Flows(solar_w, generator_w, battery_w, grid_w, v2l_w=-5_000.0)
    told = counted(flows)

    near = {"abs": 1e-6}
    loads = (told.solar_to_load, told.generator_to_load, told.battery_to_load, told.grid_to_load)
    assert sum(loads) == pytest.approx(told.load, **near)
    assert told.load == pytest.approx(max(0.0, flows.load_w), **near)
    assert all(part >= 0.0 for part in loads)
    assert told.solar_to_grid + told.battery_to_grid == pytest.approx(told.grid_out, **near)
    assert told.v2l == pytest.approx(told.v2l_to_load + told.v2l_to_battery, **near)


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        (
            Flows(3000.0, 0.0, -1000.0, -500.0),
            {"solar_to_load": 1500.0, "solar_to_battery": 1000.0, "solar_to_grid": 500.0},
        ),
        (Flows(0.0, 0.0, -5000.0, 6000.0), {"grid_to_load": 1000.0, "grid_to_battery": 5000.0}),
        (Flows(0.0, 0.0, 4000.0, -1000.0), {"battery_to_load": 3000.0, "battery_to_grid": 1000.0}),
        (
            Flows(500.0, 6000.0, -4000.0, 0.0),
            {"solar_to_load": 500.0, "generator_to_load": 2000.0, "generator_to_battery": 4000.0},
        ),
        (Flows(0.0, 0.0, -1500.0, 0.0, v2l_w=-2800.0), {"v2l_to_load": 1300.0, "v2l_to_battery": 1500.0}),
    ],
)
def test_each_flow_is_counted_where_it_went(flows: Flows, expected: dict[str, float]) -> None:
    told = counted(flows)

    parts = {name: getattr(told, name) for name in Tally.__struct_fields__ if "_to_" in name}
    assert {name: energy_wh for name, energy_wh in parts.items() if energy_wh} == expected


def test_days_add_up_over_any_span() -> None:
    ledger = Ledger(date(2026, 6, 20))
    for day in (20, 21, 22):
        ledger.turn(date(2026, 6, day))
        ledger.count(Flows(grid_w=1000.0 * day), HOUR_S)

    assert ledger.total(date(2026, 6, 21), date(2026, 6, 30)).grid_in == 43_000.0
    assert ledger.now.grid_in == 22_000.0


def test_samples_are_kept_for_a_week_and_days_for_ever() -> None:
    ledger = Ledger(date(2026, 6, 1))
    for day in range(1, 31):
        ledger.turn(date(2026, 6, day))
        ledger.sample(0, soc_pct=50.0, stored_wh=6_800.0, run_status=1)

    assert sorted(ledger.samples) == [date(2026, 6, day) for day in range(24, 31)]
    assert len(ledger.days) == 30
