"""One DTU as a source: readings for each inverter and meter, every field as a detail, and who can be asked what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final, TypeVar, cast

import msgspec

from ohmstead.families.hoymiles import identifiers
from ohmstead.families.hoymiles.client import Client
from ohmstead.families.hoymiles.config import HoymilesConfig
from ohmstead.families.hoymiles.device.actuators import (
    DtuRestart,
    HoymilesLimit,
    HoymilesRestart,
    HoymilesSwitch,
    refuses_orders,
)
from ohmstead.families.hoymiles.device.detailing import told
from ohmstead.families.hoymiles.results import Alarm, Config, Inventory, Live, MeterPhases
from ohmstead.model import (
    LIMITS_SOLAR,
    RESTARTS,
    SWITCHES,
    Ability,
    ConnectionLost,
    DeviceError,
    DeviceId,
    DeviceInfo,
    GridReading,
    PollingContract,
    Quality,
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
HANGING: Final = timedelta(minutes=4)
"""A DTU that repeats a data set for longer hangs, whatever it says. Uploads to a cloud take up to two and a half."""
CONFIG_EVERY: Final = timedelta(hours=1)
CONFIG: Final = "config"
ALARMS: Final = "alarms"


class HoymilesSource:
    """One DTU, its inverters and its meters."""

    def __init__(
        self,
        config: HoymilesConfig,
        services: Services,
        client: Client,
        inventory: Inventory,
        live: Live,
        *,
        remember: Callable[[Inventory], Awaitable[None]] | None = None,
    ) -> None:
        """`remember` is told each inventory, so that a restart need not ask for one."""
        self._name = config.name
        self._clock = services.clock
        self.client = client
        self._inventory = inventory
        self._first: Live | None = live
        self._is_first = True
        self._seen_at = live.received_at
        """When the present data set was first seen; a repeated one does not become younger."""
        self._config: Config | None = None
        self._config_due = services.clock.now()
        self._alarms: tuple[Alarm, ...] = ()
        self._has_alarms = True
        self._remember = remember

    @property
    def contract(self) -> PollingContract:
        """As slow as the firmware wants it, and never a multiple of 30 s."""
        pace = self.client.pace
        is_built_in = identifiers.dtu_model(self._inventory.dtu_serial) == identifiers.BUILT_IN
        contract = msgspec.structs.replace(CONTRACT, quiet_s=pace.pause_s, sleeps_without_sun=is_built_in)
        if pace.interval_s <= CONTRACT.shortest_s:
            return contract
        return msgspec.structs.replace(contract, interval_s=pace.interval_s + 3.0, shortest_s=pace.interval_s)

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
        # cast: the token's type says what the caller gets, which no checker can follow through a comparison
        return cast("A | None", self._actuators(device).get(ability.name))

    def _actuators(self, device: DeviceId) -> Mapping[str, object]:
        serials = [inverter.serial for inverter in self._inventory.inverters]
        dtu, client = self._id(self._inventory.dtu_serial), self.client
        found: dict[str, object] = {}
        obeys = not refuses_orders(self._inventory)
        if obeys and device == (self._id(serials[0]) if len(serials) == 1 else dtu):
            found[LIMITS_SOLAR.name] = HoymilesLimit(device, client)
        if device == dtu:
            found[RESTARTS.name] = DtuRestart(device, client)
        for serial in serials:
            if device == self._id(serial):
                if obeys:
                    found[SWITCHES.name] = HoymilesSwitch(device, serial, client)
                found[RESTARTS.name] = HoymilesRestart(device, serial, client)
        return found

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        """Live data; with the group "config", or now and then without being told, the configuration as well."""
        self.client.require_open()
        is_first = self._first is not None
        live, self._first = self._first or await self.client.live(), None
        # Old firmware need not say in its live data who it is.
        if live.dtu_serial and live.dtu_serial != self._inventory.dtu_serial:
            raise ConnectionLost("another DTU answers at this address; it is opened anew, to see which")
        if not live.is_stale:
            self._seen_at = live.received_at
        missing = self._missing(live)
        # Nothing more is asked of a DTU that is left alone just now, unless somebody wants it.
        may_ask = groups is not None or not live.is_cached
        if may_ask and self._wants_config(groups):
            missing |= await self._read_config()
        if may_ask and self._wants_alarms(groups, is_first=is_first):
            missing |= await self._read_alarms(live)
        details = told(self._inventory, live, self._config, self._alarms)
        return Sample(
            at=self._clock.now(),
            readings=(*self._solar(live), *self._grid(live)),
            details={self._id(serial): tuple(fields) for serial, fields in details.items()},
            missing=missing,
        )

    def _wants_config(self, groups: frozenset[str] | None) -> bool:
        """Never with the very first reading, which somebody waits for, unless told to."""
        if groups is not None:
            return CONFIG in groups
        is_first, self._is_first = self._is_first, False
        return not is_first and self._clock.now() >= self._config_due

    def _wants_alarms(self, groups: frozenset[str] | None, *, is_first: bool) -> bool:
        """Old firmware without an answer to this is asked again after the next configuration."""
        if groups is not None:
            return ALARMS in groups
        return not is_first and self._has_alarms

    async def _read_alarms(self, live: Live) -> dict[str, str]:
        """Nothing is asked unless a counter has changed."""
        try:
            found = await self.client.new_alarms(live)
        except DeviceError as error:
            self._has_alarms = False
            return {ALARMS: str(error)}
        if found is not None:
            self._alarms = found
        return {}

    async def _read_config(self) -> dict[str, str]:
        """With another look at who is there."""
        self._config_due = self._clock.now() + CONFIG_EVERY
        self._has_alarms = True
        try:
            self._config = await self.client.config()
            self._inventory = await self.client.inventory()
            if self._remember is not None:
                await self._remember(self._inventory)
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
                quality=self._quality(live, is_known=power_w is not None),
                power_w=power_w,
                energy_wh=energy_wh.get(serial),
            )
            for serial, power_w in powers_w.items()
        ]

    def _grid(self, live: Live) -> list[GridReading]:
        quality = self._quality(live, is_known=True)
        return [self._meter(meter, quality) for meter in live.meters if meter.is_consistent]

    def _meter(self, meter: MeterPhases, quality: Quality) -> GridReading:
        return GridReading(
            device=self._id(meter.serial),
            at=self._seen_at,
            quality=quality,
            power_w=float(meter.power_total_w),
            imported_wh=float(meter.import_total_wh),
            exported_wh=float(meter.export_total_wh),
            voltage_v=meter.voltage_a_v or None,
        )

    def _quality(self, live: Live, *, is_known: bool) -> Quality:
        """By when the DTU was asked: what else was asked meanwhile, or not asked to spare it, says nothing of the data."""
        is_fresh = is_known and live.received_at - self._seen_at <= HANGING
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

    def _id(self, serial: str) -> DeviceId:
        return DeviceId(f"{self._name}/{serial}")

    def _info(self, serial: str, model: str, firmware: str) -> DeviceInfo:
        return DeviceInfo(
            id=self._id(serial), family="hoymiles", model=model, serial=serial, firmware=firmware
        )
