"""An EVSE's meter: counters that agree with what flowed, and readings that scatter by a thousandth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.everest.schema.objects import (
    MeterDataObj,
    PhaseCurrents,
    PhaseEnergies,
    PhaseFrequencies,
    PhasePowers,
    PhaseVoltages,
)
from ohmstead.families.everest.schema.stamps import stamp
from ohmstead.kit.world import Bus
from ohmstead.kit.world.noise import uniform

NOISE: Final = 0.001
PHASES: Final = ("L1", "L2", "L3")
SECONDS_PER_HOUR: Final = 3600.0


class Meter:
    """Its totals outlive a restart of the charge point."""

    def __init__(self, serial: str, stream: int, *, counts_export: bool = False) -> None:
        self.serial = serial
        self.imported_wh = [0.0, 0.0, 0.0]
        self.exported_wh = [0.0, 0.0, 0.0]
        self._counts_export = counts_export
        self._stream = stream

    @property
    def total_wh(self) -> float:
        return sum(self.imported_wh)

    def count(self, power_w: float, phases: int, dt_s: float) -> None:
        """A negative power is exported."""
        counted_wh = self.imported_wh if power_w >= 0 else self.exported_wh
        for phase in range(phases):
            counted_wh[phase] += abs(power_w) / phases * dt_s / SECONDS_PER_HOUR

    def reading(self, at: datetime, bus: Bus, power_w: float, phases: int, *, is_dc: bool) -> MeterDataObj:
        """Of a direct current there is no voltage and no current by phase."""
        second = int(at.timestamp())
        powers_w = [power_w / phases * self._scatter(second, n) if n < phases else 0.0 for n in range(3)]
        sums = MeterDataObj(
            timestamp=stamp(at),
            meter_id=self.serial,
            serial_number=self.serial,
            energy_Wh_import=PhaseEnergies(total=self.total_wh),
            energy_Wh_export=PhaseEnergies(total=sum(self.exported_wh)) if self._counts_export else None,
            power_W=PhasePowers(total=sum(powers_w)),
        )
        if is_dc:
            return sums
        volts = [bus.voltage_v * self._scatter(second, 3 + n) for n in range(3)]
        amperes = [w / v if v > 0 else 0.0 for w, v in zip(powers_w, volts, strict=True)]
        return msgspec.structs.replace(
            sums,
            energy_Wh_import=_by_phase(self.imported_wh),
            energy_Wh_export=_by_phase(self.exported_wh) if self._counts_export else None,
            power_W=PhasePowers(total=sum(powers_w), **dict(zip(PHASES, powers_w, strict=True))),
            voltage_V=PhaseVoltages(**dict(zip(PHASES, volts, strict=True))),
            current_A=PhaseCurrents(**dict(zip(PHASES, amperes, strict=True))),
            frequency_Hz=PhaseFrequencies(L1=bus.frequency_hz),
        )

    def _scatter(self, second: int, number: int) -> float:
        return 1.0 + NOISE * (2.0 * uniform(self._stream, number, second) - 1.0)


def _by_phase(energies_wh: Sequence[float]) -> PhaseEnergies:
    return PhaseEnergies(total=sum(energies_wh), **dict(zip(PHASES, energies_wh, strict=True)))
