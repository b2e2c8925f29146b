"""The ability to limit a unit's current, as long as its access point can be reached now and then."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator
from ohmstead.families.tesla_wall_connector.client.window import Window
from ohmstead.families.tesla_wall_connector.control.files import shared_store
from ohmstead.families.tesla_wall_connector.control.ladder import LEAST_A, Ladder
from ohmstead.families.tesla_wall_connector.control.limited import Limited
from ohmstead.families.tesla_wall_connector.control.memory import Memory
from ohmstead.families.tesla_wall_connector.control.waiting import Waiting, Wish
from ohmstead.families.tesla_wall_connector.control.wear import of_last_day, share_of_life
from ohmstead.families.tesla_wall_connector.errors import PresenceLapsed
from ohmstead.families.tesla_wall_connector.meter_port import Leading
from ohmstead.model import (
    LIMITS_CURRENT,
    ConnectionLost,
    Detail,
    DeviceError,
    DeviceId,
    Envelope,
    Interval,
    LimitedBy,
    Outcome,
    Receipt,
    Services,
    TimedOut,
    Unreachable,
    Unsafe,
    Unsupported,
    WriteClass,
)

log = logging.getLogger(__name__)

SETTLE_S: Final = 30.0
"""A car follows a new pilot within some seconds, and ramps up in half a minute."""
LOOKS_FIRST: Final = timedelta(seconds=10)
"""After a start; not with the first reading, which somebody waits for."""
LOOKS_EVERY: Final = timedelta(minutes=2)
"""At what others may change in a unit, such as the limit of its group. Reading wears nothing."""
LOOKS_WHILE_CLOSED: Final = timedelta(minutes=10)
LOOK_S: Final = 3.0
"""Wire time for a look: an access point that is not there would cost the next poll."""
OUT_OF_REACH: Final = (PresenceLapsed, Unreachable, TimedOut, ConnectionLost)


class CurrentLimit:
    """A wish that finds the window closed is kept, the newest only, and carried out when it opens."""

    def __init__(self, device: DeviceId, services: Services, meter: Leading | None = None) -> None:
        """`meter` where its owner wants the unit led by one."""
        self.device = device
        self.meter = meter
        self.limit_a: float | None = None
        """The last that was read back, in an earlier life if need be. None: the installer's is in force, or nobody knows."""
        self._services = services
        self._clock = services.clock
        self._ladder: Ladder | None = None
        self.configurator: Configurator | None = None
        """The unit's own access point, where that is used."""
        self._memory: Memory | None = None
        self._window = Window()
        self._ceiling_a: int | None = None
        self._takes_temporary = False
        self._waiting = Waiting(services)
        self._look_at = self._clock.now() + LOOKS_FIRST

    @property
    def is_known(self) -> bool:
        """What the installer allows is known: before, nothing may be set."""
        return self._ceiling_a is not None

    @property
    def ceiling_a(self) -> float | None:
        """As the installer set it; None while that is not known."""
        return None if self._ceiling_a is None else float(self._ceiling_a)

    @property
    def network_a(self) -> float | None:
        """What its group may draw altogether; None where it is in none, as far as is known."""
        found_a = self._memory.kept.network_a if self._memory is not None else None
        return None if found_a is None else float(found_a)

    @property
    def envelope(self) -> Envelope:
        ceiling_a = float(self._ceiling_a or LEAST_A)
        charging = Interval(float(LEAST_A), ceiling_a)
        is_volatile = self._takes_temporary or (self._ladder is not None and self._ladder.is_led)
        return Envelope(
            unit="A",
            allowed=(Interval(0.0, 0.0), charging) if is_volatile else (charging,),
            step=1.0,
            latency_s=2.0,
            settle_s=SETTLE_S,
            write_class=WriteClass.VOLATILE if is_volatile else WriteClass.FLASH,
        )

    async def use(self, configurator: Configurator, din: str, firmware: str, *, is_controlled: bool) -> None:
        """`is_controlled`: its owner has the unit commanded; else what an earlier life left is not carried out."""
        self.configurator = configurator
        self._memory = Memory(self._services, din, shared=shared_store(self._clock))
        kept = await self._memory.load()
        if kept.firmware != firmware:
            await self._memory.save(msgspec.structs.replace(kept, firmware=firmware, takes_temporary=None))
        if kept.stored_a != kept.ceiling_a and kept.stored_a is not None:
            self.limit_a = float(kept.stored_a)
        self._ladder = Ladder(configurator, self._memory, self._clock, self.meter)
        await self._waiting.recall(din, is_controlled=is_controlled)
        await self._look(is_asking=True)

    async def limit_current(self, limit_a: float) -> Receipt:
        """Raises `Unsafe` outside the envelope."""
        if self._ladder is None:
            raise Unsupported("no access point is configured for this unit; see `access_point`.")
        asked_a = int(self.envelope.check(limit_a))
        await self._waiting.forget()
        try:
            limited = await self._ladder.limit(asked_a)
        except OUT_OF_REACH as error:
            self._window = self._window.failed(error, self._clock.now())
            wish = await self._waiting.keep(asked_a)
            kept = f"It is kept until {wish.until:%Y-%m-%d %H:%M} UTC, and set when the access window opens."
            receipt = self._receipt(asked_a, Outcome.REFUSED, None, f"{error} {kept}")
            return msgspec.structs.replace(receipt, limited_by=LimitedBy.ACCESS_WINDOW)
        await self._took(limited)
        receipt = self._receipt(asked_a, limited.outcome, limited.read_back_a, limited.reason)
        if limited.next_write_at is None:
            return receipt
        return msgspec.structs.replace(
            receipt, limited_by=LimitedBy.WEAR_BUDGET, next_try_at=limited.next_write_at
        )

    async def keep(self, *, may_look: bool) -> None:
        """Once a poll: prolong a temporary limit, do what waits for the window or the budget, and look now and then at what
        others may have changed: where this poll has room for that, of a unit that takes seconds to answer.
        """
        now = self._clock.now()
        if self._ladder is None or not self._window.may_ask(now):
            return
        try:
            if self._ceiling_a is None:
                await self._look(is_asking=True)
            if (wish := await self._waiting.due()) is not None:
                await self._carry_out(self._ladder, wish)
            await self._ladder.renew()
            if may_look and now >= self._look_at and self._ladder.may_ask(now):
                await self._look_anew(self._ladder, now)
        except DeviceError as error:
            self._window = self._window.failed(error, now)
            log.info("%s: %s", self.device, error)

    async def _carry_out(self, ladder: Ladder, wish: Wish) -> None:
        """What has waited for the window, which is open now as far as is known."""
        try:
            limited = await ladder.limit(wish.limit_a)
        except Unsafe as error:
            await self._waiting.drop(wish, str(error))
            return
        await self._took(limited)
        if limited.next_write_at is not None:
            await self._waiting.put_off(wish, limited.next_write_at)
        elif limited.outcome is Outcome.REFUSED:
            await self._waiting.drop(wish, limited.reason)
        else:
            await self._waiting.forget(wish)

    async def _look_anew(self, ladder: Ladder, now: datetime) -> None:
        self._look_at = now + LOOKS_WHILE_CLOSED
        try:
            async with asyncio.timeout(LOOK_S):
                stored_a = await ladder.look()
        except TimeoutError as error:
            raise TimedOut(f"the settings could not be read within {LOOK_S:g} s.") from error
        self._window = self._window.passed(now)
        self._look_at = now + LOOKS_EVERY
        if stored_a is not None and (self.limit_a is not None or stored_a != self._ceiling_a):
            self.limit_a = float(stored_a)

    @asynccontextmanager
    async def restoring(self) -> AsyncIterator[None]:
        """Puts the default back when control is given up; not when the source only failed and will come back."""
        try:
            yield
        except DeviceError:
            raise
        except BaseException:
            await self._restore()
            raise
        await self._restore()

    def troubles(self) -> dict[str, str]:
        """What does not work as it should, and why."""
        meter = self.meter
        return (
            {"its meter": meter.trouble}
            if meter is not None and meter.trouble and not meter.is_followed
            else {}
        )

    def details(self) -> Iterator[Detail]:
        if self._memory is None:
            return
        state = self._window.state(self._clock.now())
        yield Detail(key="access_window", label="access window", value=state.value)
        yield Detail(key="limit_ceiling_a", label="installer's limit", value=self._ceiling_a, unit="A")
        yield Detail(key="limit_network_a", label="the group's limit", value=self.network_a, unit="A")
        if doubt := self._doubt():
            yield Detail(key="limit_doubt", label="limit in force", value=doubt)
        yield from self._waiting_details()
        if self.meter is not None:
            yield Detail(key="meter_followed", label="led by its meter", value=self.meter.is_followed)
        kept = self._memory.kept
        writes_today = len(of_last_day(kept.wear, self._clock.now()))
        yield Detail(key="flash_writes", label="flash writes, all", value=kept.wear.total)
        yield Detail(key="flash_writes_today", label="flash writes, last day", value=writes_today)
        yield Detail(
            key="flash_life_pct",
            label="share of assumed flash life",
            value=share_of_life(kept.wear) * 100,
            unit="%",
        )

    def _doubt(self) -> str:
        """Why it is not sure which limit is in force; empty where it is, and where none has ever been known."""
        if self._ladder is None or self._memory is None or self._ceiling_a is None or self._ladder.has_read:
            return ""
        if (stored_a := self._memory.kept.stored_a) is None:
            return (
                "not known: what was written last could not be read back yet, for want of the access window"
            )
        return (
            f"{stored_a} A when it was last read, before this start; looked at when the access window opens"
        )

    def _waiting_details(self) -> Iterator[Detail]:
        wish, dropped = self._waiting.wish, self._waiting.dropped
        if wish is not None:
            yield Detail(
                key="limit_waiting_a", label="waits for the access window", value=wish.limit_a, unit="A"
            )
            yield Detail(
                key="limit_waiting_until", label="waits until", value=f"{wish.until:%Y-%m-%d %H:%M} UTC"
            )
        elif dropped:
            yield Detail(key="limit_dropped", label="waited, and was dropped", value=dropped)

    async def _look(self, *, is_asking: bool) -> None:
        """The ceiling, remembered or asked."""
        if self._ladder is None or self._memory is None:
            return
        kept = await self._memory.load()
        self._ceiling_a = kept.ceiling_a
        self._takes_temporary = bool(kept.takes_temporary)
        if kept.ceiling_a is None and is_asking:
            try:
                self._ceiling_a = await self._ladder.ready()
            except DeviceError as error:
                self._window = self._window.failed(error, self._clock.now())
                log.info("%s: nothing can be set yet: %s", self.device, error)

    async def _took(self, limited: Limited) -> None:
        self._window = self._window.passed(self._clock.now())
        await self._look(is_asking=False)
        if limited.read_back_a is not None:
            self.limit_a = float(limited.read_back_a)

    async def _restore(self) -> None:
        if self._ladder is None:
            return
        try:
            await self._ladder.restore()
        except DeviceError as error:
            log.warning("%s: the default could not be put back: %s", self.device, error)

    def _receipt(self, asked_a: int, outcome: Outcome, read_back_a: int | None, reason: str) -> Receipt:
        return Receipt(
            device=self.device,
            ability=LIMITS_CURRENT.name,
            at=self._clock.now(),
            outcome=outcome,
            asked=float(asked_a),
            read_back=None if read_back_a is None else float(read_back_a),
            reason=reason,
        )
