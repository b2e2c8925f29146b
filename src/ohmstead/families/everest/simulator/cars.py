"""The car at the plug: the home's own, what protocol it speaks, and what it says of itself for a display."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.families.everest.schema.enums import ChargeProtocolEnum
from ohmstead.families.everest.schema.objects import DisplayParametersObj
from ohmstead.kit.world import Car, CarPhase, Cells

BATTERY_WH: Final = 60_000.0
TARGET_PCT: Final = 80
LEAST_PCT: Final = 10
INTAKE_W: Final = 200_000.0
"""More than any car takes: its current is what limits."""
PACK_V: Final = 400.0


class Kind(StrEnum):
    AC = "ac"
    """Speaks by the pilot alone."""
    HLC = "hlc"
    """AC, and tells its state of charge."""
    DC = "dc"
    BPT = "bpt"
    """AC, and gives back."""
    DC_BPT = "dc-bpt"

    @property
    def is_dc(self) -> bool:
        return self in (Kind.DC, Kind.DC_BPT)

    @property
    def gives_back(self) -> bool:
        return self in (Kind.BPT, Kind.DC_BPT)


PROTOCOLS: Final = {
    Kind.AC: ChargeProtocolEnum.IEC61851,
    Kind.HLC: ChargeProtocolEnum.ISO15118,
    Kind.DC: ChargeProtocolEnum.ISO15118,
    Kind.BPT: ChargeProtocolEnum.ISO15118_20,
    Kind.DC_BPT: ChargeProtocolEnum.ISO15118_20,
}


class CarOptions(msgspec.Struct, frozen=True, kw_only=True):
    kind: Kind = Kind.AC
    soc_pct: float = 40.0
    most_a: float = 16.0
    phases: int = 3
    capacity_wh: float = BATTERY_WH


class SimulatedCar:
    """`told`, once set, is said for the display in place of what is so."""

    def __init__(self, options: CarOptions) -> None:
        self.kind = options.kind
        cells = Cells(options.capacity_wh, options.soc_pct, max_charge_w=INTAKE_W, max_discharge_w=INTAKE_W)
        phases = 1 if options.kind.is_dc else options.phases
        self.car = Car(cells, max_current_a=options.most_a, phases=phases)
        self.told: DisplayParametersObj | None = None
        self.is_pausing = False
        """It takes nothing for now."""
        self._start_pct: int | None = None

    @property
    def is_full(self) -> bool:
        return self.car.phase is CarPhase.FULL

    def begin(self) -> None:
        """A session begins."""
        self._start_pct = round(self.car.battery.soc_pct)

    def draw(self, offered_a: float, volts: float, dt_s: float, phases: int) -> float:
        """W drawn of an offer per phase; from a DC EVSE, of its direct current."""
        return self.car.draw(0.0 if self.is_pausing else offered_a, volts, dt_s, phases=phases)

    def give(self, wanted_a: float, volts: float, dt_s: float, phases: int) -> float:
        """W given back, of so much per phase that is wanted; a car keeps what it needs to drive."""
        battery = self.car.battery
        if self.is_pausing or battery.soc_pct <= LEAST_PCT:
            return 0.0
        wanted_w = min(wanted_a, self.car.max_current_a) * volts * min(phases, self.car.phases)
        return battery.exchange(wanted_w, dt_s)

    def display(self, power_w: float) -> DisplayParametersObj | None:
        """For showing only."""
        if self.told is not None:
            return self.told
        if self.kind is Kind.AC:
            return None
        battery = self.car.battery
        present_pct = round(battery.soc_pct)

        def left_s(target_pct: float) -> int | None:
            missing_wh = battery.capacity_wh * (target_pct - battery.soc_pct) / 100.0
            return round(max(missing_wh, 0.0) / power_w * 3600.0 / 60.0) * 60 if power_w > 0 else None

        return DisplayParametersObj(
            start_soc=self._start_pct,
            present_soc=present_pct,
            minimum_soc=LEAST_PCT,
            target_soc=TARGET_PCT,
            maximum_soc=100,
            remaining_time_to_minimum_soc=left_s(LEAST_PCT),
            remaining_time_to_target_soc=left_s(TARGET_PCT),
            remaining_time_to_maximum_soc=left_s(100),
            charging_complete=self.is_full,
            battery_energy_capacity=battery.capacity_wh,
            inlet_hot=False,
        )
