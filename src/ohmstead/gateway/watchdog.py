"""Notices when something holds the event loop, and says what it was: a thread that looks at the loop's stack meanwhile.

Nothing else can be done about it: while the loop is held no device is asked and no command sent. Who reads the name can
mend it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import FrameType
from typing import Final

import msgspec

from ohmstead.kit.link import TaskScope
from ohmstead.model import Clock
from ohmstead.polling import Finding, Trouble

BEAT_S: Final = 0.25
HELD_S: Final = 0.75
"""Longer than a slow disk or a garbage collection of a small computer."""
TOLD_FOR: Final = timedelta(hours=1)
BLOCKS_KEPT: Final = 20
HOUSE: Final = "ohmstead"

log = logging.getLogger(__name__)


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One time that the loop was held."""

    lasted_s: float
    culprit: str
    """Function and place: "step (ohmstead/kit/world/world.py:139)"."""
    at: datetime

    @property
    def words(self) -> str:
        return (
            f"The gateway stood still for {self.lasted_s:.1f} s in {self.culprit}. If it happens again, report that place; "
            "until then give the gateway a faster disk or fewer other programs beside it."
        )


class Watchdog:
    def __init__(self, clock: Clock, *, held_s: float = HELD_S, beat_s: float = BEAT_S) -> None:
        self.blocks: deque[Block] = deque(maxlen=BLOCKS_KEPT)
        self._clock = clock
        self._held_s = held_s
        self._beat_s = beat_s
        self._beaten_s = time.monotonic()
        self._culprit = ""
        self._end = threading.Event()

    def findings(self) -> tuple[Finding, ...]:
        """The longest of the last hour, if there was one."""
        recent = [block for block in self.blocks if self._clock.now() - block.at < TOLD_FOR]
        if not recent:
            return ()
        longest = max(recent, key=lambda block: block.lasted_s)
        return (Finding(trouble=Trouble.BLOCKED, words=longest.words, since=longest.at),)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watch the running loop, which is this thread's, until the block is left."""
        self._beaten_s = time.monotonic()
        looking = threading.Thread(
            target=self._look, args=(threading.get_ident(),), name="watchdog", daemon=True
        )
        try:
            looking.start()
        except RuntimeError as error:  # the system gives no more threads: the site runs on, unwatched
            log.warning("nobody watches whether the gateway stands still: %s", error)
            yield
            return
        try:
            async with TaskScope() as scope:
                scope.start(self._beat())
                yield
        finally:
            self._end.set()
            looking.join()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._beat_s)
            now_s = time.monotonic()
            lasted_s, self._beaten_s = now_s - self._beaten_s - self._beat_s, now_s
            culprit, self._culprit = self._culprit, ""
            if culprit and lasted_s >= self._held_s:
                block = Block(lasted_s=lasted_s, culprit=culprit, at=self._clock.now())
                self.blocks.append(block)
                log.warning("%s", block.words)

    def _look(self, thread: int) -> None:
        """In a thread of its own. What is running when the loop becomes late is what made it late."""
        while not self._end.wait(self._beat_s):
            is_held = time.monotonic() - self._beaten_s >= self._held_s + self._beat_s / 2
            if is_held and not self._culprit and (frame := sys._current_frames().get(thread)) is not None:  # noqa: SLF001 - the interpreter's way to see another thread
                self._culprit = culprit(frame)


def culprit(frame: FrameType) -> str:
    """The innermost of our functions on a stack, or the innermost of anybody's."""
    ours = (found for found in _stack(frame) if _is_ours(found))
    guilty = next(ours, frame)
    code = guilty.f_code
    place = code.co_filename.rpartition(f"/{HOUSE}/")
    name = f"{HOUSE}/{place[2]}" if place[0] else code.co_filename
    return f"{code.co_qualname} ({name}:{guilty.f_lineno})"


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    """From the innermost outwards."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_ours(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__", "")
    return isinstance(name, str) and name.partition(".")[0] == HOUSE and name != __name__
