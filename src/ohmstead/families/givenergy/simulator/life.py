"""What makes a plant live: its body in the simulated home, and the instruments that show it. A recording may lie still."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from ohmstead.families.givenergy.ratings import battery_nominal_voltage_v
from ohmstead.families.givenergy.registers.battery_hv import BcuTable
from ohmstead.families.givenergy.registers.battery_lv import BatteryTable
from ohmstead.families.givenergy.simulator.dynamics.bank import BatteryBank
from ohmstead.families.givenergy.simulator.dynamics.body import Body
from ohmstead.families.givenergy.simulator.dynamics.clock import InverterClock
from ohmstead.families.givenergy.simulator.dynamics.settings import SETTINGS
from ohmstead.families.givenergy.simulator.instruments import Instruments
from ohmstead.families.givenergy.simulator.plant import Plant
from ohmstead.families.givenergy.simulator.profiles import INVERTER, PACKS, STACKS, Kind
from ohmstead.families.givenergy.simulator.sheet import Sheet
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.world import Cells, Panel, World

PACK_V: Final = 51.2
CELLS_PER_PACK: Final = 16
CELLS_PER_MODULE: Final = 24
ALL_IN_ONE_WH: Final = 13_500.0
MANAGED_WH: Final = 8_270.0
"""Of one inverter behind the EMS: what its summary says is left, by its state of charge."""
STRING_MPP_V: Final = 340.0
STRING_OPEN_V: Final = 410.0
DEFAULT_SOC_PCT: Final = 50.0

BEHIND: Final[Mapping[Kind, tuple[tuple[float, int], ...]]] = MappingProxyType(
    {
        Kind.EMS: ((MANAGED_WH, 2058), (MANAGED_WH, 2059)),
        Kind.GATEWAY: ((ALL_IN_ONE_WH, 1801), (ALL_IN_ONE_WH, 1802)),
    }
)
"""Batteries that are not on this bus: capacity, and the register of their state of charge."""


class Life:
    def __init__(self, plant: Plant, world: World, name: str, *, drift_s_per_day: float = 0.0) -> None:
        inverter = Sheet(plant.store, INVERTER)
        read = SETTINGS[plant.profile.kind]
        self.world = world
        self.body = Body(
            plant.profile,
            world,
            clock=InverterClock(world.at, world.place.utc_offset_s, drift_s_per_day=drift_s_per_day),
            bank=BatteryBank(_batteries(plant)),
            strings=_strings(plant),
            settings=lambda: read(inverter),
        )
        self.instruments = Instruments(plant, self.body, world, name)

    def show(self) -> None:
        self.world.catch_up()
        self.instruments.show()

    def set_clock(self, wanted: datetime) -> None:
        self.body.clock.set(self.world.at, wanted)
        self.instruments.forget()

    def calibrate(self, stage: int) -> None:
        self.body.calibration.start(stage)
        self.instruments.forget()

    def clear_totals(self) -> None:
        self.body.tallies.clear()
        self.instruments.forget()

    def state(self) -> Mapping[str, Any]:  # Any: JSON
        powers, grid = self.body.powers, self.world.grid
        return {
            "solar_w": round(powers.pv_ac_w, 3),
            "battery_w": round(powers.battery_w, 3),
            "output_w": round(powers.output_w, 3),
            "grid_w": round(grid.power_w, 3),
            "soc_pct": round(self.body.bank.soc_pct, 3),
            "clock": self.body.clock.shows(self.world.at).isoformat(),
            "batteries": [
                {"soc_pct": round(cells.soc_pct, 3), "power_w": round(cells.power_w, 3)}
                for cells in self.body.bank.batteries
            ],
        }


def _batteries(plant: Plant) -> list[Cells]:
    if plant.profile.kind in BEHIND:
        behind = BEHIND[plant.profile.kind]
        power_w = plant.profile.battery_w / len(behind)
        return [
            _cells(capacity_wh, plant.store.get(INVERTER, Bank.IR, soc), power_w, CELLS_PER_PACK)
            for capacity_wh, soc in behind
        ]
    if stacks := [address for address in STACKS if plant.store.has(address)]:
        return [_stack(plant, Sheet(plant.store, stacks[0]))]
    packs = [Sheet(plant.store, address) for address in PACKS if plant.is_pack(address)]
    return [_pack(pack, plant.profile.battery_w / len(packs)) for pack in packs]


def _pack(sheet: Sheet, power_w: float) -> Cells:
    capacity_wh = sheet.number(BatteryTable.cap_calibrated) * PACK_V
    return _cells(capacity_wh or 100 * PACK_V, sheet.get(BatteryTable.soc), power_w, CELLS_PER_PACK)


def _stack(plant: Plant, sheet: Sheet) -> Cells:
    modules = int(sheet.number(BcuTable.number_of_modules)) or 1
    volts = battery_nominal_voltage_v(plant.model, modules) or PACK_V * modules
    capacity_wh = sheet.number(BcuTable.battery_nominal_capacity_ah) * volts
    soc = sheet.get(BcuTable.battery_soc_min)
    return _cells(capacity_wh or 1000.0, soc, plant.profile.battery_w, CELLS_PER_MODULE * modules)


def _cells(capacity_wh: float, soc_pct: float | None, power_w: float, in_series: int) -> Cells:
    return Cells(
        capacity_wh,
        DEFAULT_SOC_PCT if soc_pct is None else min(100.0, soc_pct),
        max_charge_w=power_w,
        max_discharge_w=power_w,
        cells_in_series=in_series,
    )


def _strings(plant: Plant) -> list[Panel]:
    return [
        Panel(nominal_w, mpp_voltage_v=STRING_MPP_V, open_circuit_voltage_v=STRING_OPEN_V)
        for nominal_w in plant.profile.strings_w
    ]
