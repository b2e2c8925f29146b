"""The connection as the client uses it: one at a time, with the plant that is filled from it, whoever opened it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Final

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.capabilities import PlantCapabilities
from ohmstead.families.givenergy.client.exchange import Patience, Priority
from ohmstead.families.givenergy.client.line import Line
from ohmstead.families.givenergy.client.receiving import Receiver
from ohmstead.families.givenergy.client.recording import Recorder
from ohmstead.families.givenergy.errors import CommunicationError, ConnectionLost, NotConnected, TimedOut
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.wire import ReadReply, ReadRequest, Reply, Request
from ohmstead.kit.block import Block
from ohmstead.kit.link import Dial, Keeper, Link
from ohmstead.model import Clock, DeviceError

log = logging.getLogger(__name__)

QUIET: Final = timedelta(seconds=300)
"""Some adapters end idle connections after ten seconds: a burst of drops is told once, and then summed up."""


class Connection:
    def __init__(
        self,
        name: str,
        dial: Dial,
        plant: Plant,
        *,
        clock: Clock,
        gap_s: float,
        jitter_s: float,
        random: Random,
        drops: Drops,
    ) -> None:
        self.name = name
        self.plant = plant
        self.recorder = Recorder()
        self._dial = dial
        self._clock = clock
        self._gap_s = gap_s
        self._jitter_s = jitter_s
        self._random = random
        self._receiver = Receiver(plant, clock)
        self._keeper = Keeper(name)
        self._opening = asyncio.Lock()
        self._line: Line | None = None
        self._drops = drops
        self.block = Block(f"the client of {name}")

    @property
    def is_open(self) -> bool:
        return self._keeper.is_open

    @property
    def caches(self) -> Mapping[int, RegisterCache]:
        return self.plant.register_caches

    async def open(self) -> None:
        async with self._opening:
            await self.close()
            try:
                line = self._on(await self._keeper.open(self._dial()))
                line.start()  # unless somebody has closed it meanwhile
            except DeviceError as error:
                raise CommunicationError(f"{self.name} cannot be reached: {error}") from error
            self._line = line

    def _on(self, link: Link) -> Line:
        return Line(
            link,
            self._keeper,
            heard=self._receiver.take,
            retried=self._receiver.count_retry,
            ended=self._drops.note,
            tap=self.recorder.tap,
            gap_s=self._gap_s,
            jitter_s=self._jitter_s,
            random=self._random,
        )

    def require_open(self) -> None:
        """A connection that was lost is open in this sense. Raises `NotConnected`."""
        if not self.block.is_open:
            raise NotConnected(
                f"{self.name} is not connected: use its client inside `async with`, or call connect()"
            )

    async def close(self) -> None:
        self._line = None
        await self._keeper.close()

    async def ask(self, request: Request, patience: Patience, priority: Priority) -> Reply:
        line = self._line
        if line is None:
            self.require_open()
            raise ConnectionLost(f"{self.name} is not connected; call connect()")
        return await line.ask(request, patience, priority)

    async def read(self, request: ReadRequest, patience: Patience, priority: Priority) -> ReadReply:
        reply = await self.ask(request, patience, priority)
        assert isinstance(reply, ReadReply)  # noqa: S101 - nothing else answers a read
        return reply

    async def try_read(
        self, request: ReadRequest, patience: Patience, priority: Priority
    ) -> ReadReply | None:
        try:
            return await self.read(request, patience, priority)
        except TimedOut:
            return None

    async def try_all(
        self, requests: Iterable[ReadRequest], patience: Patience
    ) -> tuple[ReadReply | None, ...]:
        tries = (self.try_read(request, patience, Priority.PROBE) for request in requests)
        answers = await asyncio.gather(*tries, return_exceptions=True)
        found: list[ReadReply | None] = []
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
            found.append(answer)
        return tuple(found)

    def is_stored(self, reply: ReadReply) -> bool:
        """Whether what this reply says was believed."""
        return self._receiver.is_stored(reply)

    def is_doubted(self, reply: ReadReply) -> bool:
        """Whether it was not believed, but another one may be: it waits for a second like it, or better is known."""
        is_known = self.plant.block_age(reply.device, reply.bank, reply.base, reply.count) is not None
        is_held = self.plant.trust.held(reply.device) is not None
        return not self.is_stored(reply) and (is_held or is_known)

    def is_young(self, request: ReadRequest, max_age_s: float | None) -> bool:
        """Whether a read may be spared: it came in not long ago, or is known not to be there."""
        state = self.plant.block_present(request.device, request.bank, request.base, request.count)
        if state is False:
            return True
        if max_age_s is None:
            return False
        age_s = self.plant.block_age(request.device, request.bank, request.base, request.count)
        return age_s is not None and 0 <= age_s < max_age_s  # below 0, the clock was set back since

    def count_retry(self, device: int) -> None:
        self._receiver.count_retry(device)

    def detected(self, found: PlantCapabilities) -> None:
        """From now on this is the plant, and which of its blocks are there has to be seen anew."""
        self.plant.invalidate_presence()
        self.plant.capabilities = found


class Drops:
    """Tells of lost connections without filling a log."""

    def __init__(self, name: str, clock: Clock, level: int) -> None:
        """`level`: as in `logging`."""
        self._name = name
        self._clock = clock
        self._level = level
        self._told_at: datetime | None = None
        self._untold = 0

    def note(self, error: Exception) -> None:
        now = self._clock.now()
        if self._told_at is not None and now - self._told_at < QUIET:
            self._untold += 1
            return
        more = f"; {self._untold} more since the last time this was told" if self._untold else ""
        log.log(self._level, "%s: the connection was lost: %s%s", self._name, error, more)
        self._told_at, self._untold = now, 0
