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
"""More than any plant has, and more than a client ever needs to know of one device."""
DAMAGED: Final = frozenset({Flaw.CRC, Flaw.ZERO_TAIL})


class Stored(msgspec.Struct):
    """A block of a device, and the reply that it was last stored from."""

    cache: RegisterCache
    state: BlockState
    is_pack: bool
    reply: ReadReply


class Receiver:
    """`take` everything that comes from the wire."""

    def __init__(self, plant: Plant, clock: Clock) -> None:
        self._plant = plant
        self._clock = clock
        self._blocks: dict[Block, Stored] = {}
        self._by_identity: dict[int, Stored] = {}
        """By the identity of the reply, which they keep alive: found without looking at what it says."""

    def take(self, item: Received) -> None:
        known = self._by_identity.get(id(item))
        if known is not None:
            at, reply = self._clock.now(), known.reply
            if known.cache.confirm(known.state, reply.words, at):
                if known.is_pack:
                    self._plant.trust.seen_again(reply.device, at)
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

    def _read(self, reply: ReadReply) -> None:
        plant, at = self._plant, self._clock.now()
        device, bank, base, words = reply.device, reply.bank, reply.base, reply.words
        cache = plant.cache(device)
        block = device, bank, base, len(words)
        stored = self._blocks.get(block)
        if stored is not None:
            self._by_identity.pop(id(stored.reply), None)
        if plant.trust.judge(reply, cache, at) is not STORE:
            return
        plant.note_serials(device, reply.envelope_serial, reply.adapter_serial)
        if stored is None:
            self._make_room(cache)
        cache.store(bank, base, words, at)
        if stored is None or stored.cache is not cache:
            stored = self._new(block, reply, cache)
        stored.reply = reply
        self._by_identity[id(reply)] = stored

    def _new(self, block: Block, reply: ReadReply, cache: RegisterCache) -> Stored:
        if len(self._blocks) >= REMEMBERED_BLOCKS:
            self._forget()
        stored = Stored(cache, cache.blocks[block[1:]], is_battery_page(reply), reply)
        self._blocks[block] = stored
        return stored

    def _make_room(self, cache: RegisterCache) -> None:
        """A peer that makes up ever new blocks is not stored: they are all seen anew, as those of a plant soon are."""
        if len(cache.blocks) >= REMEMBERED_BLOCKS:
            cache.blocks.clear()
            self._forget()

    def _forget(self) -> None:
        self._blocks.clear()
        self._by_identity.clear()

    def _written(self, echo: WriteReply) -> None:
        """What an echo says is stored. Register 0 is never written: such an echo is none."""
        if echo.register:
            cache = self._plant.cache(echo.device)
            self._make_room(cache)
            cache.store(Bank.HR, echo.register, (echo.value,), self._clock.now())
