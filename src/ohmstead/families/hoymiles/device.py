"""Turns the DTU's words into ours. The only file that knows both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final, TypeVar, cast

from ohmstead.families.hoymiles import identifiers
from ohmstead.families.hoymiles.client import ENVELOPE, Client, LimitResult
from ohmstead.families.hoymiles.config import HoymilesConfig
from ohmstead.families.hoymiles.details import config_details, details
from ohmstead.families.hoymiles.results import Config, Inventory, Live, MeterPhases
from ohmstead.kit.link import tcp
from ohmstead.model import (
    LIMITS_SOLAR,
    Ability,
    Detail,
    DeviceError,
    DeviceId,
    DeviceInfo,
    GridReading,
    Outcome,
    PollingContract,
    Quality,
    Receipt,
    Refused,
    Sample,
    Services,
    SolarReading,
)

A = TypeVar("A")

CONTRACT: Final = PollingContract(
    interval_s=35.0,
    shortest_s=32.0,
    single_connection=True,
    why=(
        "a DTU measures about every 30 s, has one connection for everybody, and on older firmware neither "
        "refreshes nor uploads to its cloud when read more often; multiples of 30 s would hit the same phase"
    ),
)
HANGING: Final = timedelta(minutes=3)
"""A data set that stands longer is old news, whatever the DTU says."""
CONFIG_EVERY: Final = timedelta(hours=1)
CONFIG: Final = "config"


@asynccontextmanager
async def connect(config: HoymilesConfig, services: Services) -> AsyncIterator[HoymilesSource]:
    """The first data set is read on entering: that is one connection for who is there and how they are."""
    host, port = config.address
    client = Client(
        tcp(host, port, tap=services.tap(config.name)),
        clock=services.clock,
        spend=services.spend,
        poll_all=config.poll_all,
    )
    live = await client.live()
    yield HoymilesSource(config, services, client, await client.known(), live)


class HoymilesSource:
    """One DTU, its inverters and its meters."""

    contract = CONTRACT

    def __init__(
        self, config: HoymilesConfig, services: Services, client: Client, inventory: Inventory, live: Live
    ) -> None:
        self._name = config.name
        self._clock = services.clock
        self._client = client
        self._inventory = inventory
        self._first: Live | None = live
        self._is_first = True
        self._seen_at = live.received_at
        """When the present data set was first seen; a repeated one does not become younger."""
        self._config: Config | None = None
        self._config_due = services.clock.now()
        actuator = self._id(
            inventory.inverters[0].serial if len(inventory.inverters) == 1 else inventory.dtu_serial
        )
        self._limit = HoymilesLimit(actuator, services, client)

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        inventory = self._inventory
        dtu = self._info(
            inventory.dtu_serial,
            identifiers.dtu_model(inventory.dtu_serial),
            identifiers.version_text("dtu", inventory.dtu.software_version),
        )
        inverters = [
            self._info(
                i.serial,
                identifiers.inverter_model(i.serial),
                identifiers.version_text("inverter-software", i.software_version),
            )
            for i in inventory.inverters
        ]
        meters = [self._info(m.serial, identifiers.meter_model(m.serial), "") for m in inventory.meters]
        return {info.id: info for info in (*inverters, *meters, dtu)}

    def ability(self, device: DeviceId, ability: Ability[A]) -> A | None:
        """The limit holds for the whole DTU: it is the inverter's where there is one, else the DTU's."""
        is_ours = device == self._limit.device and ability is LIMITS_SOLAR
        # cast: the token's type says what the caller gets, which no checker can follow through a comparison
        return cast("A", self._limit) if is_ours else None

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        """Live data; with the group "config", or now and then without being told, the configuration as well."""
        live, self._first = self._first or await self._client.live(), None
        if not live.is_stale:
            self._seen_at = live.received_at
        missing = self._missing(live)
        if self._wants_config(groups):
            missing |= await self._read_config()
        return Sample(
            at=self._clock.now(),
            readings=(*self._solar(live), *self._grid(live)),
            details=self._details(live),
            missing=missing,
        )

    def _wants_config(self, groups: frozenset[str] | None) -> bool:
        """Never with the very first reading, which somebody waits for, unless told to."""
        if groups is not None:
            return CONFIG in groups
        is_first, self._is_first = self._is_first, False
        return not is_first and self._clock.now() >= self._config_due

    async def _read_config(self) -> dict[str, str]:
        self._config_due = self._clock.now() + CONFIG_EVERY
        try:
            self._config = await self._client.config()
        except DeviceError as error:
            return {CONFIG: str(error)}
        return {}

    # --- readings ---

    def _solar(self, live: Live) -> list[SolarReading]:
        energy_wh: dict[str, float] = {}
        for port in live.ports:
            energy_wh[port.serial] = energy_wh.get(port.serial, 0.0) + (port.energy_total_wh or 0)
        powers_w = {i.serial: i.active_power_w for i in live.single_phase}
        powers_w |= {i.serial: i.active_power_w for i in live.three_phase}
        return [
            SolarReading(
                device=self._id(serial),
                at=self._seen_at,
                quality=self._quality(is_known=power_w is not None),
                power_w=power_w,
                energy_wh=energy_wh.get(serial),
            )
            for serial, power_w in powers_w.items()
        ]

    def _grid(self, live: Live) -> list[GridReading]:
        return [self._meter(meter) for meter in live.meters if meter.is_consistent]

    def _meter(self, meter: MeterPhases) -> GridReading:
        return GridReading(
            device=self._id(meter.serial),
            at=self._seen_at,
            quality=self._quality(is_known=True),
            power_w=float(meter.power_total_w),
            imported_wh=float(meter.import_total_wh),
            exported_wh=float(meter.export_total_wh),
            voltage_v=meter.voltage_a_v or None,
        )

    def _quality(self, *, is_known: bool) -> Quality:
        is_fresh = is_known and self._clock.now() - self._seen_at <= HANGING
        return Quality.GOOD if is_fresh else Quality.STALE

    def _missing(self, live: Live) -> dict[str, str]:
        present = {i.serial for i in live.single_phase} | {i.serial for i in live.three_phase}
        away = {i.serial for i in live.single_phase if not i.is_linked}
        away |= {i.serial for i in live.three_phase if not i.is_linked}
        missing = {
            self._id(i.serial): "not in the DTU's answer"
            for i in self._inventory.inverters
            if i.serial not in present
        }
        missing |= {self._id(serial): "the DTU has no radio link to it" for serial in sorted(away)}
        missing |= {
            self._id(m.serial): "its totals differ from the sum of their phases"
            for m in live.meters
            if not m.is_consistent
        }
        return {str(device): reason for device, reason in missing.items()}

    # --- details ---

    def _details(self, live: Live) -> Mapping[DeviceId, tuple[Detail, ...]]:
        inventory = self._inventory
        found: dict[DeviceId, list[Detail]] = {self._id(inventory.dtu_serial): self._dtu_details(live)}
        for inverter in inventory.inverters:
            found[self._id(inverter.serial)] = details(inverter)
        for info in inventory.meters:
            found[self._id(info.serial)] = details(info)
        for single in live.single_phase:
            found.setdefault(self._id(single.serial), []).extend(details(single))
        for three in live.three_phase:
            found.setdefault(self._id(three.serial), []).extend(details(three))
        for port in live.ports:
            found.setdefault(self._id(port.serial), []).extend(
                details(port, prefix=f"port {port.port} ", skip=("serial", "port"))
            )
        for meter in live.meters:
            found.setdefault(self._id(meter.serial), []).extend(details(meter))
        return {device: tuple(fields) for device, fields in found.items()}

    def _dtu_details(self, live: Live) -> list[Detail]:
        data_time = live.data_time
        drift_s = (live.received_at - data_time).total_seconds() if data_time else None
        found = [
            Detail(key="dtu_power_w", label="power of all inverters", value=live.dtu_power_w, unit="W"),
            Detail(
                key="dtu_energy_today_wh", label="energy today", value=live.dtu_energy_today_wh, unit="Wh"
            ),
            Detail(key="data_time_s", label="time of the data set", value=live.data_time_s, unit="s"),
            Detail(key="data_age_s", label="age by the DTU's clock", value=drift_s, unit="s"),
            Detail(key="is_clock_set", label="clock is set", value=data_time is not None),
            *details(self._inventory.dtu),
        ]
        return found + (config_details(self._config) if self._config is not None else [])

    def _id(self, serial: str) -> DeviceId:
        return DeviceId(f"{self._name}/{serial}")

    def _info(self, serial: str, model: str, firmware: str) -> DeviceInfo:
        return DeviceInfo(
            id=self._id(serial), family="hoymiles", model=model, serial=serial, firmware=firmware
        )


class HoymilesLimit:
    """Holds back production, persistently. The receipt says what the DTU says afterwards."""

    envelope = ENVELOPE

    def __init__(self, device: DeviceId, services: Services, client: Client) -> None:
        self.device = device
        self._clock = services.clock
        self._client = client

    async def limit_solar(self, limit_pct: float) -> Receipt:
        try:
            result = await self._client.set_power_limit(limit_pct)
        except Refused as error:
            result = LimitResult(outcome=Outcome.REFUSED, asked_pct=limit_pct, reason=str(error))
        return Receipt(
            device=self.device,
            ability=LIMITS_SOLAR.name,
            at=self._clock.now(),
            outcome=result.outcome,
            asked=result.asked_pct,
            read_back=result.read_back_pct,
            reason=result.reason,
        )
