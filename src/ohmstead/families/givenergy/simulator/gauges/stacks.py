"""A high-voltage stack: its controller and its modules. Here charging counts as positive, unlike everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ohmstead.families.givenergy.registers.battery_hv import BcuTable as Table
from ohmstead.families.givenergy.simulator.dynamics.tally import Tallies
from ohmstead.families.givenergy.simulator.gauges.counters import Counters, today, total
from ohmstead.families.givenergy.simulator.gauges.single_phase import REST_W
from ohmstead.families.givenergy.simulator.sheet import Sheet
from ohmstead.families.givenergy.types import Bank, BcuStatus
from ohmstead.kit.world import Cells

CELLS_BASE: Final = 60
CELLS_PER_MODULE: Final = 24

COUNTERS: Final = (
    *today({"charge": (Table.charge_energy_today,), "discharge": (Table.discharge_energy_today,)}),
    *total({"charge": (Table.charge_energy_total,), "discharge": (Table.discharge_energy_total,)}),
)


class Stack:
    def __init__(self, controller: Sheet, modules: Sequence[Sheet], cells: Cells, tallies: Tallies) -> None:
        self._controller = controller
        self._modules = [(module, _deviations_v(module)) for module in modules]
        self._cells = cells
        self._counters = Counters(controller, tallies, COUNTERS, None, 0)
        self._nominal_ah = controller.number(Table.battery_nominal_capacity_ah)

    def show(self) -> None:
        mean_v = self._cells.voltage_v / self._cells.cells_in_series
        lowest, highest = 0xFFFF, 0
        for module, deviations_v in self._modules:
            millivolts = [round(1000.0 * (mean_v + each_v)) for each_v in deviations_v]
            module.store.put(module.device, Bank.IR, CELLS_BASE, millivolts)
            lowest, highest = min(lowest, *millivolts), max(highest, *millivolts)
        self._show_controller(mean_v)
        if self._modules:
            self._controller.set(Table.v_cell_max, highest / 1000.0)
            self._controller.set(Table.v_cell_min, lowest / 1000.0)
            self._controller.set(Table.v_cell_range, (highest - lowest) / 1000.0)
        self._counters.write()

    def _show_controller(self, mean_v: float) -> None:
        sheet, cells = self._controller, self._cells
        volts = mean_v * cells.cells_in_series
        charge_w = -cells.power_w
        sheet.set(Table.status_label, _status(charge_w))
        sheet.set(Table.battery_voltage, volts)
        sheet.set(Table.load_voltage, volts)
        sheet.set(Table.battery_current, charge_w / volts)
        sheet.set(Table.battery_power, charge_w)
        sheet.set(Table.battery_soc_max, round(cells.soc_pct))
        sheet.set(Table.battery_soc_min, round(cells.soc_pct))
        sheet.set(Table.remaining_battery_capacity_ah, self._nominal_ah * cells.soc_pct / 100.0)


def _deviations_v(module: Sheet) -> list[float]:
    """How far each cell was from the mean in the capture; the weak ones stay the weak ones."""
    words = module.store.words(module.device, Bank.IR, CELLS_BASE, CELLS_PER_MODULE)
    if not words or not any(words):
        return []
    mean = sum(words) / len(words)
    return [(word - mean) / 1000.0 for word in words]


def _status(charge_w: float) -> BcuStatus:
    if abs(charge_w) < REST_W:
        return BcuStatus.STANDBY
    return BcuStatus.CHARGING if charge_w > 0 else BcuStatus.DISCHARGING
