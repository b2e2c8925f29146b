"""Turns a Wall Connector's words into ours. The only file that knows both."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, TypeVar, cast

import msgspec

from ohmstead.families.tesla_wall_connector.client.rest import Client, open_client
from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator, open_configurator
from ohmstead.families.tesla_wall_connector.config import TeslaWallConnectorConfig
from ohmstead.families.tesla_wall_connector.control.claim import only_writer
from ohmstead.families.tesla_wall_connector.details import derived_details, document_details
from ohmstead.families.tesla_wall_connector.documents import Lifetime, Version, Vitals, WifiStatus
from ohmstead.families.tesla_wall_connector.limiting import CurrentLimit
from ohmstead.families.tesla_wall_connector.meaning import Meaning, Watcher
from ohmstead.families.tesla_wall_connector.meter_port import Leading, line
from ohmstead.families.tesla_wall_connector.power import Power, Wiring, power, presumed, recognised
from ohmstead.families.tesla_wall_connector.sessions import Record, followed
from ohmstead.families.tesla_wall_connector.standing import Standing
from ohmstead.kit.link import TaskScope
from ohmstead.model import (
    LIMITS_CURRENT,
    Ability,
    ChargerReading,
    ChargerState,
    ConnectionLost,
    Detail,
    DeviceError,
    DeviceId,
    DeviceInfo,
    PollingContract,
    Sample,
    Services,
    Tap,
    Unsafe,
)

log = logging.getLogger(__name__)

A = TypeVar("A")

CONTRACT: Final = PollingContract(
    interval_s=5.0,
    shortest_s=2.0,
    single_connection=True,
    why=(
        "a unit answers one request at a time, in up to 3 s; asked every 5 s it drops fewer connections than asked "
        "every 30 s, when its radio has gone to sleep"
    ),
)
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
VERSION, LIFETIME, WIFI = "version", "lifetime", "wifi"


class Learnt(msgspec.Struct, frozen=True, kw_only=True):
    """Of one unit, kept over restarts."""

    wiring: Wiring | None = None
    record: Record = Record()


@asynccontextmanager
async def connect(config: TeslaWallConnectorConfig, services: Services) -> AsyncIterator[WallConnectorSource]:
    """One request finds out who is there; none, where that is remembered."""
    host, port = config.address
    async with AsyncExitStack() as stack:
        tap = services.tap(config.name)
        client = await stack.enter_async_context(open_client(host, port, tap=tap))
        who = f"tesla_wall_connector.at.{host}:{port}"
        version = _decoded(await services.recall(who), Version)
        is_remembered = version is not None
        if version is None:
            version = await client.version()
            await services.remember(who, msgspec.json.encode(version).decode())
        device = DeviceId(f"{config.name}/{version.serial_number or host}")
        limit = CurrentLimit(device, services, _meter(config, client))
        await _use_access_point(stack, limit, version, config, tap)
        source = WallConnectorSource(config, services, client, version, limit)
        await source.recall(is_remembered=is_remembered)
        async with limit.restoring():
            yield source
        await source.remember()


async def _use_access_point(
    stack: AsyncExitStack,
    limit: CurrentLimit,
    version: Version,
    config: TeslaWallConnectorConfig,
    tap: Tap | None,
) -> None:
    """Be the unit's writer where that is wanted, or leave it to whoever is already."""
    if (address := config.access_point_address) is None:
        return
    try:
        stack.enter_context(only_writer(version.din, *address))
    except Unsafe as error:
        log.warning("%s is only read: %s", limit.device, error)
        return
    configurator = await stack.enter_async_context(open_configurator(*address, din=version.din, tap=tap))
    if limit.meter is not None:
        scope = await stack.enter_async_context(TaskScope())
        scope.start(limit.meter.run())
    await limit.use(configurator, version.din, version.firmware)


def _meter(config: TeslaWallConnectorConfig, client: Client) -> Leading | None:
    where = config.meter_line
    return Leading(config.conductor_limit_a, line(where), client) if where else None


class WallConnectorSource:
    """One unit."""

    contract = CONTRACT

    def __init__(
        self,
        config: TeslaWallConnectorConfig,
        services: Services,
        client: Client,
        version: Version,
        limit: CurrentLimit,
    ) -> None:
        self.config = config
        self._services = services
        self.client = client
        self._version = version
        self._limit = limit
        self._device = limit.device
        self._watcher = Watcher()
        self._standing = Standing()
        self._learnt = Learnt()
        self._kept_at = services.clock.now()
        self._uptime_s = 0
        self._lifetime: Lifetime | None = None
        self._wifi: WifiStatus | None = None
        now = services.clock.now()
        self._due = {VERSION: now + HOUR, LIFETIME: now, WIFI: now}
        self._is_first = True

    @property
    def configurator(self) -> Configurator | None:
        """None: its access point is not used."""
        return self._limit.configurator

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        version = self._version
        info = DeviceInfo(
            id=self._device,
            family="tesla-wall-connector",
            model=version.part_number or "Wall Connector",
            serial=version.serial_number or self.config.address[0],
            firmware=version.firmware,
        )
        return {self._device: info}

    def ability(self, device: DeviceId, ability: Ability[A]) -> A | None:
        is_ours = device == self._device and ability is LIMITS_CURRENT and self._limit.is_known
        # cast: the token's type says what the caller gets, which no checker can follow through a comparison
        return cast("A", self._limit) if is_ours else None

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        """Vitals, and now and then one more document: never several at once of a unit that is slow."""
        vitals = await self.client.vitals()
        now = self._services.clock.now()
        if vitals.uptime_s is not None:
            if vitals.uptime_s < self._uptime_s:
                self._due[VERSION] = now  # it has started anew, perhaps with other firmware
            self._uptime_s = vitals.uptime_s
        missing = await self._read_more(groups, now) | self._limit.troubles()
        await self._limit.keep()
        meaning = self._watcher.see(vitals, now)
        wiring = self._wiring(vitals)
        found = power(vitals, wiring)
        await self._follow(vitals, found, now)
        state = self._standing.see(vitals, meaning, now, is_inhibited=self._limit.limit_a == 0.0)
        facts = self._standing.facts(vitals, meaning, self._version, wiring, self._limit.ceiling_a)
        return Sample(
            at=self._services.clock.now(),
            readings=(self._reading(vitals, state, found, now),),
            charge_points={self._device: facts},
            details={self._device: tuple(self._details(vitals, meaning, found, wiring))},
            missing=missing,
        )

    # --- what is learnt ---

    async def recall(self, *, is_remembered: bool) -> None:
        """What earlier lives learnt. Who is there is asked soon, if that was only remembered."""
        if is_remembered:
            self._due[VERSION] = self._services.clock.now()
        learnt = _decoded(await self._services.recall(self._key), Learnt)
        self._learnt = learnt or Learnt()

    async def remember(self) -> None:
        self._kept_at = self._services.clock.now()
        await self._services.remember(self._key, msgspec.json.encode(self._learnt).decode())

    @property
    def _key(self) -> str:
        return f"tesla_wall_connector.learnt.{self._version.serial_number}"

    def _wiring(self, vitals: Vitals) -> Wiring:
        seen = recognised(vitals)
        if seen is not None and seen is not self._learnt.wiring:
            self._learnt = msgspec.structs.replace(self._learnt, wiring=seen)
        return self.config.stated_wiring or self._learnt.wiring or presumed(self._version, vitals)

    async def _follow(self, vitals: Vitals, found: Power | None, now: datetime) -> None:
        before = self._learnt.record
        record = followed(before, vitals, found.power_va if found else None, now)
        self._learnt = msgspec.structs.replace(self._learnt, record=record)
        is_turn = (before.current is None) is not (record.current is None) or before.last != record.last
        if is_turn or now - self._kept_at >= MINUTE:
            await self.remember()

    # --- the other documents ---

    async def _read_more(self, groups: frozenset[str] | None, now: datetime) -> dict[str, str]:
        """Never with the very first reading, which somebody waits for, unless told to."""
        is_first, self._is_first = self._is_first, False
        if groups is not None:
            wanted = [name for name in self._due if name in groups]
        else:
            wanted = [] if is_first else [name for name, due in self._due.items() if now >= due][:1]
        missing: dict[str, str] = {}
        for name in wanted:
            self._due[name] = now + (HOUR if name == VERSION else MINUTE)
            try:
                await self._read_document(name)
            except ConnectionLost:
                raise
            except DeviceError as error:
                missing[name] = str(error)
        return missing

    async def _read_document(self, name: str) -> None:
        if name == LIFETIME:
            self._lifetime = await self.client.lifetime()
        elif name == WIFI:
            self._wifi = await self.client.wifi_status()
        else:
            await self._read_version()

    async def _read_version(self) -> None:
        version = await self.client.version()
        host, port = self.config.address
        known = self._version.serial_number
        await self._services.remember(
            f"tesla_wall_connector.at.{host}:{port}", msgspec.json.encode(version).decode()
        )
        self._version = version
        if version.serial_number != known:
            raise ConnectionLost(f"another unit answers at {host}:{port} now; it is connected anew.")

    # --- our words ---

    def _reading(
        self, vitals: Vitals, state: ChargerState, found: Power | None, now: datetime
    ) -> ChargerReading:
        return ChargerReading(
            device=self._device,
            at=now,
            power_w=found.power_va if found else None,
            state=state,
            limit_a=self._limit.limit_a,
            phases=found.phases if found else None,
            energy_wh=self._learnt.record.energy_wh,
            session_energy_wh=vitals.session_energy_wh,
        )

    def _details(self, vitals: Vitals, meaning: Meaning, found: Power | None, wiring: Wiring) -> list[Detail]:
        details = [
            *derived_details(meaning, found, wiring, self._learnt.record),
            *self._limit.details(),
            *document_details(vitals),
            *document_details(self._version),
        ]
        for document in (self._lifetime, self._wifi):
            if document is not None:
                details += document_details(document)
        return details


L = TypeVar("L", Learnt, Version)


def _decoded(text: str | None, kind: type[L]) -> L | None:
    """A memory that cannot be read is none."""
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError:
        log.warning("what was remembered of a unit cannot be read: %s", kind.__name__)
        return None
