from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ohmstead.kit.world import Panel, PanelState

NOON = datetime(2025, 6, 21, 11, 20, tzinfo=UTC)


class Bright:
    """A sky of 800 W/m² and 20 degrees, whatever the time and orientation."""

    def irradiance_w_m2(self, at: datetime, tilt_deg: float, azimuth_deg: float) -> float:
        return 800.0

    def ambient_c(self, at: datetime) -> float:
        return 20.0


def test_in_the_light_of_its_data_sheet_it_gives_what_the_data_sheet_says() -> None:
    state = Panel(400.0).under(1000.0, 25.0 - 31.25)

    assert state == PanelState(1000.0, 25.0, 400.0, 34.0, pytest.approx(400.0 / 34.0))


def test_a_warm_panel_gives_less_at_a_lower_voltage() -> None:
    state = Panel(400.0).operate(Bright(), NOON)

    assert state.cell_c == pytest.approx(45.0)
    assert state.power_w == pytest.approx(400.0 * 0.8 * (1.0 - 0.0034 * 20.0))
    assert state.voltage_v == pytest.approx(
        34.0 * (1.0 - 0.0026 * 20.0) * (1.0 + 0.04 * -0.2231436), rel=1e-6
    )
    assert state.current_a * state.voltage_v == pytest.approx(state.power_w)


def test_a_panel_that_may_hardly_deliver_climbs_towards_its_open_circuit_voltage() -> None:
    panel = Panel(400.0)
    voltages_v = [panel.under(1000.0, -6.25, share=share).voltage_v for share in (1.0, 0.5, 0.0)]

    assert voltages_v == [pytest.approx(34.0), pytest.approx(36.065), pytest.approx(0.93 * 41.0)]
    assert panel.under(1000.0, -6.25, share=0.25).power_w == pytest.approx(100.0)


def test_shade_takes_its_share_of_the_light() -> None:
    state = Panel(400.0, shading=lambda at: 0.25).operate(Bright(), NOON)

    assert state.irradiance_w_m2 == pytest.approx(200.0)


def test_in_the_dark_there_is_nothing() -> None:
    assert Panel(400.0).under(0.0, 5.0) == PanelState(0.0, 5.0, 0.0, 0.0, 0.0)


def test_voltages_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="open-circuit"):
        Panel(400.0, mpp_voltage_v=41.0, open_circuit_voltage_v=34.0)
