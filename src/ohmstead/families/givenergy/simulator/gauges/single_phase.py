"""What a single-phase inverter measures."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable as Table
from ohmstead.families.givenergy.simulator.gauges.counters import today, total
from ohmstead.families.givenergy.simulator.gauges.view import View
from ohmstead.families.givenergy.simulator.sheet import Sheet
from ohmstead.families.givenergy.types import ChargeStatus, Status

REST_W: Final = 20.0
"""Below this a battery counts as idle."""

COUNTERS: Final = (
    *today(
        {
            "string 1": (Table.e_pv1_day,),
            "string 2": (Table.e_pv2_day,),
            "export": (Table.e_grid_out_day,),
            "import": (Table.e_grid_in_day,),
            "ac charge": (Table.e_ac_charge_today,),
            "charge": (Table.e_battery_charge_today_alt1, Table.e_battery_charge_today_alt2),
            "discharge": (Table.e_battery_discharge_today_alt1, Table.e_battery_discharge_today_alt2),
            "solar": (Table.e_pv_generation_today,),
            "battery output": (Table.e_inverter_out_today,),
        }
    ),
    *total(
        {
            "strings": (Table.e_pv_total,),
            "export": (Table.e_grid_out_total,),
            "import": (Table.e_grid_in_total,),
            "input": (Table.e_inverter_in_total,),
            "charge": (Table.e_battery_charge_total_alt1,),
            "discharge": (Table.e_battery_discharge_total_alt1,),
            "throughput": (Table.e_battery_throughput,),
            "solar": (Table.e_pv_generation_total,),
            "battery output": (Table.e_inverter_out_total,),
        }
    ),
)


def charge_status(battery_w: float) -> ChargeStatus:
    if abs(battery_w) < REST_W:
        return ChargeStatus.IDLE
    return ChargeStatus.DISCHARGING if battery_w > 0 else ChargeStatus.CHARGING


def show(sheet: Sheet, view: View, battery_v: float, *, has_meter: bool) -> None:
    _show_sun(sheet, view)
    _show_terminal(sheet, view, has_meter=has_meter)
    _show_battery(sheet, view, battery_v)


def _show_sun(sheet: Sheet, view: View) -> None:
    strings = view.body.powers.strings
    if view.body.profile.is_ac_coupled:
        if strings:  # its string readings are those of the AC side
            sheet.set(Table.v_pv1, view.voltage_v)
            sheet.set(Table.i_pv1, view.current_a(view.solar_w))
            sheet.set(Table.p_pv1, view.solar_w)
        return
    lines = ((Table.v_pv1, Table.i_pv1, Table.p_pv1), (Table.v_pv2, Table.i_pv2, Table.p_pv2))
    for (volts, amps, watts), string in zip(lines, strings, strict=False):
        sheet.set(volts, string.voltage_v)
        sheet.set(amps, string.current_a)
        sheet.set(watts, string.power_w)


def _show_terminal(sheet: Sheet, view: View, *, has_meter: bool) -> None:
    # A unit with a meter shows the meter's apparent power and current in these two.
    apparent_va = abs(view.export_w if has_meter else view.output_w)
    sheet.set(Table.status, Status.NORMAL if view.bus.energised else Status.WAITING)
    sheet.set(Table.system_mode, int(view.bus.energised))
    sheet.set(Table.v_ac1, view.voltage_v)
    sheet.set(Table.f_ac1, view.frequency_hz)
    sheet.set(Table.v_ac1_output, view.voltage_v)
    sheet.set(Table.f_ac1_output, view.frequency_hz)
    sheet.set(Table.i_ac1, view.current_a(abs(view.output_w)))
    sheet.set(Table.p_grid_out_ph1, view.output_w)
    sheet.set(Table.p_grid_out, view.export_w)
    sheet.set(Table.p_load_demand, view.load_w)
    sheet.set(Table.p_grid_apparent, apparent_va)
    sheet.set(Table.i_grid_port, view.current_a(apparent_va))
    sheet.set(Table.t_inverter_heatsink, view.body.warmth_c)
    sheet.set(Table.t_charger, view.body.warmth_c - 1.5)


def _show_battery(sheet: Sheet, view: View, battery_v: float) -> None:
    sheet.set(Table.charge_status_label, charge_status(view.battery_w))
    sheet.set(Table.v_battery, battery_v)
    sheet.set(Table.i_battery, view.battery_w / battery_v if battery_v else 0.0)
    sheet.set(Table.p_battery, view.battery_w)
    sheet.set(Table.battery_soc, view.soc_pct)
