from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.kit.world import Cells


@given(
    soc_pct=st.floats(0.0, 100.0),
    exchanges=st.lists(st.tuples(st.floats(-20_000.0, 20_000.0), st.floats(1.0, 3600.0)), max_size=50),
)
def test_no_energy_appears_or_vanishes(soc_pct: float, exchanges: list[tuple[float, float]]) -> None:
    cells = Cells(9_500.0, soc_pct, max_charge_w=3_600.0, max_discharge_w=5_000.0)
    before_wh = cells.stored_wh

    for wanted_w, dt_s in exchanges:
        losses_wh, charged_wh, discharged_wh = cells.losses_wh, cells.charged_wh, cells.discharged_wh
        power_w = cells.exchange(wanted_w, dt_s)
        assert -3_600.0 <= power_w <= 5_000.0
        assert abs(power_w) <= abs(wanted_w)
        assert power_w * wanted_w >= 0.0
        assert 0.0 <= cells.soc_pct <= 100.0 + 1e-9
        assert cells.losses_wh >= losses_wh - 1e-9
        assert cells.charged_wh >= charged_wh
        assert cells.discharged_wh >= discharged_wh

    kept_wh = cells.charged_wh - cells.discharged_wh - cells.losses_wh
    assert cells.stored_wh - before_wh == pytest.approx(kept_wh, abs=1e-6)


def test_of_what_goes_in_92_percent_comes_out() -> None:
    cells = Cells(10_000.0, 0.0)
    cells.exchange(-5_000.0, 3600.0)
    for _ in range(2):
        cells.exchange(5_000.0, 3600.0)

    assert cells.charged_wh == pytest.approx(5_000.0)
    assert cells.discharged_wh == pytest.approx(4_600.0)
    assert cells.losses_wh == pytest.approx(400.0)


def test_an_empty_battery_gives_and_a_full_one_takes_nothing() -> None:
    assert Cells(10_000.0, 0.0).exchange(1_000.0, 1.0) == 0.0
    assert Cells(10_000.0, 100.0).exchange(-1_000.0, 1.0) == 0.0


def test_what_it_says_it_can_is_what_it_does() -> None:
    nearly_empty, nearly_full = Cells(10_000.0, 0.001), Cells(10_000.0, 99.999)

    assert nearly_empty.deliverable_w(1.0) == pytest.approx(nearly_empty.exchange(5_000.0, 1.0))
    assert nearly_full.acceptable_w(1.0) == pytest.approx(-nearly_full.exchange(-5_000.0, 1.0))


def test_a_drive_takes_energy_that_the_house_never_sees() -> None:
    cells = Cells(10_000.0, 50.0)

    assert cells.drain(3_000.0) == 3_000.0
    assert cells.drain(3_000.0) == 2_000.0
    assert (cells.soc_pct, cells.drained_wh, cells.discharged_wh) == (0.0, 5_000.0, 0.0)


def test_the_pack_is_one_of_238_volts_that_sags_under_load_and_rises_while_charging() -> None:
    cells = Cells(10_000.0, 50.0)

    assert cells.voltage_v == pytest.approx(238.0)
    cells.exchange(5_000.0, 1.0)
    assert cells.voltage_v == pytest.approx(238.0 * 0.985, rel=1e-4)
    assert cells.current_a == pytest.approx(5_000.0 / cells.voltage_v)
    cells.exchange(-5_000.0, 1.0)
    assert cells.voltage_v == pytest.approx(238.0 * 1.015, rel=1e-4)


def test_the_voltage_rises_with_the_charge() -> None:
    rising_v = [Cells(10_000.0, soc_pct).voltage_v for soc_pct in range(0, 101, 5)]

    assert rising_v == sorted(rising_v)
    assert rising_v[0] == pytest.approx(217.8, abs=0.1)
    assert rising_v[-1] == pytest.approx(248.1, abs=0.1)


def test_cells_lie_a_few_millivolts_about_their_mean() -> None:
    voltages_v = Cells(10_000.0, 50.0).cell_voltages_v()

    assert len(voltages_v) == 72
    assert 0.004 < max(voltages_v) - min(voltages_v) <= 0.008
    assert sum(voltages_v) == pytest.approx(238.0, abs=0.1)
