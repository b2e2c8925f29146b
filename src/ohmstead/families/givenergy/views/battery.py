"""Low-voltage packs, and the controller that some stacks of them have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from typing import Final

from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.redaction import is_valid_serial
from ohmstead.families.givenergy.registers.battery_lv import BatteryTable, LvBcuTable
from ohmstead.families.givenergy.views.derived import derived
from ohmstead.families.givenergy.views.view import NO_CORRECTIONS, NO_TIMES, View
from ohmstead.kit.wire.tables import Pages

CELL_V: Final = 3.2
"""Nominal voltage of a cell."""
USB_PRESENT: Final = (8, 11)
CELLS: Final = attrgetter(*(f"v_cell_{cell:02}" for cell in range(1, 17)))
TEMPERATURES: Final = attrgetter("t_cells_01_04", "t_cells_05_08", "t_cells_09_12", "t_cells_13_16")
NO_CURRENT: Final[Mapping[str, object]] = {"i_battery": None}
CURRENT_FIRMWARE: Final = (range(3022, 4000), range(4009, 0x10000))
"""Of packs that measure their current …"""
CURRENT_INVERTER_FIRMWARE: Final = 215
"""… and pass it on through an inverter of the third generation, or an AC unit of this ARM firmware or later."""


class Battery(View, BatteryTable):
    """A pack of 16 cells."""

    def __init__(
        self,
        pages: Pages,
        *,
        address: int = 0,
        times: Mapping[str, datetime] = NO_TIMES,
        inverter: Model | None = None,
        inverter_firmware: int | None = None,
    ) -> None:
        self._inverter = inverter
        self._inverter_firmware = inverter_firmware
        super().__init__(pages, address=address, times=times)

    def _corrections(self) -> Mapping[str, object]:
        return NO_CORRECTIONS if self._measures_current() else NO_CURRENT

    def _measures_current(self) -> bool:
        firmware = BatteryTable.bms_firmware_version.read(self._pages)
        name = "" if self._inverter is None else self._inverter.name
        passes_on = name == "HYBRID_GEN3" or (
            name == "AC" and (self._inverter_firmware or 0) >= CURRENT_INVERTER_FIRMWARE
        )
        return passes_on and firmware is not None and any(firmware in known for known in CURRENT_FIRMWARE)

    @derived()
    def is_valid(self) -> bool:
        """Whether there is a pack at this address: empty places answer too, but have no serial."""
        return is_valid_serial(self.serial_number)

    @derived()
    def is_usb_device_inserted(self) -> bool | None:
        return None if self.usb_device_inserted is None else self.usb_device_inserted in USB_PRESENT

    @derived("V")
    def cell_voltages(self) -> tuple[float | None, ...]:
        return CELLS(self)

    @derived("degC")
    def cell_temperatures(self) -> tuple[float | None, ...]:
        """Of each group of four cells."""
        return TEMPERATURES(self)

    @derived("Wh")
    def remaining_energy_nominal_wh(self) -> float | None:
        if not self.num_cells:
            return self.remaining_energy_measured_wh
        return None if self.cap_remaining is None else round(self.cap_remaining * self.num_cells * CELL_V, 1)

    @derived("Wh")
    def remaining_energy_measured_wh(self) -> float | None:
        if self.cap_remaining is None or self.v_out is None:
            return None
        return round(self.cap_remaining * self.v_out, 1)


class LvBcu(View, LvBcuTable):
    """The controller of a low-voltage stack."""
