"""The client of a storage gateway: the same frames with a longer header, its own ids, and no encryption."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from random import Random
from typing import Final, TypeVar

from ohmstead.families.hoymiles import requests, results
from ohmstead.families.hoymiles.client.contact import Contact
from ohmstead.families.hoymiles.client.paging import all_packets
from ohmstead.families.hoymiles.client.reception import Unsolicited
from ohmstead.families.hoymiles.client.session import Session
from ohmstead.families.hoymiles.messages.storage import (
    GATEWAY_INFO,
    GATEWAY_NETWORK,
    STORAGE_DATA,
    STORAGE_REGISTRY,
    STORAGE_USER_SET,
)
from ohmstead.families.hoymiles.protos.storage_settings_pb2 import StorageUserSetToDtu
from ohmstead.families.hoymiles.results import Network
from ohmstead.families.hoymiles.results.storages import (
    Gateway,
    Storage,
    StorageUnit,
    gateway,
    storage,
    storage_units,
)
from ohmstead.families.hoymiles.wire import GAP_S, Extension
from ohmstead.kit.block import Block
from ohmstead.kit.link import Dial
from ohmstead.model import Clock, DeviceError, OutcomeUnknown, RealClock, Refused

T = TypeVar("T")

GATEWAY_CHANNEL: Final = 0xFF
STORAGE_CHANNEL: Final = 1


class StorageClient:
    """Talks to one storage gateway. Safe to call from several tasks; one transaction runs at a time."""

    def __init__(
        self,
        dial: Dial,
        *,
        clock: Clock | None = None,
        gap_s: float = GAP_S,
        unsolicited: Unsolicited = lambda _: None,
        random: Random | None = None,
        block: Block | None = None,
        is_met: bool = True,
    ) -> None:
        """`block`: of a source whose client this is. Not `is_met`: until a gateway has answered, its silence is not waited
        for a second time.
        """
        self.clock = clock or RealClock()
        self._contact = Contact(
            dial, self.clock, unsolicited, random or Random(), gap_s=gap_s, block=block, is_met=is_met
        )
        self._gateway: Gateway | None = None

    async def gateway(self) -> Gateway:
        """Who it is. Every other request names it, so this is asked first in any case."""
        return await self._contact.read(self._ask_gateway)

    async def network(self) -> Network:
        async def steps(session: Session) -> Network:
            serial = await self._serial(session)
            request = requests.gateway_network(self.clock.now())
            answer = await session.ask(GATEWAY_NETWORK, request, Extension(serial, GATEWAY_CHANNEL))
            return results.network(answer)

        return await self._contact.read(steps)

    async def units(self) -> tuple[StorageUnit, ...]:
        """The hybrid inverters behind it."""

        async def steps(session: Session) -> tuple[StorageUnit, ...]:
            serial = await self._serial(session)
            request = requests.storage_registry(self.clock.now())
            answer = await session.ask(STORAGE_REGISTRY, request, Extension(serial, STORAGE_CHANNEL))
            return storage_units(answer)

        return await self._contact.read(steps)

    async def storages(self, unit_serials: Iterable[int]) -> tuple[Storage, ...]:
        """The present of each of these, over one connection."""
        serials = tuple(unit_serials)

        async def steps(session: Session) -> tuple[Storage, ...]:
            owner = await self._serial(session)
            return tuple([await self._ask_storage(session, owner, serial) for serial in serials])

        return await self._contact.read(steps)

    async def set_mode(self, unit_serials: Iterable[int], settings: StorageUserSetToDtu) -> None:
        """How the storages work from now on; `modes` makes the settings. Sent once.

        Raises `Refused`, or `OutcomeUnknown` when it may have arrived.
        """
        serials = tuple(unit_serials)
        async with self._contact.connected() as session:
            owner = await self._serial(session)
            request = requests.storage_settings(self.clock.now(), settings, serials)
            try:
                answer = await session.ask(STORAGE_USER_SET, request, Extension(owner, STORAGE_CHANNEL))
            except DeviceError as error:
                raise OutcomeUnknown(f"the settings were sent, but not acknowledged: {error}") from error
        if answer.transaction_id != request.transaction_id:
            raise OutcomeUnknown("what was acknowledged is somebody else's setting")
        if answer.error_code:
            raise Refused(
                f"the gateway refused the settings with code {answer.error_code}; the vendor does not say why.",
                code=answer.error_code,
            )

    async def _serial(self, session: Session) -> int:
        return (self._gateway or await self._ask_gateway(session)).serial

    async def _ask_gateway(self, session: Session) -> Gateway:
        unknown = Extension(0, GATEWAY_CHANNEL)
        packets = await self._paged(
            lambda index: session.ask(GATEWAY_INFO, requests.gateway_info(self.clock.now(), index), unknown)
        )
        self._gateway = gateway(packets, self.clock.now())
        return self._gateway

    async def _ask_storage(self, session: Session, owner: int, serial: int) -> Storage:
        extension = Extension(owner, STORAGE_CHANNEL)
        packets = await self._paged(
            lambda index: session.ask(
                STORAGE_DATA, requests.storage_data(self.clock.now(), serial, index), extension
            )
        )
        return storage(packets, self.clock.now())

    async def _paged(self, ask: Callable[[int], Awaitable[T]]) -> tuple[T, ...]:
        # ignored: every message asked for here has the two fields of a packet, which protobuf's stubs show as properties
        return await all_packets(ask)  # type: ignore[type-var]
