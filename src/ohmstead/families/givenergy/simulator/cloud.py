"""The vendor's cloud, which polls through the same adapter: nobody sees its requests, everybody hears the replies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from ohmstead.families.givenergy.simulator.profiles import INVERTER, METERS, Ask, Profile, Round
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadRequest
from ohmstead.model import Clock

BOOT: Final = (Ask(INVERTER, Bank.HR, 0), *(Ask(meter, Bank.MR, 60) for meter in METERS))
"""What it reads when an adapter has started."""
SHORTEST_WIRE_S: Final = 1.0
"""Between two rounds however fast civil time runs."""


class Cloud:
    def __init__(self, profile: Profile, clock: Clock, ask: Callable[[ReadRequest], Awaitable[None]]) -> None:
        self.rounds = profile.rounds
        self._clock = clock
        self._ask = ask
        self._one_at_a_time = asyncio.Lock()

    async def boot(self) -> None:
        if self.rounds:
            await self._read(BOOT)

    async def poll(self, poll_round: Round) -> None:
        """One of the rounds, again and again."""
        every = timedelta(seconds=max(poll_round.every_s, SHORTEST_WIRE_S * self._clock.speed))
        due = self._clock.now()
        while True:
            due += every
            await self._clock.sleep_until(due)
            await self._read(poll_round.asks)

    async def _read(self, asks: tuple[Ask, ...]) -> None:
        """One after the other, each when the one before is done: others get their turn in between."""
        async with self._one_at_a_time:
            for ask in asks:
                await self._ask(ReadRequest(ask.device, ask.bank, ask.base, ask.count))
