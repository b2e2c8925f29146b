"""The library's client of a DTU: what to ask, in the vendor's words with units.

Everything runs as a transaction: connect, the steps of a group, close. A DTU has one connection for everybody, so it is
held briefly; that also lets old firmware upload to its cloud in between. Reads that lose their connection are run again
once as a whole; writes never are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from random import Random
from typing import Final, TypeVar

from ohmstead.families.hoymiles import requests, results
from ohmstead.families.hoymiles.actions import Action, limit_text
from ohmstead.families.hoymiles.client import commands, limits
from ohmstead.families.hoymiles.client.commands import CommandResult
from ohmstead.families.hoymiles.client.limits import ENVELOPE, LimitResult, Spend
from ohmstead.families.hoymiles.client.paging import all_packets
from ohmstead.families.hoymiles.client.session import Session, Unsolicited
from ohmstead.families.hoymiles.messages import COMMAND, CONFIG_GET, DEV_INFO, HEARTBEAT, REAL_DATA_NEW
from ohmstead.families.hoymiles.numbering import Sequence
from ohmstead.families.hoymiles.results import Config, Heartbeat, Inventory, Live
from ohmstead.kit.budget import Budgets, MemoryStore
from ohmstead.kit.link import Dial, Pacer
from ohmstead.model import Clock, DeviceError, Outcome, OutcomeUnknown, RealClock, Refused, Unsupported

T = TypeVar("T")

FRAME_GAP_S: Final = 0.5
CONNECTION_GAP_S: Final = 2.0
"""Source: owners' reports; a published client keeps the same distance."""


class Client:
    """Talks to one DTU. Safe to call from several tasks; one transaction runs at a time."""

    def __init__(
        self,
        dial: Dial,
        *,
        clock: Clock | None = None,
        spend: Spend | None = None,
        poll_all: bool = True,
        unsolicited: Unsolicited = lambda _: None,
        random: Random | None = None,
    ) -> None:
        """`spend` keeps the budget of flash writes; without it they are counted in memory.

        `poll_all` asks the DTU to collect before live data is read, which some firmware needs and which switches others
        to fresher data. `unsolicited` is shown every frame that answers nothing.
        """
        self.clock = clock or RealClock()
        self._dial = dial
        self._spend = spend or Budgets(MemoryStore(), self.clock).spend
        self._poll_all = poll_all
        self._unsolicited = unsolicited
        self._sequence = Sequence(random or Random())
        self._connections = Pacer(CONNECTION_GAP_S)
        self._limiting = asyncio.Lock()
        self._inventory: Inventory | None = None
        self._last_data_time_s: int | None = None

    async def inventory(self) -> Inventory:
        return await self._read(self._ask_inventory)

    async def known(self) -> Inventory:
        """The inventory of the last time it was asked, if it ever was."""
        return self._inventory or await self.inventory()

    async def heartbeat(self) -> Heartbeat:
        async def ask(session: Session) -> Heartbeat:
            await self._contacted(session)
            answer = await session.ask(HEARTBEAT, requests.heartbeat(self.clock.now()))
            return results.heartbeat(answer, self.clock.now())

        return await self._read(ask)

    async def live(self, *, poll_all: bool | None = None) -> Live:
        """The present data set; `is_stale` when it is the one of the read before."""
        return await self._read(
            lambda session: self._ask_live(session, self._poll_all if poll_all is None else poll_all)
        )

    async def config(self) -> Config:
        return await self._read(self._ask_config)

    async def power_limit_pct(self) -> float | None:
        """The persistent limit; `None` when this firmware does not say."""

        async def ask(session: Session) -> float | None:
            config = await self._ask_config(session)
            if config.power_limit_pct is not None:
                return config.power_limit_pct
            return limits.limit_in_force(config, await self._ask_live(session, poll_all=False))

        return await self._read(ask)

    async def command(
        self, action: Action, *, text: str = "", inverters: Iterable[str] = ()
    ) -> CommandResult:
        """Run an action and wait for its end. Sent once; raises `Refused` or `OutcomeUnknown`."""
        targets = tuple(inverters)
        async with self._connected() as session:
            await self._contacted(session)
            started = await commands.start(session, self.clock, action, text=text, inverters=targets)
            return await commands.follow(session, self.clock, action, started)

    async def set_power_limit(self, limit_pct: float) -> LimitResult:
        """Hold back production of all inverters, persistently. Costs a flash write unless the limit is in force.

        Raises `Unsafe` for a value outside 2 to 100 % and `BudgetSpent` for one write too many, before anything is
        sent; `Refused` when the DTU says no.
        """
        asked_pct = ENVELOPE.check(limit_pct)
        async with self._limiting:
            return await self._set_power_limit(asked_pct)

    async def _set_power_limit(self, asked_pct: float) -> LimitResult:
        before_pct = await self.power_limit_pct()
        if before_pct == asked_pct:
            return LimitResult(
                outcome=Outcome.CONFIRMED,
                asked_pct=asked_pct,
                read_back_pct=before_pct,
                reason="in force already, so nothing was written",
            )
        inventory = await self.known()
        await limits.book(self._spend, inventory.dtu_serial)
        return await self._write_limit(asked_pct)

    async def _write_limit(self, asked_pct: float) -> LimitResult:
        doubt = ""
        try:
            result = await self.command(Action.POWER_LIMIT, text=limit_text(asked_pct))
            if result.failed:
                raise Refused(f"these inverters did not take the limit: {', '.join(result.failed)}.")
        except OutcomeUnknown as error:
            doubt = str(error)
            await asyncio.sleep(limits.SETTLE_S)
        try:
            read_back_pct = await self.power_limit_pct()
        except DeviceError as error:
            return limits.judge(asked_pct, None, f"{doubt or 'acknowledged'}; not read back: {error}")
        return limits.judge(asked_pct, read_back_pct, doubt)

    # --- transactions ---

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Session]:
        async with self._connections, self._dial() as link:
            yield Session(link, self._sequence, Pacer(FRAME_GAP_S), self._unsolicited)

    async def _read(self, steps: Callable[[Session], Awaitable[T]]) -> T:
        """Run the steps on a connection, and once more on a fresh one if the first broke or fell silent."""
        for is_last in (False, True):
            async with self._connected() as session:
                try:
                    return await steps(session)
                except DeviceError as error:
                    if is_last or not error.retryable:
                        raise
        raise AssertionError("the last try returns or raises")

    async def _contacted(self, session: Session) -> Inventory:
        """What the DTU is, asked on first contact. Raises `Unsupported` for one we could not understand."""
        inventory = self._inventory or await self._ask_inventory(session)
        if inventory.dtu.wants_encryption:
            raise Unsupported(
                f"DTU {inventory.dtu_serial} encrypts what it says (firmware from about V01.01), "
                "which is not supported yet."
            )
        return inventory

    async def _ask_inventory(self, session: Session) -> Inventory:
        packets = await all_packets(
            lambda index: session.ask(DEV_INFO, requests.dev_info(self.clock.now(), index))
        )
        self._inventory = results.inventory(packets, self.clock.now())
        return self._inventory

    async def _ask_live(self, session: Session, poll_all: bool) -> Live:  # noqa: FBT001 - as the caller's option
        inventory = await self._contacted(session)
        if poll_all:
            await self._collect(session)
        packets = await all_packets(
            lambda index: session.ask(REAL_DATA_NEW, requests.live(self.clock.now(), index)),
            same=lambda packet: packet.time,
        )
        is_stale = packets[0].time == self._last_data_time_s
        self._last_data_time_s = packets[0].time
        return results.live(
            packets, self.clock.now(), is_stale=is_stale, expected_inverters=len(inventory.inverters)
        )

    async def _collect(self, session: Session) -> None:
        """A refusal changes nothing: firmware that does not know the action delivers without it."""
        await session.ask(COMMAND, requests.command(Action.POLL_ALL, self.clock.now()))

    async def _ask_config(self, session: Session) -> Config:
        await self._contacted(session)
        answer = await session.ask(CONFIG_GET, requests.config(self.clock.now()))
        return results.config(answer, self.clock.now())
