"""Links without sockets, and what can go wrong with them, by command and from one seed.

They keep the promises of `ohmstead.kit.link.Link`; a test that passes here and fails over TCP has found a bug in one of
the two.
"""

from __future__ import annotations

import asyncio
from collections import deque
from random import Random
from typing import Final

import msgspec

from ohmstead.kit.link import Hearer
from ohmstead.model import ConnectionLost

HELD_LIMIT_BYTES: Final = 64 * 1024
"""Unread bytes at which a sender has to wait."""

ENDED: Final = "the peer ended the connection"
CLOSED: Final = "the link is closed"
BROKEN: Final = "the connection broke"


class Faults(msgspec.Struct, kw_only=True):
    """What the line does to what is sent from now on. May be changed at any time."""

    delay_s: float = 0.0
    chunk_bytes: int = 0
    """What is sent arrives in pieces of this size; 0: whole."""
    garbage_pct: float = 0.0
    """How often rubbish of 1 to 16 bytes comes before what was sent."""
    black_hole: bool = False
    """Everything is accepted and nothing arrives; whoever dials gets no answer."""


class _Line:
    """One direction: from the sender's hand to the receiver's, in order."""

    def __init__(self, faults: Faults, random: Random) -> None:
        self._faults = faults
        self._random = random
        self._arriving: deque[tuple[float, bytes]] = deque()
        self._held_bytes = 0
        self._last_due_s = float("-inf")
        self._changed = asyncio.Event()
        self._hearer: Hearer | None = None
        self.sender_ended = ""
        """Why the sender cannot send."""
        self.receiver_ended = ""
        """Why the receiver can receive no more."""
        self.leads_nowhere = False

    @property
    def has_room(self) -> bool:
        return self._held_bytes < HELD_LIMIT_BYTES

    async def put(self, data: bytes) -> None:
        self.put_at_once(data)
        while not self.sender_ended and not self.has_room:
            await self._change()
        self._check_sender()

    def put_at_once(self, data: bytes) -> None:
        self._check_sender()
        if self._random.uniform(0, 100) < self._faults.garbage_pct:
            self.deliver(self._random.randbytes(self._random.randint(1, 16)))
        self.deliver(data)

    def _check_sender(self) -> None:
        if self.sender_ended:
            raise ConnectionLost(f"nothing can be sent, {self.sender_ended}")

    def deliver(self, data: bytes) -> None:
        """Bytes, or the end of the stream: none."""
        if self._faults.black_hole or self.leads_nowhere:
            return
        # A delay that became shorter does not make bytes overtake.
        due_s = max(self._last_due_s, asyncio.get_running_loop().time() + self._faults.delay_s)
        self._last_due_s = due_s
        size = self._faults.chunk_bytes or len(data) or 1
        pieces = [data[at : at + size] for at in range(0, max(len(data), 1), size)]
        self._arriving.extend((due_s, piece) for piece in pieces)
        self._held_bytes += len(data)
        self._changed.set()
        for _ in pieces if self._hearer is not None else ():
            asyncio.get_running_loop().call_at(due_s, self._hand)

    async def take(self) -> bytes:
        while not self.receiver_ended:
            due_s = self._arriving[0][0] if self._arriving else None
            if due_s is not None and due_s <= asyncio.get_running_loop().time():
                return self._taken()
            await self._change(due_s)
        raise self._no_more()

    def attach(self, hearer: Hearer) -> None:
        self._hearer = hearer
        if self.receiver_ended:
            hearer.lost(self._no_more())
        for due_s, _ in self._arriving:
            asyncio.get_running_loop().call_at(due_s, self._hand)

    def _hand(self) -> None:
        """To the hearer, what came first; what had not come when the link broke is lost."""
        if self._hearer is None or self.receiver_ended:
            return
        try:
            data = self._taken()
        except ConnectionLost as error:
            self._hearer.lost(error)
        else:
            self._hearer.hear(data)

    def _taken(self) -> bytes:
        _, data = self._arriving.popleft()
        self._held_bytes -= len(data)
        self._changed.set()
        if not data:
            self.receiver_ended = ENDED
            raise self._no_more()
        return data

    def _no_more(self) -> ConnectionLost:
        return ConnectionLost(f"expected more bytes, but {self.receiver_ended}")

    async def _change(self, until_s: float | None = None) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout_at(until_s):
                await self._changed.wait()
        except TimeoutError:
            return

    def end(self, *, sender: str = "", receiver: str = "") -> None:
        self.sender_ended = self.sender_ended or sender
        was_ended, self.receiver_ended = self.receiver_ended, self.receiver_ended or receiver
        self._changed.set()
        if self._hearer is not None and self.receiver_ended and not was_ended:
            self._hearer.lost(self._no_more())


class MemoryLink:
    """One end of a pair."""

    def __init__(self, inward: _Line, outward: _Line, peer: str) -> None:
        self.peer = peer
        self._inward = inward
        self._outward = outward
        self._is_closed = False

    async def send(self, data: bytes) -> None:
        await self._outward.put(data)

    def offer(self, data: bytes) -> bool:
        if not self._outward.has_room:
            return False
        self._outward.put_at_once(data)
        return True

    async def receive(self) -> bytes:
        return await self._inward.take()

    def attach(self, hearer: Hearer) -> None:
        self._inward.attach(hearer)

    async def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self._outward.deliver(b"")
        self._outward.end(sender=CLOSED)
        self._inward.end(receiver=CLOSED, sender=ENDED)

    def abort(self) -> None:
        """Break it for both ends at once; what was sent and not read is lost."""
        if self._is_closed:
            return
        self._is_closed = True
        for line in (self._inward, self._outward):
            line.end(sender=BROKEN, receiver=BROKEN)

    def vanish(self) -> None:
        """Break it for this end alone: the other one sends into the void and hears nothing."""
        self._is_closed = True
        self._outward.leads_nowhere = self._inward.leads_nowhere = True
        self._outward.end(sender=BROKEN)
        self._inward.end(receiver=BROKEN)

    def inject(self, data: bytes) -> None:
        """Let the other end receive bytes that nobody sent."""
        self._outward.deliver(data)


def pair(
    faults: Faults | None = None, *, seed: int = 1, names: tuple[str, str] = ("device", "client")
) -> tuple[MemoryLink, MemoryLink]:
    """Two ends joined: what goes into one comes out of the other. The first end's peer is called "device"."""
    faults = faults or Faults()
    random = Random(seed)
    there, back = _Line(faults, random), _Line(faults, random)
    return MemoryLink(back, there, names[0]), MemoryLink(there, back, names[1])
