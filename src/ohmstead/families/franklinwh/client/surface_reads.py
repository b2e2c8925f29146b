"""The reading half of the documented client: each method is the function it names, on the client's own line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from typing import Any

from ohmstead.families.franklinwh.circuits import control as circuits
from ohmstead.families.franklinwh.circuits import newer
from ohmstead.families.franklinwh.circuits.newer import NewerCircuit
from ohmstead.families.franklinwh.circuits.record import Circuit
from ohmstead.families.franklinwh.client import (
    accessories,
    history,
    modes,
    network,
    off_grid,
    packs,
    power_control,
    reads,
    stats,
    storm,
    tariffs,
)
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.mode_records import ModeInfo
from ohmstead.families.franklinwh.client.modes import Mode
from ohmstead.families.franklinwh.client.plan import ActiveBlock
from ohmstead.families.franklinwh.client.readings import Stats
from ohmstead.families.franklinwh.client.tariffs import Price
from ohmstead.families.franklinwh.discovery import discover as discovery
from ohmstead.families.franklinwh.discovery.snapshot import DeviceSnapshot
from ohmstead.families.franklinwh.generator import control as generator
from ohmstead.families.franklinwh.generator.record import GeneratorDetail
from ohmstead.families.franklinwh.v2l import control as v2l
from ohmstead.families.franklinwh.v2l.readiness import Failing

Record = dict[str, Any]  # Any: the vendor's JSON


class Reads(ABC):
    @abstractmethod
    async def line(self, gateway_id: str | None = None) -> Line: ...

    async def get_stats(
        self, *, include_electrical: bool = False, keep_stored: bool = False, hide_offline: bool = False
    ) -> Stats:
        """Now and today. `include_electrical` reads voltages and relays too; `keep_stored` tells a stored answer as it
        is, where otherwise the last live one is told again. Raises `GatewayOffline`, unless `hide_offline`.
        """
        return await stats.get_stats(
            await self.line(),
            include_electrical=include_electrical,
            keep_stored=keep_stored,
            hide_offline=hide_offline,
        )

    async def get_device_composite_info(self, refresh: bool = True) -> Record:  # noqa: FBT001, FBT002  # documented
        return await reads.get_device_composite_info(await self.line(), refresh=refresh)

    async def discover(self, tier: int = 1) -> DeviceSnapshot:
        return await discovery.discover(await self.line(), tier)

    async def get_generator_info(self) -> Record:
        return await generator.get_generator_info(await self.line())

    async def get_generator_detail(self) -> GeneratorDetail:
        return await generator.get_generator_detail(await self.line())

    async def get_accessories(self, option: int | str = 0) -> Record:
        return await accessories.get_accessories(await self.line(), option)

    async def get_accessories_power_info(self, option: int | str = 1) -> Record:
        return await accessories.get_accessories_power_info(await self.line(), option)

    async def get_smart_circuits_info(self) -> Record:
        return await circuits.get_smart_circuits_info(await self.line())

    async def get_smart_circuits(self) -> dict[int, Circuit]:
        return await circuits.get_smart_circuits(await self.line())

    async def get_newer_circuits(self) -> dict[int, NewerCircuit] | None:
        """Of firmware with the newer commands; None where there is none."""
        return await newer.get_newer_circuits(await self.line())

    async def check_v2l_ready(self) -> tuple[Failing, ...]:
        return await v2l.check_v2l_ready(await self.line())

    async def get_power_info(self) -> Record:
        return await packs.get_power_info(await self.line())

    async def get_bms_info(self, serial: str) -> Record:
        return await packs.get_bms_info(await self.line(), serial)

    async def get_mode(self) -> Mode:
        return await modes.get_mode(await self.line())

    async def get_mode_info(self) -> tuple[ModeInfo, ...]:
        return await modes.get_mode_info(await self.line())

    async def get_all_mode_soc(self) -> dict[int, float]:
        return await modes.get_all_mode_soc(await self.line())

    async def get_gateway_tou_list(self) -> Record:
        return await modes.get_gateway_tou_list(await self.line())

    async def get_grid_status(self) -> Record:
        return await off_grid.get_grid_status(await self.line())

    async def get_power_control_settings(self) -> Record:
        return await power_control.get_power_control_settings(await self.line())

    async def get_entrance_info(self) -> Record:
        return await power_control.get_entrance_info(await self.line())

    async def get_storm_settings(self) -> Record:
        return await storm.get_storm_settings(await self.line())

    async def get_storm_list(self, page: int = 1, size: int = 20) -> list[Any]:  # Any: the vendor's JSON
        return await storm.get_storm_list(await self.line(), page, size)

    async def get_progressing_storm_list(self) -> list[Any]:  # Any: the vendor's JSON
        return await storm.get_progressing_storm_list(await self.line())

    async def get_weather(self) -> Record:
        return await storm.get_weather(await self.line())

    async def get_tou_dispatch_detail(self) -> Record:
        return await tariffs.get_tou_dispatch_detail(await self.line())

    async def get_tou_info(self) -> ActiveBlock | None:
        return await tariffs.get_tou_info(await self.line())

    async def get_current_tou_price(self) -> Price | None:
        return await tariffs.get_current_tou_price(await self.line())

    async def get_power_details(self, type: int | str, day: date | str) -> Record:  # noqa: A002  # documented
        return await history.get_power_details(await self.line(), type, day)

    async def get_power_by_day(self, day: date | str) -> Record:
        return await history.get_power_by_day(await self.line(), day)

    async def get_gateway_alarm(self) -> list[Record]:
        return await history.get_gateway_alarm(await self.line())

    async def get_alarm_codes_list(self) -> list[Record]:
        return await history.get_alarm_codes_list(await self.line())

    async def get_home_gateway_list(self) -> list[Record]:
        return await reads.get_home_gateway_list(await self.line())

    async def get_device_info(self) -> Record:
        return await reads.get_device_info(await self.line())

    async def get_agate_info(self) -> Record:
        return await reads.get_agate_info(await self.line())

    async def get_apower_info(self) -> list[Record]:
        return await reads.get_apower_info(await self.line())

    async def get_equipment_location(self) -> Record:
        return await reads.get_equipment_location(await self.line())

    async def get_warranty_info(self) -> Record:
        return await reads.get_warranty_info(await self.line())

    async def get_pack_catalogue(self) -> list[Record]:
        return await reads.get_pack_catalogue(await self.line())

    async def get_site_list(self) -> list[Record]:
        return await reads.get_site_list(await self.line())

    async def get_grid_profile_info(self) -> Record:
        return await reads.get_grid_profile_info(await self.line())

    async def get_benefit_info(self, span: int, day: str) -> Record:
        return await reads.get_benefit_info(await self.line(), span, day)

    async def get_network_info(self) -> Record:
        return await network.get_network_info(await self.line())

    async def get_connection_status(self) -> Record:
        return await network.get_connection_status(await self.line())

    async def get_network_switches(self) -> Record:
        return await network.get_network_switches(await self.line())

    async def get_wifi_config(self) -> Record:
        return await network.get_wifi_config(await self.line())

    async def scan_wifi_networks(self) -> list[Record]:
        return await network.scan_wifi_networks(await self.line())
