"""Turns a Wall Connector's words into ours. The only file that knows both."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Final, TypeVar, cast

from ohmstead.families.tesla_wall_connector.client.rest import Client, open_client
from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator, open_configurator
from ohmstead.families.tesla_wall_connector.config import TeslaWallConnectorConfig
from ohmstead.families.tesla_wall_connector.control.claim import only_writer
from ohmstead.families.tesla_wall_connector.control.files import is_shared
from ohmstead.families.tesla_wall_connector.details import derived_details, document_details
from ohmstead.families.tesla_wall_connector.documents import Version, Vitals
from ohmstead.families.tesla_wall_connector.knowledge import Knowledge, met, remembered
from ohmstead.families.tesla_wall_connector.limiting import CurrentLimit
from ohmstead.families.tesla_wall_connector.meaning import Meaning, Watcher
from ohmstead.families.tesla_wall_connector.meter_port import Leading, line
from ohmstead.families.tesla_wall_connector.power import Power, Wiring, power
from ohmstead.families.tesla_wall_connector.slow_documents import SlowDocuments
from ohmstead.families.tesla_wall_connector.standing import Standing
from ohmstead.kit.block import opens
from ohmstead.kit.link import TaskScope
from ohmstead.model import (
    LIMITS_CURRENT,
    Ability,
    ChargerReading,
    ChargerState,
    Clock,
    Detail,
    DeviceId,
    DeviceInfo,
    PollingContract,
    Sample,
    Services,
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


BRISK_S: Final = 1.5
"""Vitals that came within so long leave room for a look at the settings before the next poll is due."""


@opens
async def connect(config: TeslaWallConnectorConfig, services: Services) -> AsyncIterator[WallConnectorSource]:
    """One request finds out who is there; none, where that is remembered."""
    host, port = config.address
    async with AsyncExitStack() as stack:
        tap = services.tap(config.name)
        client = await stack.enter_async_context(open_client(host, port, tap=tap))
        known = await remembered(services, config.address)
        knowledge = known or await met(services, config.address, await client.version())
        version = knowledge.version
        device = DeviceId(f"{config.name}/{version.serial_number or host}")
        limit = CurrentLimit(device, services, _meter(config, client))
        await _use_access_point(stack, limit, version, config, services)
        documents = SlowDocuments(client, knowledge, services.clock.now(), is_version_due=known is not None)
        async with limit.restoring():
            yield WallConnectorSource(
                config, services.clock, client, knowledge=knowledge, documents=documents, limit=limit
            )
        await knowledge.remember()


async def _use_access_point(
    stack: AsyncExitStack,
    limit: CurrentLimit,
    version: Version,
    config: TeslaWallConnectorConfig,
    services: Services,
) -> None:
    """Be the unit's writer where that is wanted, or leave it to whoever is already."""
    if (address := config.access_point_address) is None:
        return
    try:
        stack.enter_context(only_writer(version.din, *address, is_shared=is_shared(services.clock)))
    except Unsafe as error:
        log.warning("%s is only read: %s", limit.device, error)
        return
    opened = open_configurator(*address, din=version.din, tap=services.tap(config.name))
    configurator = await stack.enter_async_context(opened)
    if limit.meter is not None:
        scope = await stack.enter_async_context(TaskScope())
        scope.start(limit.meter.run())
    await limit.use(configurator, version.din, version.firmware, is_controlled=config.control)


def _meter(config: TeslaWallConnectorConfig, client: Client) -> Leading | None:
    where = config.meter_line
    return Leading(config.conductor_limit_a, line(where), client) if where else None


class WallConnectorSource:
    """One unit."""

    contract = CONTRACT

    def __init__(
        self,
        config: TeslaWallConnectorConfig,
        clock: Clock,
        client: Client,
        *,
        knowledge: Knowledge,
        documents: SlowDocuments,
        limit: CurrentLimit,
    ) -> None:
        self.config = config
        self.client = client
        self._clock = clock
        self._knowledge = knowledge
        self._documents = documents
        self._limit = limit
        self._device = limit.device
        self._watcher = Watcher()
        self._standing = Standing()

    @property
    def configurator(self) -> Configurator | None:
        """None: its access point is not used."""
        return self._limit.configurator

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        version = self._knowledge.version
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
        began_s = asyncio.get_running_loop().time()
        vitals = await self.client.vitals()
        is_brisk = asyncio.get_running_loop().time() - began_s < BRISK_S
        now = self._clock.now()
        self._documents.see(vitals, now)
        missing = await self._documents.read(groups, now) | self._limit.troubles()
        await self._limit.keep(may_look=is_brisk and self._documents.was_quiet)
        meaning = self._watcher.see(vitals, now)
        wiring = self._knowledge.wiring(vitals, self.config.stated_wiring)
        found = power(vitals, wiring)
        await self._knowledge.follow(vitals, found, now)
        state = self._standing.see(vitals, meaning, now, is_inhibited=self._limit.limit_a == 0.0)
        facts = self._standing.facts(
            vitals,
            meaning,
            self._knowledge.version,
            wiring,
            most_a=self._limit.ceiling_a,
            network_a=self._limit.network_a,
        )
        return Sample(
            at=self._clock.now(),
            readings=(self._reading(vitals, state, found, now),),
            charge_points={self._device: facts},
            details={self._device: tuple(self._details(vitals, meaning, found, wiring))},
            missing=missing,
        )

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
            energy_wh=self._knowledge.record.energy_wh,
            session_energy_wh=vitals.session_energy_wh,
        )

    def _details(
        self, vitals: Vitals, meaning: Meaning, found: Power | None, wiring: Wiring
    ) -> Iterator[Detail]:
        yield from derived_details(meaning, found, wiring, self._knowledge.record)
        yield from self._limit.details()
        yield from document_details(vitals)
        yield from self._documents.details()
