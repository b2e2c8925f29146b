"""The face of the history in the event loop: records without waiting, commits once a second, answers questions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Final, TypeVar

from ohmstead.history.answers import Gap, Gaps, Series, Signal, Stats, Value
from ohmstead.history.buffer import Buffer
from ohmstead.history.errors import FullDisk, HistoryError, NotStored
from ohmstead.history.items import Missed, items_of
from ohmstead.history.retention import Retention
from ohmstead.history.store import Store
from ohmstead.history.times import EARLIEST, to_ms
from ohmstead.history.worker import Worker
from ohmstead.model import Clock, DeviceId, Sample

_log = logging.getLogger(__name__)
T = TypeVar("T")

GROUP_S: Final = 1.0
"""Wire time: one sync a second carries everything recorded in it, however many devices there are."""
FOR_EVER: Final = Retention()
EARLIEST_MS: Final = to_ms(EARLIEST)
_HOURS_A_TURN: Final = 16
"""So many device hours are sealed at most before the next group is committed."""
_SEALING_S: Final = 0.25
"""And no further one after so long: each waits for the disk, while samples come in that a power cut would take."""


class History:
    """Open it with `open_history`. Questions are answered from what is committed: at most a second behind."""

    def __init__(self, store: Store, worker: Worker, clock: Clock, retention: Retention) -> None:
        self._store = store
        self._retention = retention
        self._pruned_on: date | None = None
        self._worker = worker
        self._clock = clock
        self._buffer = Buffer()
        self._filled = asyncio.Event()
        self._hurry = asyncio.Event()
        self._turned = asyncio.Condition()
        self._is_clock_set = True
        self._is_closing = False
        self._is_closed = False
        self._sealed = 0
        self._last_commit_at: datetime | None = None
        self._last_error = ""

    def record(self, sample: Sample, due: datetime | None = None) -> None:
        """Queue a sample under its own instant. It replaces what its devices said at the same millisecond. What it lacks was
        missed when its poll was `due`.

        One from before `EARLIEST` is left out: this machine's clock was not yet set.
        """
        if self._is_undated(sample.at):
            return
        for item in items_of(sample, due):
            self._buffer.add(item)
        self._filled.set()

    def record_gap(
        self, source: str, at: datetime, reason: str, *, last_at: datetime | None = None, polls: int = 1
    ) -> None:
        """Say that the poll of a source that was due at an instant brought nothing, nor any up to the one of `last_at`."""
        if self._is_undated(at):
            return
        self._buffer.add(Missed(source, to_ms(at), to_ms(last_at or at), polls, reason))
        self._filled.set()

    def _is_undated(self, at: datetime) -> bool:
        if to_ms(at) >= EARLIEST_MS:
            self._is_clock_set = True
            return False
        if self._is_clock_set:
            _log.warning("the clock of this machine says %s: nothing is recorded until it is set", at)
        self._is_clock_set = False
        return True

    async def flush(self) -> None:
        """Return when all that was recorded before the call is durable, however long the disk takes.

        Raises `NotStored` if some of it had to be given up.
        """
        wanted, before = self._buffer.recorded, self._buffer.settled
        if wanted == before:
            return
        self._hurry.set()
        async with self._turned:
            await self._turned.wait_for(lambda: self._buffer.settled >= wanted or self._is_closed)
        if self._buffer.settled < wanted or self._buffer.last_dropped > before:
            raise NotStored(
                f"samples were not stored: {self._last_error or 'the disk was away for too long'}"
            )

    async def signals(self) -> tuple[Signal, ...]:
        return await self._ask(lambda store: store.signals())

    async def series(
        self, device: DeviceId, signal: str, start: datetime, end: datetime, step_s: float
    ) -> Series:
        """Means, lows and highs of steps counted from `start`, up to, not including, `end`; raw samples for step 0.

        Empty for a device or a signal that was never recorded. Raises `HistoryError` if it would be too long.
        """
        return await self._ask(lambda store: store.series(device, signal, start, end, step_s))

    async def days(
        self, device: DeviceId, signal: str, first: date, last: date, zone: tzinfo = UTC
    ) -> Series:
        """The same by civil day, `last` included, through every change of the clocks."""
        return await self._ask(lambda store: store.days(device, signal, first, last, zone))

    async def between(self, device: DeviceId, signal: str, edges: Sequence[datetime]) -> Series:
        """The same from each of these instants to the next; they ascend."""
        return await self._ask(lambda store: store.between(device, signal, edges))

    async def latest(self, device: DeviceId) -> tuple[Value, ...]:
        """Each signal's newest value within the newest hour that has any."""
        return await self._ask(lambda store: store.latest(device))

    async def gaps(self, start: datetime, end: datetime, source: str | None = None) -> tuple[Gap, ...]:
        """Due polls that brought nothing, of one source or device or of all."""
        return await self._ask(lambda store: store.gaps(start, end, source))

    async def newest_gaps(self, start: datetime, end: datetime, about: str | None, most: int) -> Gaps:
        """The same for people: at most so many, each with whether it goes on; of all, of one source with its devices, or
        of a device with its source.
        """
        return await self._ask(lambda store: store.newest_gaps(start, end, about, most))

    def stats(self) -> Stats:
        return Stats(
            path=self._store.path,
            pending=len(self._buffer),
            stored=self._buffer.stored,
            dropped=self._buffer.dropped,
            sealed=self._sealed,
            damaged=self._store.damaged,
            set_aside=self._store.set_aside,
            last_commit_at=self._last_commit_at,
            last_error=self._last_error,
        )

    async def keep_storing(self) -> None:
        """Until `close`: commit, seal, and survive whatever the disk does."""
        while not self._is_closing:
            await self._wait_for_turn()
            await self._take_turn()
        while len(self._buffer) and not self._last_error:
            await self._take_turn()
        self._is_closed = True
        await self._tell()

    def close(self) -> None:
        """Ask for one last commit; `keep_storing` ends with it."""
        self._is_closing = True
        self._hurry.set()
        self._filled.set()

    async def _wait_for_turn(self) -> None:
        await self._filled.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(GROUP_S):
                await self._hurry.wait()
        self._hurry.clear()

    async def _take_turn(self) -> None:
        try:
            await self._commit()
            await self._seal()
            await self._prune()
            self._succeed()
        except FullDisk as error:
            self._fail(error)
            await self._make_room()
        except Exception as error:  # noqa: BLE001 - the root of the task: our fault must not take the gateway along
            self._fail(error)

    async def _commit(self) -> None:
        now, items = self._clock.now(), self._buffer.take()
        try:
            await self._worker.do(lambda: self._store.append(items, now))
        except BaseException:
            self._buffer.put_back()
            raise
        self._buffer.keep()
        self._last_commit_at = now
        if not len(self._buffer):
            self._filled.clear()
        await self._tell()

    async def _seal(self) -> None:
        now, loop = self._clock.now(), asyncio.get_running_loop()
        enough_s = loop.time() + _SEALING_S
        for _ in range(_HOURS_A_TURN):
            if not await self._worker.do(lambda: self._store.seal_next(now)):
                return
            self._sealed += 1
            if loop.time() >= enough_s:
                return

    async def _prune(self) -> None:
        """Once a day."""
        now = self._clock.now()
        if now.date() == self._pruned_on or self._retention.keeps_all:
            return
        if await self._worker.do(lambda: self._store.is_usual(now)):
            await self._worker.do(lambda: self._store.prune(now, self._retention))
            self._pruned_on = now.date()

    async def _make_room(self) -> None:
        """So that the newest samples find a place where the oldest were."""
        now = self._clock.now()
        try:
            gone = await self._worker.do(lambda: self._store.make_room(now, self._retention))
        except HistoryError:
            return  # not even that can be written; everything waits
        if gone:
            _log.warning("the disk is full: %d of the oldest blocks of samples were given up", gone)

    def _fail(self, error: Exception) -> None:
        """Said once in the log for each kind of trouble, not once a second."""
        if str(error) != self._last_error:
            trace = None if isinstance(error, HistoryError) else error
            _log.error(
                "%s It is tried again each second; %d items wait.", error, len(self._buffer), exc_info=trace
            )
        self._last_error = str(error)

    def _succeed(self) -> None:
        if self._last_error:
            _log.info("history: storing works again")
        self._last_error = ""

    async def _tell(self) -> None:
        async with self._turned:
            self._turned.notify_all()

    async def _ask(self, question: Callable[[Store], T]) -> T:
        return await self._worker.do(lambda: question(self._store))


@asynccontextmanager
async def open_history(
    path: Path | str, clock: Clock, *, retention: Retention = FOR_EVER, threads: bool = True
) -> AsyncIterator[History]:
    """Open or create the history file; leaving commits what was recorded.

    A damaged file is put aside beside itself and a new one started. Raises `HistoryError` if the file cannot be opened
    at all, and `NewerHistory` if a later version of this program wrote it. Without threads all work is done on the
    loop: for the time-jumping loop of the tests, which has none.
    """
    worker = Worker(threads=threads)
    try:
        now = clock.now()
        store = await worker.do(lambda: Store(Path(path), now))
        try:
            history = History(store, worker, clock, retention)
            async with _storing(history):
                yield history
        finally:
            await worker.do(store.close)
    finally:
        worker.close()


@asynccontextmanager
async def _storing(history: History) -> AsyncIterator[None]:
    failure: Exception | None = None
    async with asyncio.TaskGroup() as group:
        storing = group.create_task(history.keep_storing())
        try:
            yield
        except Exception as error:  # noqa: BLE001 - raised below as it came, not wrapped in a group
            failure = error
        finally:
            history.close()
            await asyncio.wait({storing})
    if failure is not None:
        raise failure
