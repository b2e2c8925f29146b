"""What arrives, whoever asked for it, becomes what is known of the plant: judged first, then stored with its time.

A page that repeats itself byte for byte comes from the wire as the very same object. If nothing else has touched its
registers since it was stored, there is nothing to judge and nothing to store but the time.
"""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import BadFrame, Flaw, ReadReply, Received, WriteReply
from ohmstead.kit.wire.tables import PAGE_WORDS
from ohmstead.model import Clock

Block = tuple[int, Bank, int, int]
"""Device, bank, base and count."""
REMEMBERED_BLOCKS: Final = 512
"""More than any plant has."""
DAMAGED: Final = frozenset({Flaw.CRC, Flaw.ZERO_TAIL})


class Receiver:
    """`take` everything that comes from the wire."""

    def __init__(self, plant: Plant, clock: Clock) -> None:
        self._plant = plant
        self._clock = clock
        self._stored: dict[Block, tuple[ReadReply, int]] = {}
        """The reply that was stored last for each block, and the cache's count of changes then."""

    def take(self, item: Received) -> None:
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
        stored = self._stored.get(_block(reply))
        return stored is not None and stored[0] is reply

    def _read(self, reply: ReadReply) -> None:
        plant, at = self._plant, self._clock.now()
        block = reply.device, reply.bank, reply.base, len(reply.words)
        cache = plant.cache(reply.device)
        known = self._stored.get(block)
        if known is not None and known[0] is reply and known[1] == self._version(cache, reply):
            cache.touch(reply.bank, reply.base, len(reply.words), at)
            plant.trust.seen_again(reply.device, at)
            return
        if not plant.trust.judge(reply, cache, at).may_store:
            self._stored.pop(block, None)
            return
        plant.note_serials(reply.device, reply.envelope_serial, reply.adapter_serial)
        cache.store(reply.bank, reply.base, reply.words, at)
        if len(self._stored) >= REMEMBERED_BLOCKS:
            self._stored.clear()
        self._stored[block] = reply, self._version(cache, reply)

    @staticmethod
    def _version(cache: RegisterCache, reply: ReadReply) -> int:
        """Grows with any change of the block's registers; those of a block in two pages count every change."""
        is_in_one_page = reply.base % PAGE_WORDS + len(reply.words) <= PAGE_WORDS
        return cache.version(reply.bank, reply.base) if is_in_one_page else cache.changes

    def _written(self, echo: WriteReply) -> None:
        """What an echo says is stored. Register 0 is never written: such an echo is none."""
        if not echo.register:
            return
        cache: RegisterCache = self._plant.cache(echo.device)
        cache.store(Bank.HR, echo.register, (echo.value,), self._clock.now())


def _block(reply: ReadReply) -> Block:
    return reply.device, reply.bank, reply.base, len(reply.words)
