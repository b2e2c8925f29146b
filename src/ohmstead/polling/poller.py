"""One owned task per source: opens it, asks it when it is due, and lives through whatever it does."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, NoReturn, Protocol

from ohmstead.kit.link import Backoff
from ohmstead.model import (
    AuthFailed,
    Busy,
    Clock,
    OhmsteadError,
    PollingContract,
    Sample,
    Source,
    TimedOut,
    TurnedAway,
    Unreachable,
    nap,
)
from ohmstead.polling.gate import Checked, Gate
from ohmstead.polling.health import SILENCE, Health, HealthState, after_failure, after_success, while_dark
from ohmstead.polling.rhythm import SHORTEST_WIRE_S, Missed, Rhythm, interval

Open = Callable[[], AbstractAsyncContextManager[Source]]
IsDark = Callable[[datetime], bool]
"""Whether the sun is too low for panels to power anything."""

LONGEST_PAUSE_S: Final = 30.0
"""Between two tries of a local device, in wire time."""
BUSY_PAUSE_S: Final = 10.0
"""Somebody else holds the device's only connection: ask politely."""
TURNED_AWAY_PAUSE_S: Final = 2 * BUSY_PAUSE_S
"""The same, where two connections were tried: a family knocks once more after the first."""
ASLEEP_PAUSE: Final = timedelta(minutes=10)
"""Civil time between two looks whether a sleeping device has woken: a morning's first minutes are worth little."""
LOGIN_TRIES: Final = 3
"""Wrong credentials do not get better. Where accounts get locked, one try is enough."""
UNLOCKED_PAUSE_S: Final = 30.0
"""On top of the time in which a lock ends: a try that comes too early may lock for longer."""
LATE: Final = "no answer in time: the device was slow, or the gateway slept or its clock was set"
OFF: Final = "nobody asked: the gateway was not running, or the site file did not name the source"
SHORTEST_DEADLINE_S: Final = 10.0
LONGEST_DEADLINE_S: Final = 60.0

log = logging.getLogger(__name__)


class Outlet(Protocol):
    """Where a poller's findings go. None of these may block or raise."""

    def opened(self, source: str, session: Source) -> None: ...
    def sample(self, source: str, checked: Checked, due: datetime) -> None:
        """`due`: when the poll was that it answers. It may come when the next one is due already."""
        ...

    def gap(self, source: str, missed: Missed, reason: str) -> None:
        """Polls that were due have no sample."""
        ...

    def health(self, source: str, health: Health) -> None: ...


def never_dark(_: datetime) -> bool:
    """For a site that has not said where it lies."""
    return False


class Poller:
    """`run` never ends by itself and never raises for anything the source does.

    Whoever else talks to the source does so holding `turn`, so that it is asked one thing at a time.
    """

    def __init__(
        self,
        name: str,
        open_source: Open,
        outlet: Outlet,
        clock: Clock,
        *,
        gate: Gate | None = None,
        contract: PollingContract | None = None,
        told_to: datetime | None = None,
        is_dark: IsDark = never_dark,
    ) -> None:
        """`contract` is what the source said of itself before the last stop, and up to `told_to` its polls are stored or in a gap."""
        self.name = name
        self.turn = asyncio.Lock()
        self.source: Source | None = None
        """While it is open."""
        self.contract = contract
        """Known once it has opened."""
        self.health = Health(state=HealthState.STARTING, since=clock.now(), reason="not asked yet")
        self.gate = gate or Gate()
        self._open = open_source
        self._outlet = outlet
        self._clock = clock
        self._is_dark = is_dark
        self._random = random.Random(name)
        self._backoff = Backoff(1.0, LONGEST_PAUSE_S, self._random)
        self._rhythm = Rhythm(clock.now(), interval(contract, clock.speed))
        self._told_to = told_to
        self._asking_since = clock.now()
        self._asked_at: datetime | None = None
        """When an exchange last began that reached the device."""
        self._refused_logins = 0
        self._waited_for_a_lock = False

    @property
    def interval(self) -> timedelta:
        """Civil time between two polls."""
        return self._rhythm.every

    async def run(self, *, after_s: float = 0.0) -> NoReturn:
        """Poll for ever, from `after_s` seconds of wire time on."""
        await asyncio.sleep(after_s)
        self._begin()
        while True:
            try:
                async with self._session() as source:
                    await self._poll_for_ever(source)
            except Exception as error:  # the root of a task: nothing a source does may end it
                if _is_stopped():
                    raise asyncio.CancelledError from error
                self._fail(error)
            await self._wait_for_the_next_try()

    def _begin(self) -> None:
        """Due now; what was due since the last stop is missed."""
        now = self._clock.now()
        if self._told_to is not None and self.contract is not None:
            self._rhythm.due = self._told_to + self._rhythm.every
            self._give_gaps(now, OFF)
        self._rhythm.due = now

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[Source]:
        self._asking_since = self._clock.now()
        async with AsyncExitStack() as stack:
            async with self._deadline("open"):
                self.source = await stack.enter_async_context(self._open())
            self.contract = self.source.contract
            self._rhythm.every = interval(self.contract, self._clock.speed)
            self._outlet.opened(self.name, self.source)
            try:
                yield self.source
            finally:
                self.source = None

    async def _poll_for_ever(self, source: Source) -> NoReturn:
        while True:
            async with self.turn:
                self._asking_since = self._clock.now()
                async with self._deadline("answer"):
                    sample = await source.read()
            self._succeed(sample)
            await self._wait(self._next_poll_at(), LATE)

    def _succeed(self, sample: Sample) -> None:
        now, self._asked_at = self._clock.now(), self._asking_since
        self._backoff.reset()
        self._refused_logins, self._waited_for_a_lock = 0, False
        if self._rhythm.is_late(now):
            self._asked_at = now  # what took so long is asked again after a pause
        if self._rhythm.is_too_late(now):
            self._give_gaps(now, LATE)
        self._outlet.sample(self.name, self.gate.check(sample), self._rhythm.due)
        self._rhythm.served(now)
        partly = "; ".join(f"{what} missing: {why}" for what, why in sample.missing.items())
        if self.health.failures > 1:
            log.info("%s: answers again, after %d failed tries", self.name, self.health.failures)
        self._become(after_success(self.health, now, self._next_poll_at(), partly))

    def _fail(self, error: Exception) -> None:
        now, pause_s = self._clock.now(), self._pause_s(error)
        if not isinstance(error, Unreachable):  # which costs the device nothing
            self._asked_at = self._asking_since
        if self._sleeps(error, now):
            self._become(while_dark(self.health, now, now + max(ASLEEP_PAUSE, self.interval)))
            return
        next_try_at = None
        if pause_s is not None:
            next_try_at = max(now + timedelta(seconds=pause_s * self._clock.speed), self._soonest())
        was = self.health
        self._become(after_failure(was, error, now, next_try_at))
        # Once per outage, not once per try; that one lost poll became an outage is no news.
        if not was.failures or was.state not in (HealthState.STALE, self.health.state):
            is_ours = isinstance(error, OhmsteadError)
            log.warning("%s: %s", self.name, self.health.reason, exc_info=None if is_ours else error)

    def _sleeps(self, error: Exception, now: datetime) -> bool:
        """A single lost exchange is no sleep yet."""
        lives_on_sun = self.contract is not None and self.contract.sleeps_without_sun
        is_silent = isinstance(error, SILENCE) and self.health.state is not HealthState.GOOD
        return lives_on_sun and is_silent and self._is_dark(now)

    def _pause_s(self, error: Exception) -> float | None:
        """Wire time until the next try; None: no more tries."""
        if isinstance(error, AuthFailed) and not error.retryable:
            self._refused_logins += 1
            if error.after is not None and not self._waited_for_a_lock:
                self._waited_for_a_lock = True
                return error.after.total_seconds() + UNLOCKED_PAUSE_S
            if error.counts or self._refused_logins >= LOGIN_TRIES:
                return None
        # A device that comes back is found within about one of its intervals.
        cap_s = min(LONGEST_PAUSE_S, max(self._wire_interval_s, SHORTEST_WIRE_S))
        pause_s = min(self._backoff.next_s(), cap_s * self._random.uniform(0.8, 1.0))
        if isinstance(error, TurnedAway):
            return max(pause_s, TURNED_AWAY_PAUSE_S) if self.health.failures else pause_s
        if isinstance(error, Busy):
            return max(pause_s, BUSY_PAUSE_S, error.after.total_seconds())
        return pause_s

    async def _wait_for_the_next_try(self) -> None:
        while self.health.next_try_at is None:
            await self._wait(self._rhythm.slot_ends, self.health.reason)
        await self._wait(self.health.next_try_at, self.health.reason)

    async def _wait(self, until: datetime, why_missed: str) -> None:
        """Sleep until then, and give each slot that ends meanwhile its gap."""
        longest = until - self._clock.now()
        while True:
            now = self._clock.now()
            self._give_gaps(now, why_missed)
            until = min(until, now + longest)  # the clock may have been set back
            if now >= until:
                return
            await nap(self._clock, min(until, self._rhythm.slot_ends))

    def _give_gaps(self, now: datetime, reason: str) -> None:
        if missed := self._rhythm.skip_missed(now):
            self._outlet.gap(self.name, missed, reason)

    @asynccontextmanager
    async def _deadline(self, verb: str) -> AsyncIterator[None]:
        limit_s = min(max(self._wire_interval_s, SHORTEST_DEADLINE_S), LONGEST_DEADLINE_S)
        try:
            async with asyncio.timeout(limit_s) as limit:
                yield
        except TimeoutError as error:
            if not limit.expired():  # some families' own errors are a TimeoutError too
                raise
            raise TimedOut(f"{self.name} did not {verb} within {limit_s:.0f} s") from error

    def _become(self, health: Health) -> None:
        self.health = health
        self._outlet.health(self.name, health)

    def _next_poll_at(self) -> datetime:
        return max(self._rhythm.due, self._soonest())

    def _soonest(self) -> datetime:
        """The contract's shortest distance from the last time the device was asked; kept by retries too."""
        if self._asked_at is None or self.contract is None:
            return self._clock.now()
        return self._asked_at + timedelta(seconds=self.contract.shortest_s)

    @property
    def _wire_interval_s(self) -> float:
        return self.interval.total_seconds() / self._clock.speed


def _is_stopped() -> bool:
    """Whether somebody ends this task: a session that raises while it is closed hides that."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
