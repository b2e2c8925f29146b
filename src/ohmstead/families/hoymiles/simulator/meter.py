"""A single-phase meter at the house connection, wired to the DTU: coarse steps of 10 W and 10 Wh."""

from __future__ import annotations

from typing import Final

from ohmstead.families.hoymiles.facts import encoder
from ohmstead.families.hoymiles.protos.live_pb2 import MeterData
from ohmstead.kit.world import Bus, World

SINGLE_PHASE: Final = 1
SERIAL_PREFIX: Final = "10C0A0"
MODEL_SOFTWARE_VERSION: Final = 0x0101

_write: Final = encoder(MeterData)


class GridMeter:
    def __init__(self, world: World, serial: int) -> None:
        self.serial = serial
        self._world = world

    def entry(self, bus: Bus) -> MeterData:
        """All on phase A, so that totals equal the sums of their phases."""
        grid = self._world.grid
        voltage_v = bus.voltage_v if bus.energised else 0.0
        entry = MeterData(device_type=SINGLE_PHASE, serial=self.serial, fault=1)
        _write(
            entry,
            power_total_w=grid.power_w,
            power_a_w=grid.power_w,
            power_factor_total=1.0,
            power_factor_a=1.0,
            import_total_wh=grid.imported_wh,
            import_a_wh=grid.imported_wh,
            export_total_wh=grid.exported_wh,
            export_a_wh=grid.exported_wh,
            voltage_a_v=voltage_v,
            current_a_a=abs(grid.power_w) / voltage_v if voltage_v else 0.0,
        )
        return entry
