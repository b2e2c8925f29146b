"""What a gateway measures between the street, the house, PV and its All-in-Ones."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.registers.gateway import GatewayTable as Table
from ohmstead.families.givenergy.simulator.gauges.counters import Line, today, total
from ohmstead.families.givenergy.simulator.gauges.single_phase import REST_W
from ohmstead.families.givenergy.simulator.gauges.view import View
from ohmstead.families.givenergy.simulator.sheet import Sheet
from ohmstead.families.givenergy.types import State, WorkMode

ALL_IN_ONES: Final = (
    (Table.aio1_soc, Table.p_aio1_inverter),
    (Table.aio2_soc, Table.p_aio2_inverter),
)

COUNTERS: Final[tuple[Line, ...]] = (
    *today(
        {
            "import": (Table.e_grid_import_today,),
            "export": (Table.e_grid_export_today,),
            "solar": (Table.e_pv_today,),
            "load": (Table.e_load_today,),
            "charge": (Table.e_aio_charge_today, Table.e_battery_charge_today),
            "discharge": (Table.e_aio_discharge_today, Table.e_battery_discharge_today),
            "each charge": (Table.e_aio1_charge_today, Table.e_aio2_charge_today),
            "each discharge": (Table.e_aio1_discharge_today, Table.e_aio2_discharge_today),
        }
    ),
    *total(
        {
            "import": (Table.e_grid_import_total,),
            "export": (Table.e_grid_export_total,),
            "solar": (Table.e_pv_total,),
            "load": (Table.e_load_total,),
            "charge": (Table.e_aio_charge_total, Table.e_battery_charge_total),
            "discharge": (Table.e_aio_discharge_total, Table.e_battery_discharge_total),
            "each charge": (Table.e_aio1_charge_total, Table.e_aio2_charge_total),
            "each discharge": (Table.e_aio1_discharge_total, Table.e_aio2_discharge_total),
        }
    ),
)


def show(sheet: Sheet, view: View) -> None:
    sheet.set(Table.work_mode, WorkMode.ON_GRID if view.bus.energised else WorkMode.OFF_GRID)
    for volts in (Table.v_grid, Table.v_load, Table.v_grid_relay, Table.v_inverter_relay):
        sheet.set(volts, view.voltage_v)
    for hertz in (Table.f_aio1, Table.f_aio2):
        sheet.set(hertz, view.frequency_hz)
    sheet.set(Table.i_grid, view.current_a(abs(view.export_w)))
    sheet.set(Table.i_load, view.current_a(view.load_w))
    sheet.set(Table.i_pv, view.current_a(view.solar_w))
    sheet.set(Table.p_pv, view.solar_w)
    sheet.set(Table.p_load, view.load_w)
    sheet.set(Table.p_liberty, view.battery_w)
    sheet.set(Table.p_aio_total, view.battery_w)
    # Export, by the balance of what stands beside it.
    sheet.set(Table.p_ac1, view.solar_w + view.battery_w - view.load_w)
    sheet.set(Table.aio_state, _state(view.battery_w))
    for (soc, power), cells in zip(ALL_IN_ONES, view.body.bank.batteries, strict=False):
        sheet.set(soc, cells.soc_pct)
        sheet.set(power, cells.power_w)


def _state(battery_w: float) -> State:
    if abs(battery_w) < REST_W:
        return State.STATIC
    return State.DISCHARGE if battery_w > 0 else State.CHARGE
