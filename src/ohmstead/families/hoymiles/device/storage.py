"""A storage gateway as a source: hybrid inverters with their strings, battery, street and home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from ohmstead.families.hoymiles.client.storage import StorageClient
from ohmstead.families.hoymiles.config import HoymilesConfig
from ohmstead.families.hoymiles.details import details
from ohmstead.families.hoymiles.results.storages import Gateway, Storage, StorageUnit
from ohmstead.model import (
    Ability,
    BatteryReading,
    Detail,
    DeviceId,
    DeviceInfo,
    GridReading,
    LoadReading,
    PollingContract,
    Reading,
    Sample,
    Services,
    SolarReading,
)

A = TypeVar("A")

STORAGE_CONTRACT: Final = PollingContract(
    interval_s=35.0,
    shortest_s=10.0,
    single_connection=True,
    why="a gateway measures about every 30 s and has one connection for everybody",
)
WH_PER_KWH: Final = 1000.0


class StorageSource:
    contract = STORAGE_CONTRACT

    def __init__(
        self,
        config: HoymilesConfig,
        services: Services,
        client: StorageClient,
        gateway: Gateway,
        units: tuple[StorageUnit, ...],
    ) -> None:
        self._name = config.name
        self._clock = services.clock
        self._client = client
        self._gateway = gateway
        self._units = units

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        infos = [
            DeviceInfo(
                id=self._id(unit.serial),
                family="hoymiles",
                model=unit.model_name,
                serial=unit.text,
                firmware=unit.software_version_main,
            )
            for unit in self._units
        ]
        return {info.id: info for info in infos}

    def ability(self, device: DeviceId, ability: Ability[A]) -> A | None:
        """None yet: which settings survive what nobody has published, and a battery is not the place to find out."""
        return None

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        found = await self._client.storages(unit.serial for unit in self._units)
        return Sample(
            at=self._clock.now(),
            readings=tuple(reading for storage in found for reading in self._readings(storage)),
            details={self._id(storage.serial): tuple(_details(storage)) for storage in found},
        )

    def _readings(self, storage: Storage) -> Iterable[Reading]:
        device, at = self._id(storage.serial), storage.received_at
        if storage.pv:
            yield SolarReading(device=device, at=at, power_w=float(sum(s.power_w for s in storage.pv)))
        if (battery := storage.battery) is not None:
            yield BatteryReading(
                device=device,
                at=at,
                # Positive is taken for charging there, and is discharging here.
                power_w=-float(battery.power_w),
                soc_pct=float(battery.soc_pct),
                charged_wh=battery.energy_charged_kwh * WH_PER_KWH,
                discharged_wh=battery.energy_discharged_kwh * WH_PER_KWH,
                temperature_c=battery.temperature_max_1_c,
            )
        if storage.grid:
            yield GridReading(
                device=device,
                at=at,
                power_w=float(sum(phase.active_power_w for phase in storage.grid)),
                imported_wh=sum(phase.energy_import_kwh for phase in storage.grid) * WH_PER_KWH,
                exported_wh=sum(phase.energy_export_kwh for phase in storage.grid) * WH_PER_KWH,
                voltage_v=storage.grid[0].voltage_v or None,
            )
        if storage.load:
            yield LoadReading(
                device=device, at=at, power_w=float(sum(phase.active_power_w for phase in storage.load))
            )

    def _id(self, serial: int) -> DeviceId:
        return DeviceId(f"{self._name}/{serial}")


def _details(storage: Storage) -> Iterable[Detail]:
    for string in storage.pv:
        yield from details(string, prefix=f"string {string.index} ", skip=("index",))
    if storage.battery is not None:
        yield from details(storage.battery, prefix="battery ")
    if storage.flow is not None:
        yield from details(storage.flow, prefix="flow ")
    for name, phases in (("grid", storage.grid), ("load", storage.load), ("inverter", storage.inverter)):
        for phase in phases:
            yield from details(phase, prefix=f"{name} phase {phase.phase} ", skip=("phase",))
