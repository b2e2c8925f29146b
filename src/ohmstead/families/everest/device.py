"""An EVerest charge point as a source: one device for each of its EVSEs.

Between two polls its announcements keep what is known fresh; a poll asks anew, so that a lost one does no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Final, TypeVar, cast

from ohmstead.families.everest.client import Client, Greeting, Known, connected, read_known
from ohmstead.families.everest.config import EverestConfig
from ohmstead.families.everest.meaning import details, errors_of, facts, reading, said
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.objects import ChargerInfoObj
from ohmstead.families.everest.verbs import verbs
from ohmstead.kit.block import opens
from ohmstead.kit.link.messages import DialMessages
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.notebook import Notebook
from ohmstead.model import (
    Ability,
    AuthFailed,
    BadAnswer,
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
GREETING: Final = Greeting(extensions=("details", "snapshot"), name="Ohmstead")
"""A server of ours then says who limits, and everything at once; to a reference it is no greeting, and it is greeted
plainly.
"""
READY_S: Final = 8.0
"""From dialling to having read everything."""
NAMELESS_S: Final = 2.0
"""For an EVSE that tells how it is to tell its identifier too; after that it is taken as it is. Some never tell one."""
CONTRACT: Final = PollingContract(
    interval_s=5.0,
    shortest_s=1.0,
    why="a charge point announces every change itself; asking now and then finds what was lost",
)


@opens
async def connect(config: EverestConfig, services: Services) -> AsyncIterator[EverestSource]:
    """Entering reads everything, or of a reference that is remembered what changes."""
    recalled = read_known(await services.recall(_key(config.name)))
    async with connected(dial(config, services), GREETING, recalled=recalled) as client:
        await _ready(client)
        source = EverestSource(config.name, client, services, recalled)
        await source.remember()
        yield source


def _key(name: str) -> str:
    return f"everest/{name}"


def dial(config: EverestConfig, services: Services) -> DialMessages:
    url, tls = config.websocket_url, None
    headers = {"Authorization": f"Bearer {services.secret(config.token)}"} if config.token else {}
    if url.startswith("wss"):
        from ohmstead.kit.link.tls import trusting_context  # noqa: PLC0415 - only for those who encrypt

        tls = trusting_context(pinned=config.fingerprint)
    return websocket(url, protocols=(PROTOCOL,), headers=headers, tls=tls, tap=services.tap(config.name))


async def _ready(client: Client) -> None:
    """Raises `AuthFailed`, `Unreachable` or `TimedOut` when nobody answers as a charge point does."""
    if await _has_read_everything(client):
        return
    if isinstance(client.line.problem, AuthFailed):
        raise client.line.problem
    if client.trouble:
        raise Unreachable(client.trouble)
    for index in tuple(client.mirror.evses):
        await client.status(index)
        await client.meter_data(index)
        await client.hardware_capabilities(index)
    if not client.mirror.evses:
        raise TimedOut(f"the charge point said nothing of an EVSE within {READY_S:g} s.")


async def _has_read_everything(client: Client) -> bool:
    """False when it took too long."""
    began_s = asyncio.get_running_loop().time()
    while not client.is_ready:
        turns, limit_s = (_is_named, NAMELESS_S) if _is_nameless(client) else (_is_nameless, READY_S)
        try:
            async with asyncio.timeout_at(began_s + limit_s):
                await client.until(partial(turns, client))
        except TimeoutError:
            return False
    return True


def _is_named(client: Client) -> bool:
    return not _is_nameless(client)


def _is_nameless(client: Client) -> bool:
    """Whether EVSEs have told of themselves, and none of them which one it is."""
    views = client.mirror.evses.values()
    return bool(views) and all(view.info is None for view in views)


class EverestSource:
    contract = CONTRACT

    def __init__(self, name: str, client: Client, services: Services, recalled: Known | None) -> None:
        self._name = name
        self.client = client
        self._notebook = Notebook(services, f"{name}: what it is")
        self._clock = services.clock
        self._known = recalled
        """As it stands in the memory."""
        self._is_begun = True
        """Whether what entering has read is still to be given out."""
        self._is_checked = recalled is None

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        return {self._device(index): self._info(index) for index in sorted(self.client.mirror.evses)}

    def ability(self, device: DeviceId, ability: Ability[A]) -> A | None:
        index = next((i for i in self.client.mirror.evses if self._device(i) == device), None)
        if index is None:
            return None
        # cast: the token's type says what the caller gets, which no checker can follow through a name
        return cast("A | None", dict(verbs(device, index, self.client, self._clock)).get(ability.name))

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        """Raises `BadAnswer` for one that is not what was remembered of it."""
        if self._is_begun and groups is None:
            self.client.line.require_connection()
            self._is_begun, silent = False, frozenset[int]()
        else:
            await self._check()
            silent = await self._ask()
        readings: list[ChargerReading] = []
        told: dict[DeviceId, tuple[Detail, ...]] = {}
        charge_points: dict[DeviceId, ChargePointFacts] = {}
        missing: dict[str, str] = {}
        for index, view in sorted(self.client.mirror.evses.items()):
            device = self._device(index)
            if view.status is None or index in silent:
                missing[device] = "it has no status yet"
                continue
            errors = errors_of(index, self.client.mirror.active_errors)
            readings.append(reading(device, self._clock.now(), view, view.status, errors))
            charge_points[device] = facts(view, view.status, errors)
            told[device] = details(view, self._charger, errors)
        return Sample(
            at=self._clock.now(),
            readings=tuple(readings),
            details=told,
            missing=missing,
            charge_points=charge_points,
        )

    async def remember(self) -> None:
        """Keep what a restart need not ask again."""
        known = self.client.line.known
        if known is None or known == self._known:
            return
        if await self._notebook.note(_key(self._name), known.written()):
            self._known = known

    async def _check(self) -> None:
        """Whether a charge point that was only remembered still is what it was."""
        if self._is_checked:
            return
        before = self._known
        if not self.client.line.is_ours:
            await self.client.line.read_what_stays()
        self._is_checked = True
        await self.remember()
        if before != self._known:
            raise BadAnswer("the charge point is not what it was before; it is opened anew.")

    async def _ask(self) -> frozenset[int]:
        """Everything that changes, anew. The EVSEs that have no status to tell."""
        await self.client.active_errors()
        silent: set[int] = set()
        for index in sorted(self.client.mirror.evses):
            status = await self.client.status(index)
            await self.client.meter_data(index)
            if status.error is not Error.NO_ERROR:
                silent.add(index)
        return frozenset(silent)

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
