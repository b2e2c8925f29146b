"""The clients of an adapter: each hears everything, is asked for a sign of life, and is shown out when none comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Final, cast

from ohmstead.families.givenergy.simulator.faults import Faults
from ohmstead.families.givenergy.simulator.plant import Plant
from ohmstead.families.givenergy.wire import (
    Conversation,
    Heartbeat,
    ReadRequest,
    Received,
    Request,
    Role,
    WriteRequest,
    encode_frame,
)
from ohmstead.kit.link import Breakable, Link, TaskScope
from ohmstead.kit.wire import Damage
from ohmstead.model import ConnectionLost

log = logging.getLogger(__name__)

ANSWER_S: Final = 5.0
"""Within which a heartbeat has to be returned."""
MISSES: Final = 3
IDLE_S: Final = 10.0
OUTBOX: Final = 512
"""Frames a client may leave unread before it is shown out."""
WAITING: Final = 16
"""Requests of one client that wait for the bus; further ones are lost."""
PIECE_GAP_S: Final = 0.002
STALLED_S: Final = 2.0
"""A request whose rest has not come by then never will."""


class Guest:
    def __init__(self, link: Link, number: int) -> None:
        self.link = link
        self.number = number
        self.waiting = 0
        """Its requests in the queue."""
        self.is_mute = False
        """It hears nothing more, and nobody tells it."""
        self.misses = 0
        self.heard_s = asyncio.get_running_loop().time()
        self._outbox: asyncio.Queue[Sequence[bytes]] = asyncio.Queue(OUTBOX)
        self._answered = asyncio.Event()

    def tell(self, chunks: Sequence[bytes]) -> bool:
        """Queue bytes to be sent piece by piece; False when it has stopped reading."""
        if self.is_mute:
            return True
        try:
            self._outbox.put_nowait(chunks)
        except asyncio.QueueFull:
            return False
        return True

    def returned(self) -> None:
        self._answered.set()

    async def send(self) -> None:
        while True:
            chunks = await self._outbox.get()
            for number, chunk in enumerate(chunks):
                if number:
                    await asyncio.sleep(PIECE_GAP_S)
                await self.link.send(chunk)

    async def is_alive(self) -> bool:
        """Whether a heartbeat just sent is returned in time."""
        self._answered.clear()
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._answered.wait()
        except TimeoutError:
            self.misses += 1
            return self.misses < MISSES
        self.misses = 0
        return True


Ask = Callable[[Guest, Request], None]


class Guests:
    """All clients. `ask` gets their requests."""

    def __init__(
        self,
        plant: Plant,
        faults: Faults,
        ask: Ask,
        *,
        limit: int,
        drops_oldest: bool,
        closes_idle: bool,
    ) -> None:
        self.connections = 0
        self.refused = 0
        self.damaged_bytes = 0
        self.lost_requests = 0
        self.heartbeats = 0
        self._plant = plant
        self._faults = faults
        self._ask = ask
        self._limit = limit
        self._drops_oldest = drops_oldest
        self._closes_idle = closes_idle
        self._guests: list[Guest] = []

    def __len__(self) -> int:
        return len(self._guests)

    def peers(self) -> list[str]:
        """Who is connected, the first comer first."""
        return [guest.link.peer for guest in self._guests]

    async def serve(self, link: Link) -> None:
        """One connection, from its first byte to its end."""
        if len(self._guests) >= self._limit:
            if not self._drops_oldest:
                self.refused += 1
                return
            self.show_out(self._guests.pop(0))
        self.connections += 1
        guest = Guest(link, self.connections)
        self._guests.append(guest)
        try:
            async with TaskScope() as scope:
                for work in (guest.send(), self._beat(guest), self._watch(guest)):
                    scope.start(self._until_lost(guest, work))
                await self._listen(guest)
        finally:
            if guest in self._guests:
                self._guests.remove(guest)

    def tell(self, chunks: Sequence[bytes]) -> None:
        """Everybody hears everything."""
        for guest in tuple(self._guests):
            if not guest.tell(chunks):
                self.show_out(guest)

    def show_out(self, guest: Guest) -> None:
        """Break a connection off; what it has not read is lost."""
        guest.is_mute = True
        # Whatever a server serves can be broken off; a `Serve` only need not know.
        cast(Breakable, guest.link).abort()

    async def _until_lost(self, guest: Guest, work: Coroutine[None, None, None]) -> None:
        """A side task of a connection ends with it, and not the other way round."""
        try:
            await work
        except ConnectionLost as error:
            log.debug("client %d is gone: %s", guest.number, error)

    async def _listen(self, guest: Guest) -> None:
        conversation = Conversation(Role.ADAPTER, checks_crc=self._plant.profile.checks_crc)
        while True:
            try:
                async with asyncio.timeout(STALLED_S if conversation.held_bytes else None):
                    items = conversation.receive(await guest.link.receive())
            except TimeoutError:
                items = conversation.abandon()
            for item in items:
                self._hear(guest, item)

    def _hear(self, guest: Guest, item: Received) -> None:
        guest.heard_s = asyncio.get_running_loop().time()
        if isinstance(item, Heartbeat):
            guest.returned()
        elif isinstance(item, ReadRequest | WriteRequest):
            if guest.waiting >= WAITING:
                self.lost_requests += 1
            else:
                guest.waiting += 1
                self._ask(guest, item)
        elif isinstance(item, Damage):
            self.damaged_bytes += item.size

    async def _beat(self, guest: Guest) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            due_s += self._plant.profile.heartbeat_s
            await asyncio.sleep(due_s - loop.time())
            if self._faults.strike("heartbeat-off"):
                continue
            rule = self._faults.strike("heartbeat-type")
            kind = 1 if rule is None else rule.value or 2
            self.heartbeats += 1
            guest.tell((encode_frame(Heartbeat(self._plant.adapter_serial, kind)),))
            if not await guest.is_alive():
                self.show_out(guest)
                return

    async def _watch(self, guest: Guest) -> None:
        loop = asyncio.get_running_loop()
        while self._closes_idle:
            left_s = guest.heard_s + IDLE_S - loop.time()
            if left_s <= 0.0:
                await guest.link.close()
                return
            await asyncio.sleep(left_s)
