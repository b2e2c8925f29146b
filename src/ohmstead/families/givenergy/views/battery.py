"""Low-voltage packs, and the controller that some stacks of them have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.registers.battery_lv import BatteryTable, LvBcuTable
from ohmstead.families.givenergy.serials import is_valid_serial
from ohmstead.families.givenergy.views.derived import Derived, derived, together
from ohmstead.families.givenergy.views.view import NO_CORRECTIONS, NO_TIMES, View
from ohmstead.kit.wire.tables import Pages

CELL_V: Final = 3.2
"""Nominal voltage of a cell."""
USB_PRESENT: Final = (8, 11)
CELLS: Final = tuple(f"v_cell_{cell:02}" for cell in range(1, 17))
TEMPERATURES: Final = ("t_cells_01_04", "t_cells_05_08", "t_cells_09_12", "t_cells_13_16")
NO_CURRENT: Final[Mapping[str, object]] = {"i_battery": None}
CURRENT_FIRMWARE: Final = (range(3022, 4000), range(4009, 0x10000))
"""Of packs that measure their current …"""
CURRENT_INVERTER_FIRMWARE: Final = 215
"""… and pass it on through an inverter of the third generation, or an AC unit of this ARM firmware or later."""


def _is_inserted(usb: int | None) -> bool | None:
    return None if usb is None else usb in USB_PRESENT


def _measured_wh(capacity_ah: float | None, voltage_v: float | None) -> float | None:
    return None if capacity_ah is None or voltage_v is None else round(capacity_ah * voltage_v, 1)


def _nominal_wh(capacity_ah: float | None, cells: int | None, measured_wh: float | None) -> float | None:
    if not cells:
        return measured_wh
    return None if capacity_ah is None else round(capacity_ah * cells * CELL_V, 1)


class Battery(View, BatteryTable):
    """A pack of 16 cells."""

    _corrected_by = BatteryTable.bms_firmware_version.windows

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
        name = "" if self._inverter is None else self._inverter.name
        passes_on = name == "HYBRID_GEN3" or (
            name == "AC" and (self._inverter_firmware or 0) >= CURRENT_INVERTER_FIRMWARE
        )
        if not passes_on:
            return False
        firmware = BatteryTable.bms_firmware_version.read(self._pages)
        return firmware is not None and any(firmware in known for known in CURRENT_FIRMWARE)

    is_valid = derived(is_valid_serial, "serial_number")
    """Whether there is a pack at this address: empty places answer too, but have no serial."""
    is_usb_device_inserted = derived(_is_inserted, "usb_device_inserted")
    cell_voltages: Derived[tuple[float | None, ...]] = derived(together, *CELLS, unit="V")
    cell_temperatures: Derived[tuple[float | None, ...]] = derived(together, *TEMPERATURES, unit="degC")
    """Of each group of four cells."""
    remaining_energy_measured_wh = derived(_measured_wh, "cap_remaining", "v_out", unit="Wh")
    remaining_energy_nominal_wh = derived(
        _nominal_wh, "cap_remaining", "num_cells", "remaining_energy_measured_wh", unit="Wh"
    )


class LvBcu(View, LvBcuTable):
    """The controller of a low-voltage stack."""
