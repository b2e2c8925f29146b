"""The commands as methods of what they command. A view of an inverter knows its type and its slots, so nobody names
registers or slot maps there; the request lists are those of the functions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime, time
from typing import ClassVar

from ohmstead.families.givenergy.commands import daily, ems, places, settings, three_phase
from ohmstead.families.givenergy.commands.checking import Requests
from ohmstead.families.givenergy.commands.places import DEFAULT_EVENING, SINGLE_PHASE, THREE_PHASES, Places
from ohmstead.families.givenergy.slots import SlotMap
from ohmstead.families.givenergy.types import ExportPriority, TimeSlot


class InverterCommands(ABC):
    """What every inverter can be told."""

    _places: ClassVar[Places]

    @property
    @abstractmethod
    def slot_map(self) -> SlotMap: ...

    def set_charge_target_enabled(self, soc: int) -> Requests:
        """Charge up to `soc` (4 to 100 %) and stop there; 100 switches the limit off."""
        return places.charge_target_enabled(self._places, soc)

    def set_charge_target(self, soc: int) -> Requests:
        """Deprecated: `set_charge_target_enabled`."""
        settings.replaced("set_charge_target", "set_charge_target_enabled")
        return places.charge_target_enabled(self._places, soc)

    def set_charge_target_soc(self, soc: int) -> Requests:
        """Only the target, 4 to 100 %; whether it is in force stays as it is."""
        return places.charge_target_soc(self._places, soc)

    def disable_charge_target(self) -> Requests:
        return places.no_charge_target(self._places)

    def set_enable_charge(self, enabled: bool) -> Requests:  # noqa: FBT001 - as documented
        return places.enable_charge(self._places, enabled)

    def set_battery_soc_reserve(self, val: int) -> Requests:
        """What the battery keeps, 4 to 100 %."""
        return places.soc_reserve(self._places, val)

    def set_mode_dynamic(self) -> Requests:
        """Eco: the battery follows the house."""
        return places.dynamic(self._places)

    def set_mode_storage(
        self,
        discharge_slot_1: TimeSlot | None = DEFAULT_EVENING,
        discharge_slot_2: TimeSlot | None = None,
        discharge_for_export: bool = False,  # noqa: FBT001, FBT002 - as documented
    ) -> Requests:
        """Discharge within the slots only: as the house needs, or at full power with `discharge_for_export`."""
        return places.storage(
            self._places.slots, discharge_slot_1, discharge_slot_2, for_export=discharge_for_export
        )

    def set_charge_slot(self, idx: int, timeslot: TimeSlot | None) -> Requests:
        return daily.set_charge_slot(idx, timeslot, self.slot_map)

    def set_charge_slot_start(self, idx: int, t: time | None) -> Requests:
        return daily.set_charge_slot_start(idx, t, self.slot_map)

    def set_charge_slot_end(self, idx: int, t: time | None) -> Requests:
        return daily.set_charge_slot_end(idx, t, self.slot_map)

    def reset_charge_slot(self, idx: int) -> Requests:
        return daily.reset_charge_slot(idx, self.slot_map)

    def set_discharge_slot(self, idx: int, timeslot: TimeSlot | None) -> Requests:
        return daily.set_discharge_slot(idx, timeslot, self.slot_map)

    def set_discharge_slot_start(self, idx: int, t: time | None) -> Requests:
        return daily.set_discharge_slot_start(idx, t, self.slot_map)

    def set_discharge_slot_end(self, idx: int, t: time | None) -> Requests:
        return daily.set_discharge_slot_end(idx, t, self.slot_map)

    def reset_discharge_slot(self, idx: int) -> Requests:
        return daily.reset_discharge_slot(idx, self.slot_map)

    def set_system_date_time(self, dt: datetime) -> Requests:
        """The inverter's clock, which keeps local time: `dt` is written as its hands stand."""
        return settings.set_system_date_time(dt)

    def set_export_priority(self, priority: ExportPriority) -> Requests:
        """Where surplus goes first. For AC-coupled plants."""
        return settings.set_export_priority(priority)

    # In one place on every inverter.
    set_enable_discharge = staticmethod(settings.set_enable_discharge)
    set_battery_charge_limit = staticmethod(settings.set_battery_charge_limit)
    set_battery_discharge_limit = staticmethod(settings.set_battery_discharge_limit)
    set_battery_power_reserve = staticmethod(settings.set_battery_power_reserve)
    set_discharge_mode_max_power = staticmethod(settings.set_discharge_mode_max_power)
    set_discharge_mode_to_match_demand = staticmethod(settings.set_discharge_mode_to_match_demand)
    set_calibrate_battery_soc = staticmethod(settings.set_calibrate_battery_soc)
    set_active_power_rate = staticmethod(settings.set_active_power_rate)
    set_enable_rtc = staticmethod(settings.set_enable_rtc)
    set_inverter_reboot = staticmethod(settings.set_inverter_reboot)
    set_enable_eps = staticmethod(settings.set_enable_eps)


class SinglePhaseCommands(InverterCommands):
    _places = SINGLE_PHASE


class ThreePhaseCommands(InverterCommands):
    _places = THREE_PHASES

    set_ac_charge = staticmethod(three_phase.set_ac_charge)
    set_force_charge = staticmethod(three_phase.set_force_charge)
    set_force_discharge = staticmethod(three_phase.set_force_discharge)
    set_battery_reserve_soc = staticmethod(three_phase.set_battery_reserve_soc)


class EmsCommands:
    """What an EMS controller can be told, and nothing else can."""

    set_ems_plant = staticmethod(ems.set_ems_plant)
    set_ems_charge_slot = staticmethod(ems.set_ems_charge_slot)
    set_ems_charge_slot_start = staticmethod(ems.set_ems_charge_slot_start)
    set_ems_charge_slot_end = staticmethod(ems.set_ems_charge_slot_end)
    set_ems_charge_target_soc = staticmethod(ems.set_ems_charge_target_soc)
    set_ems_discharge_slot = staticmethod(ems.set_ems_discharge_slot)
    set_ems_discharge_slot_start = staticmethod(ems.set_ems_discharge_slot_start)
    set_ems_discharge_slot_end = staticmethod(ems.set_ems_discharge_slot_end)
    set_ems_discharge_target_soc = staticmethod(ems.set_ems_discharge_target_soc)
    set_ems_export_slot = staticmethod(ems.set_ems_export_slot)
    set_ems_export_slot_start = staticmethod(ems.set_ems_export_slot_start)
    set_ems_export_slot_end = staticmethod(ems.set_ems_export_slot_end)
    set_ems_export_target_soc = staticmethod(ems.set_ems_export_target_soc)
    set_export_slot = staticmethod(ems.set_export_slot)
    set_export_slot_start = staticmethod(ems.set_export_slot_start)
    set_export_slot_end = staticmethod(ems.set_export_slot_end)
    set_ems_export_power_limit = staticmethod(ems.set_ems_export_power_limit)
