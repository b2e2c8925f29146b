"""An EVerest charge point as a source: one device for each of its EVSEs.

Between two polls its announcements keep what is known fresh; a poll asks anew, so that a lost one does no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final, TypeVar, cast

from ohmstead.families.everest.client import Client, Greeting, connected
from ohmstead.families.everest.config import EverestConfig
from ohmstead.families.everest.meaning import details, errors_of, facts, reading, said
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.objects import ChargerInfoObj, EVSEStatusObj
from ohmstead.families.everest.verbs import verbs
from ohmstead.kit.link.messages import DialMessages
from ohmstead.kit.link.websocket import websocket
from ohmstead.model import (
    Ability,
    AuthFailed,
    ChargePointFacts,
    ChargerReading,
    Detail,
    DeviceId,
    DeviceInfo,
    PollingContract,
    Sample,
    Services,
    TimedOut,
    Unreachable,
)

A = TypeVar("A")

PROTOCOL: Final = "EVerestRpcApi"
GREETING: Final = Greeting(extensions=("details",), name="Ohmstead")
"""A server of ours then says who limits; to a reference it is no greeting, and it is greeted plainly."""
READY_S: Final = 8.0
"""From dialling to having read everything; an EVSE that never tells its identifier is taken as it is after that."""
CONTRACT: Final = PollingContract(
    interval_s=5.0,
    shortest_s=1.0,
    why="a charge point announces every change itself; asking now and then finds what was lost",
)


@asynccontextmanager
async def connect(config: EverestConfig, services: Services) -> AsyncIterator[EverestSource]:
    async with connected(dial(config, services), GREETING) as client:
        await _ready(client)
        yield EverestSource(config.name, client, services)


def dial(config: EverestConfig, services: Services) -> DialMessages:
    url, tls = config.websocket_url, None
    headers = {"Authorization": f"Bearer {services.secret(config.token)}"} if config.token else {}
    if url.startswith("wss"):
        from ohmstead.kit.link.tls import trusting_context  # noqa: PLC0415 - only for those who encrypt

        tls = trusting_context(pinned=config.fingerprint)
    return websocket(url, protocols=(PROTOCOL,), headers=headers, tls=tls, tap=services.tap(config.name))


async def _ready(client: Client) -> None:
    """Raises `AuthFailed`, `Unreachable` or `TimedOut` when nobody answers as a charge point does."""
    try:
        async with asyncio.timeout(READY_S):
            await client.ready()
    except TimeoutError:
        if isinstance(client.line.problem, AuthFailed):
            raise client.line.problem from None
        if client.trouble:
            raise Unreachable(client.trouble) from None
        for index in tuple(client.mirror.evses):
            await client.status(index)
            await client.hardware_capabilities(index)
        if not client.mirror.evses:
            raise TimedOut(f"the charge point said nothing of an EVSE within {READY_S:g} s.") from None


class EverestSource:
    contract = CONTRACT

    def __init__(self, name: str, client: Client, services: Services) -> None:
        self._name = name
        self.client = client
        self._clock = services.clock

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        return {self._device(index): self._info(index) for index in sorted(self.client.mirror.evses)}

    def ability(self, device: DeviceId, ability: Ability[A]) -> A | None:
        index = next((i for i in self.client.mirror.evses if self._device(i) == device), None)
        if index is None:
            return None
        # cast: the token's type says what the caller gets, which no checker can follow through a name
        return cast("A | None", dict(verbs(device, index, self.client, self._clock)).get(ability.name))

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        await self.client.active_errors()
        readings: list[ChargerReading] = []
        told: dict[DeviceId, tuple[Detail, ...]] = {}
        charge_points: dict[DeviceId, ChargePointFacts] = {}
        missing: dict[str, str] = {}
        for index in sorted(self.client.mirror.evses):
            device = self._device(index)
            status = await self._status(index)
            if status is None:
                missing[device] = "it has no status yet"
                continue
            view = self.client.mirror.evses[index]
            errors = errors_of(index, self.client.mirror.active_errors)
            readings.append(reading(device, self._clock.now(), view, status, errors))
            charge_points[device] = facts(view, status, errors)
            told[device] = details(view, self._charger, errors)
        return Sample(
            at=self._clock.now(),
            readings=tuple(readings),
            details=told,
            missing=missing,
            charge_points=charge_points,
        )

    async def _status(self, index: int) -> EVSEStatusObj | None:
        """Asked for together with the meter. What was announced meanwhile is newer, and counts."""
        found = await self.client.status(index)
        await self.client.meter_data(index)
        if found.error is not Error.NO_ERROR:
            return None
        return self.client.mirror.evses[index].status or found.status

    def _device(self, index: int) -> DeviceId:
        return DeviceId(f"{self._name}/{index}")

    def _info(self, index: int) -> DeviceInfo:
        charger, view = self._charger, self.client.mirror.evses[index]
        serial = said(charger.serial) if charger is not None else ""
        return DeviceInfo(
            id=self._device(index),
            family="everest",
            model=(said(charger.model) if charger is not None else "") or "EVerest charge point",
            serial=view.info.id if view.info is not None else serial or f"EVSE {index}",
            firmware=said(charger.firmware_version) if charger is not None else "",
        )

    @property
    def _charger(self) -> ChargerInfoObj | None:
        return self.client.hello.charger_info if self.client.hello is not None else None
