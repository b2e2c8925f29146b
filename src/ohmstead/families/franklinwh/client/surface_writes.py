"""The writing half of the documented client. Arguments are checked before the first byte of anything is sent, also of the
login; what a write came to is told in a `WriteResult`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any

from ohmstead.families.franklinwh.circuits import control as circuits
from ohmstead.families.franklinwh.circuits import newer
from ohmstead.families.franklinwh.circuits.schedule import Times
from ohmstead.families.franklinwh.client import modes, network, off_grid, power_control, storm, tariffs
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.plan import check_plan
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.generator import control as generator
from ohmstead.families.franklinwh.generator import editing
from ohmstead.families.franklinwh.v2l import control as v2l
from ohmstead.families.franklinwh.v2l.control import Require, Way


class Writes(ABC):
    @abstractmethod
    async def line(self, gateway_id: str | None = None) -> Line: ...

    async def set_mode(
        self,
        mode: int,
        soc: float | None = None,
        *,
        backup_forever: bool | None = None,
        next_mode: int | None = None,
        duration_min: int | None = None,
    ) -> WriteResult:
        """1 time of use, 2 self-consumption, 3 emergency backup; see `client.modes.set_mode`."""
        modes.checked(mode, soc, backup_forever, next_mode, duration_min)
        return await modes.set_mode(
            await self.line(),
            mode,
            soc,
            backup_forever=backup_forever,
            next_mode=next_mode,
            duration_min=duration_min,
        )

    async def update_soc(self, soc: float, work_mode: int) -> WriteResult:
        """The reserve of a mode in %, without switching to it."""
        modes.checked(work_mode, soc, None, None, None)
        return await modes.update_soc(await self.line(), soc, work_mode)

    async def set_grid_status(self, status: int, soc: int = off_grid.FLOOR_PCT) -> WriteResult:
        """1 leaves the grid, down to `soc` %; 0 joins it again."""
        off_grid.switching("", status, soc)
        return await off_grid.set_grid_status(await self.line(), status, soc)

    async def set_generator_mode(self, mode: int) -> WriteResult:
        """1 auto-schedule, 2 manual."""
        editing.checked_mode(mode)
        return await generator.set_generator_mode(await self.line(), mode)

    async def set_generator_operating_mode(self, mode: int) -> WriteResult:
        """The same modes, through the selector of the newer app."""
        editing.checked_mode(mode)
        return await generator.set_generator_operating_mode(await self.line(), mode)

    async def set_generator_enabled(self, *, enable: bool) -> WriteResult:
        return await generator.set_generator_enabled(await self.line(), enable=enable)

    async def set_generator_charge_schedule(self, windows: Times, *, confirm: bool) -> WriteResult:
        """Replace the operating windows, up to three of `("HH:MM", "HH:MM")`; none clears them."""
        editing.windows_body("", windows, confirm=confirm)
        return await generator.set_generator_charge_schedule(await self.line(), windows, confirm=confirm)

    async def set_generator_settings(
        self, changes: Mapping[str, int], *, experimental: bool = False
    ) -> WriteResult:
        return await generator.set_generator_settings(await self.line(), changes, experimental=experimental)

    async def set_smart_circuit_state(self, number: int, on: bool) -> WriteResult:  # noqa: FBT001  # documented
        return await circuits.set_smart_circuit_state(await self.line(), number, on=on)

    async def set_newer_circuit_state(self, number: int, *, on: bool) -> WriteResult:
        """Of firmware with the newer commands; raises `NotSupported` where there is none."""
        return await newer.set_newer_circuit_state(await self.line(), number, on=on)

    async def set_smart_circuit_soc_cutoff(
        self,
        number: int,
        enable: bool,  # noqa: FBT001  # documented
        soc: int,
    ) -> WriteResult:
        """Open the circuit below `soc` %; it acts off grid only."""
        return await circuits.set_smart_circuit_soc_cutoff(await self.line(), number, enable=enable, soc=soc)

    async def set_smart_circuit_load_limit(self, number: int, amps: int) -> WriteResult:
        return await circuits.set_smart_circuit_load_limit(await self.line(), number, amps)

    async def set_smart_circuit_schedule(
        self, number: int, windows: Times, *, cycle_days: int, base_date: date | None = None
    ) -> WriteResult:
        return await circuits.set_smart_circuit_schedule(
            await self.line(), number, windows, cycle_days=cycle_days, base_date=base_date
        )

    async def set_v2l_mode(
        self,
        enable: bool,  # noqa: FBT001  # documented
        *,
        via: Way = "circuit3",
        require_ready: Require = "cached",
    ) -> WriteResult:
        """Speculative; see `v2l.control.set_v2l_mode`."""
        return await v2l.set_v2l_mode(await self.line(), enable=enable, via=via, require_ready=require_ready)

    async def set_power_control_settings(self, discharge: float, charge: float) -> WriteResult:
        """What the battery may give to the grid and take from it, in kW; -1 unlimited, 0 not allowed."""
        power_control.battery_limits(discharge, charge)
        return await power_control.set_power_control_settings(await self.line(), discharge, charge)

    async def set_export_settings(self, mode: int, limit: float | None = None) -> WriteResult:
        """1 solar only, 2 solar and battery, 3 nothing; at most `limit` kW."""
        power_control.export_limits(mode, limit)
        return await power_control.set_export_settings(await self.line(), mode, limit)

    async def set_storm_settings(
        self,
        *,
        enable: bool | None = None,
        advance_backup_min: int | None = None,
        notice: bool | None = None,
        advance_notice_min: int | None = None,
    ) -> WriteResult:
        storm.changes("", enable, advance_backup_min, notice, advance_notice_min)
        return await storm.set_storm_settings(
            await self.line(),
            enable=enable,
            advance_backup_min=advance_backup_min,
            notice=notice,
            advance_notice_min=advance_notice_min,
        )

    async def set_tou_schedule(self, plan: Mapping[str, Any]) -> WriteResult:  # Any: the vendor's JSON
        """Replace the whole plan; `set_mode(1)` then switches to it."""
        check_plan(plan)
        return await tariffs.set_tou_schedule(await self.line(), plan)

    async def led_light_settings(
        self, mode: int | str, data: Mapping[str, object] | None = None
    ) -> dict[str, Any] | WriteResult:  # Any: the vendor's JSON
        """0 reads the pack lights, 1 writes `data` over what they are."""
        network.checked_lights(mode, data)
        return await network.led_light_settings(await self.line(), mode, data)
