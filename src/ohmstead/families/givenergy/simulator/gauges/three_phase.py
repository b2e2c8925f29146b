"""What a three-phase inverter measures: everything in equal thirds, and line voltages between the phases."""

from __future__ import annotations

import math
from typing import Final

from ohmstead.families.givenergy.registers.three_phase import ThreePhaseTable as Table
from ohmstead.families.givenergy.simulator.gauges.counters import today, total
from ohmstead.families.givenergy.simulator.gauges.view import View
from ohmstead.families.givenergy.simulator.sheet import Sheet
from ohmstead.families.givenergy.types import Status

LINE: Final = math.sqrt(3.0)

COUNTERS: Final = (
    *today(
        {
            "output": (Table.e_inverter_out_today,),
            "string 1": (Table.e_pv1_today,),
            "string 2": (Table.e_pv2_today,),
            "strings": (Table.e_pv_today,),
            "ac charge": (Table.e_ac_charge_today,),
            "import": (Table.e_import_today,),
            "export": (Table.e_export_today,),
            "discharge": (Table.e_battery_discharge_today,),
            "charge": (Table.e_battery_charge_today,),
            "load": (Table.e_load_today,),
        }
    ),
    *total(
        {
            "output": (Table.e_inverter_out_total,),
            "string 1": (Table.e_pv1_total,),
            "string 2": (Table.e_pv2_total,),
            "strings": (Table.e_pv_total,),
            "ac charge": (Table.e_ac_charge_total,),
            "import": (Table.e_import_total,),
            "export": (Table.e_export_total,),
            "discharge": (Table.e_battery_discharge_total,),
            "charge": (Table.e_battery_charge_total,),
            "load": (Table.e_load_total,),
        }
    ),
)


def show(sheet: Sheet, view: View, battery_v: float) -> None:
    _show_sun(sheet, view)
    _show_terminal(sheet, view)
    _show_flows(sheet, view)
    _show_battery(sheet, view, battery_v)


def _show_sun(sheet: Sheet, view: View) -> None:
    lines = ((Table.v_pv1, Table.i_pv1, Table.p_pv1), (Table.v_pv2, Table.i_pv2, Table.p_pv2))
    for (volts, amps, watts), string in zip(lines, view.body.powers.strings, strict=False):
        sheet.set(volts, string.voltage_v)
        sheet.set(amps, string.current_a)
        sheet.set(watts, string.power_w)
    sheet.set(Table.p_pv_total, view.body.powers.pv_dc_w)


def _show_terminal(sheet: Sheet, view: View) -> None:
    for line in (Table.v_ac1, Table.v_ac2, Table.v_ac3):
        sheet.set(line, view.voltage_v * LINE)
    for line in (Table.v_out_ac1, Table.v_out_ac2, Table.v_out_ac3):
        sheet.set(line, view.voltage_v)
    for line in (Table.i_ac1, Table.i_ac2, Table.i_ac3):
        sheet.set(line, view.current_a(abs(view.output_w) / 3.0))
    sheet.set(Table.f_ac1, view.frequency_hz)
    sheet.set(Table.status, Status.NORMAL if view.bus.energised else Status.WAITING)
    sheet.set(Table.system_mode, int(view.bus.energised))
    sheet.set(Table.t_inverter, view.body.warmth_c)


def _show_flows(sheet: Sheet, view: View) -> None:
    sheet.set(Table.p_inverter_out, view.output_w)
    sheet.set(Table.p_inverter_ac_charge, max(0, -view.output_w))
    sheet.set(Table.p_grid_apparent, abs(view.output_w))
    sheet.set(Table.p_meter_import, max(0, -view.export_w))
    sheet.set(Table.p_meter_export, max(0, view.export_w))
    sheet.set(Table.p_export, max(0, view.export_w))
    sheet.set(Table.p_meter2, 0)
    sheet.set(Table.p_load_all, view.load_w)
    phases = (
        (Table.p_inverter_active_ac1, Table.p_meter_active_ac1, Table.p_load_ac1),
        (Table.p_inverter_active_ac2, Table.p_meter_active_ac2, Table.p_load_ac2),
        (Table.p_inverter_active_ac3, Table.p_meter_active_ac3, Table.p_load_ac3),
    )
    for output, meter, load in phases:
        sheet.set(output, view.output_w / 3.0)
        sheet.set(meter, -view.export_w / 3.0)
        sheet.set(load, view.load_w / 3.0)


def _show_battery(sheet: Sheet, view: View, battery_v: float) -> None:
    sheet.set(Table.v_battery_bms, battery_v)
    sheet.set(Table.v_battery_pcs, battery_v)
    sheet.set(Table.battery_soc, view.soc_pct)
    sheet.set(Table.p_battery_discharge, max(0, view.battery_w))
    sheet.set(Table.p_battery_charge, max(0, -view.battery_w))
    sheet.set(Table.i_battery, view.battery_w / battery_v if battery_v else 0.0)
