"""What arrives, whoever asked for it, becomes what is known of the plant: judged first, then stored with its time.

A page that repeats itself byte for byte comes from the wire as the very same object. If nothing else has touched its
registers since it was stored, there is nothing to judge and nothing to store but the time.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ohmstead.families.givenergy.cache import BlockState, RegisterCache
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.trust.pages import is_battery_page
from ohmstead.families.givenergy.trust.verdict import STORE
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import BadFrame, Flaw, ReadReply, Received, WriteReply
from ohmstead.model import Clock

Block = tuple[int, Bank, int, int]
"""Device, bank, base and count."""
REMEMBERED_BLOCKS: Final = 512
"""More than any plant has."""
DAMAGED: Final = frozenset({Flaw.CRC, Flaw.ZERO_TAIL})


class Stored(msgspec.Struct, frozen=True):
    """The reply that a block was last stored from."""

    reply: ReadReply
    cache: RegisterCache
    state: BlockState
    is_pack: bool


class Receiver:
    """`take` everything that comes from the wire."""

    def __init__(self, plant: Plant, clock: Clock) -> None:
        self._plant = plant
        self._clock = clock
        self._stored: dict[Block, Stored] = {}
        self._by_identity: dict[int, Stored] = {}
        """The same by the identity of the reply, which they keep alive: found without looking at what it says."""

    def take(self, item: Received) -> None:
        known = self._by_identity.get(id(item))
        if known is not None and self._came_again(known):
            return
        if isinstance(item, ReadReply):
            self._read(item)
        elif isinstance(item, WriteReply):
            self._written(item)
        elif isinstance(item, BadFrame) and item.flaw in DAMAGED:
            self._plant.trust.counters(item.device).crc_failure_count += 1

    def count_retry(self, device: int) -> None:
        self._plant.trust.counters(device).retry_count += 1

    def is_stored(self, reply: ReadReply) -> bool:
        """Whether what this reply says was believed."""
        return id(reply) in self._by_identity

    def _came_again(self, known: Stored) -> bool:
        at = self._clock.now()
        if not known.cache.confirm(known.state, known.reply.words, at):
            return False
        if known.is_pack:
            self._plant.trust.seen_again(known.reply.device, at)
        return True

    def _read(self, reply: ReadReply) -> None:
        plant, at = self._plant, self._clock.now()
        device, bank, base, words = reply.device, reply.bank, reply.base, reply.words
        cache = plant.cache(device)
        block = device, bank, base, len(words)
        before = self._stored.pop(block, None)
        if before is not None:
            del self._by_identity[id(before.reply)]
        if plant.trust.judge(reply, cache, at) is not STORE:
            return
        plant.note_serials(device, reply.envelope_serial, reply.adapter_serial)
        cache.store(bank, base, words, at)
        if len(self._stored) >= REMEMBERED_BLOCKS:
            self._stored.clear()
            self._by_identity.clear()
        stored = Stored(reply, cache, cache.blocks[bank, base, len(words)], is_battery_page(reply))
        self._stored[block] = self._by_identity[id(reply)] = stored

    def _written(self, echo: WriteReply) -> None:
        """What an echo says is stored. Register 0 is never written: such an echo is none."""
        if echo.register:
            self._plant.cache(echo.device).store(Bank.HR, echo.register, (echo.value,), self._clock.now())
