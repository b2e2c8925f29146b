"""What an EMS knows of its meters and of the inverters it manages."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.registers.ems import EmsTable as Table
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable
from ohmstead.families.givenergy.simulator.gauges.counters import today, total
from ohmstead.families.givenergy.simulator.gauges.view import View
from ohmstead.families.givenergy.simulator.sheet import Sheet

INVERTERS: Final = (
    (Table.inverter_1_power, Table.inverter_1_soc, Table.inverter_1_temp),
    (Table.inverter_2_power, Table.inverter_2_soc, Table.inverter_2_temp),
)

COUNTERS: Final = (
    *today(
        {
            "solar": (SinglePhaseTable.e_pv1_day,),
            "export": (SinglePhaseTable.e_grid_out_day,),
            "import": (SinglePhaseTable.e_grid_in_day,),
            "ac charge": (SinglePhaseTable.e_ac_charge_today,),
            "charge": (SinglePhaseTable.e_battery_charge_today_alt1,),
            "discharge": (
                SinglePhaseTable.e_battery_discharge_today_alt1,
                SinglePhaseTable.e_pv_generation_today,
            ),
        }
    ),
    *total(
        {
            "solar": (SinglePhaseTable.e_pv_total,),
            "export": (SinglePhaseTable.e_grid_out_total,),
            "import": (SinglePhaseTable.e_grid_in_total,),
            "throughput": (SinglePhaseTable.e_battery_throughput,),
        }
    ),
)


def show(sheet: Sheet, view: View, battery_v: float) -> None:
    _show_summary(sheet, view)
    _show_inverters(sheet, view)
    _show_as_inverter(sheet, view, battery_v)


def _show_summary(sheet: Sheet, view: View) -> None:
    sheet.set(Table.meter_1_power, -view.export_w)
    sheet.set(Table.meter_3_power, view.solar_w)
    sheet.set(Table.calc_load_power, view.load_w)
    sheet.set(Table.total_generation_load_power, view.solar_w)
    sheet.set(Table.grid_meter_power, -view.export_w)
    sheet.set(Table.total_battery_power, view.battery_w)
    stored_wh = sum(cells.stored_wh for cells in view.body.bank.batteries)
    sheet.set(Table.remaining_battery_wh, stored_wh)


def _show_inverters(sheet: Sheet, view: View) -> None:
    for (power, soc, temperature), cells in zip(INVERTERS, view.body.bank.batteries, strict=False):
        sheet.set(power, cells.power_w)
        sheet.set(soc, cells.soc_pct)
        sheet.set(temperature, view.body.warmth_c)


def _show_as_inverter(sheet: Sheet, view: View, battery_v: float) -> None:
    """The bank an inverter has for it: the plant as a whole, and nothing at a terminal it does not have."""
    table = SinglePhaseTable
    sheet.set(table.v_pv1, view.voltage_v)
    sheet.set(table.v_ac1, view.voltage_v)
    sheet.set(table.f_ac1, view.frequency_hz)
    sheet.set(table.i_pv1, view.current_a(view.solar_w))
    sheet.set(table.i_ac1, view.current_a(abs(view.export_w)))
    sheet.set(table.p_pv1, view.solar_w)
    sheet.set(table.p_grid_out, view.export_w)
    sheet.set(table.p_load_demand, view.load_w)
    sheet.set(table.p_battery, view.battery_w)
    sheet.set(table.v_battery, battery_v)
    sheet.set(table.battery_soc, view.soc_pct)
    sheet.set(table.t_inverter_heatsink, view.body.warmth_c)
