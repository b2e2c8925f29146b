"""Low-voltage packs: each shows its cells as its own controller last measured them, every 15 to 50 s, idle more rarely."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

import msgspec

from ohmstead.families.givenergy.registers.battery_lv import BatteryTable as Table
from ohmstead.families.givenergy.simulator.sheet import Sheet
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.world import Cells

BUSY_S: Final = (15.0, 50.0)
IDLE_S: Final = (60.0, 190.0)
IDLE_W: Final = 20.0
SERIAL_BASE: Final = 110
CELLS_BASE: Final = 60
CELLS: Final = 16
CELLS_AT: Final = range(CELLS_BASE, CELLS_BASE + CELLS)
TEMPERATURES: Final = (Table.t_cells_01_04, Table.t_cells_05_08, Table.t_cells_09_12, Table.t_cells_13_16)
WARMING_K: Final = 6.0
"""At the most power, after long."""
RESISTANCE: Final = 0.0004
"""Ohm between the cells and the terminals: far less than 50 mV at any current."""


class Shot(msgspec.Struct, frozen=True):
    """A pack as it was measured."""

    soc_pct: float
    mean_cell_v: float
    current_a: float
    """Discharging +."""
    load: float
    """Share of the most power."""
    charged_wh: float
    discharged_wh: float


def shot(cells: Cells) -> Shot:
    return Shot(
        cells.soc_pct,
        cells.voltage_v / cells.cells_in_series,
        cells.current_a,
        abs(cells.power_w) / max(cells.max_charge_w, cells.max_discharge_w, 1.0),
        cells.charged_wh,
        cells.discharged_wh,
    )


class Pack:
    """One pack at its address: what it measures, and when."""

    def __init__(self, sheet: Sheet, cells: Cells, random: Random) -> None:
        self.sheet = sheet
        self.cells = cells
        self._random = random
        self._due_s = 0.0
        words = sheet.store.words(sheet.device, Bank.IR, CELLS_BASE, CELLS) or (0,) * CELLS
        mean = sum(words) / CELLS
        self._deviations_v = [(word - mean) / 1000.0 for word in words]
        self._temperatures_c = [sheet.number(line) for line in TEMPERATURES]
        self._capacity_ah = sheet.number(Table.cap_calibrated)
        self._charged_kwh = sheet.number(Table.e_battery_charge_total)
        self._discharged_kwh = sheet.number(Table.e_battery_discharge_total)

    def look(self, now_s: float) -> None:
        """Measure, if it is time."""
        if now_s < self._due_s:
            return
        is_idle = abs(self.cells.power_w) < IDLE_W
        self._due_s = now_s + self._random.uniform(*(IDLE_S if is_idle else BUSY_S))
        self._show(shot(self.cells))

    def _show(self, now: Shot) -> None:
        sheet = self.sheet
        millivolts = [round(1000.0 * (now.mean_cell_v + each_v)) for each_v in self._deviations_v]
        sheet.store.put(sheet.device, Bank.IR, CELLS_BASE, millivolts)
        sum_v = sum(millivolts) / 1000.0
        sheet.set(Table.v_cells_sum, sum_v)
        sheet.set(Table.v_out, sum_v - now.current_a * RESISTANCE)
        sheet.set(Table.soc, round(now.soc_pct))
        sheet.set(Table.cap_remaining, self._capacity_ah * now.soc_pct / 100.0)
        sheet.count(Table.e_battery_charge_total, self._charged_kwh + now.charged_wh / 1000.0)
        sheet.count(Table.e_battery_discharge_total, self._discharged_kwh + now.discharged_wh / 1000.0)
        self._show_temperatures([each_c + WARMING_K * now.load for each_c in self._temperatures_c])

    def _show_temperatures(self, temperatures_c: Sequence[float]) -> None:
        for line, each_c in zip(TEMPERATURES, temperatures_c, strict=True):
            self.sheet.set(line, each_c)
        self.sheet.set(Table.t_max, max(temperatures_c))
        self.sheet.set(Table.t_min, min(temperatures_c))
