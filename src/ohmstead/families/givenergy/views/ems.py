"""EMS controllers, and what they know of the inverters that they manage."""

from __future__ import annotations

from typing import Final

import msgspec

from ohmstead.families.givenergy.commands.surfaces import EmsCommands
from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.registers.ems import EmsTable
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable
from ohmstead.families.givenergy.types import EmsInverterStatus
from ohmstead.families.givenergy.views.derived import PAGES, derived
from ohmstead.families.givenergy.views.view import View

SLOTS: Final = range(1, 5)


class ManagedInverter(msgspec.Struct, frozen=True, kw_only=True):
    """One inverter as its controller reports it."""

    serial_number: str
    status: EmsInverterStatus | None = None
    p_inverter_out: float | None = None
    battery_soc: float | None = None
    t_inverter_heatsink: float | None = None


def _is_enabled(status: int | None) -> bool | None:
    return None if status is None else status != 0


class Ems(EmsCommands, View, EmsTable):
    """The controller of a plant. The sign of `grid_meter_power` is as observed on one plant: + importing."""

    @property
    def managed_inverters(self) -> tuple[ManagedInverter, ...]:
        """Those with a serial; the controller's own count is not consulted."""
        found = (self._managed(slot) for slot in SLOTS)
        return tuple(inverter for inverter in found if inverter is not None)

    def _managed(self, slot: int) -> ManagedInverter | None:
        values = self.values
        serial = values[f"inverter_{slot}_serial_number"]
        if not isinstance(serial, str) or not serial.strip():
            return None
        reported = {
            "status": values[f"inverter_{slot}_suspected_status"],
            "p_inverter_out": values[f"inverter_{slot}_power"],
            "battery_soc": values[f"inverter_{slot}_soc"],
            "t_inverter_heatsink": values[f"inverter_{slot}_temp"],
        }
        return msgspec.convert({"serial_number": serial.strip(), **reported}, ManagedInverter)

    plant_enabled = derived(_is_enabled, "plant_status")
    # Its identity stands where an inverter has its own.
    serial_number = derived(SinglePhaseTable.serial_number.read, PAGES)
    firmware_version = derived(SinglePhaseTable.firmware_version.read, PAGES)

    @property
    def model(self) -> Model | None:
        return SinglePhaseTable.model.read(self._pages)
