"""What one connection brings: taken apart in the call that received it, and whoever waits for an answer is woken once.

No task waits for bytes, and no timer is set for an answer: one stands, and one that was early is set anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import msgspec

from ohmstead.families.hoymiles.wire import TAG_S, WRONG_CRC, Conversation, Frame
from ohmstead.kit.wire import Damage
from ohmstead.model import BadAnswer, ConnectionLost, TimedOut

log = logging.getLogger(__name__)

SILENCE_S: Final = 10.0
"""What vendor's app and published clients wait. It counts from the last byte, so a slow answer is no silent one."""
LONGEST_S: Final = 60.0
"""For one answer, however steadily its bytes drip."""
MOST_NOISE_BYTES: Final = 256 * 1024
"""What may come between a request and its answer, several of the longest frames and then some."""

Unsolicited = Callable[[Frame], None]


class Awaited(msgspec.Struct):
    """The one answer that somebody waits for."""

    name: str
    command_id: int
    sequence: int
    longest_at_s: float
    found: asyncio.Future[Frame | Exception]
    """Why there is none is a value, too: whoever waited may have gone, and then nobody asks for it."""
    noise_bytes: int = 0
    damage: str = ""


class Reception:
    """Lives as long as its connection, whose `Hearer` it is."""

    def __init__(self, peer: str, unsolicited: Unsolicited) -> None:
        """`unsolicited` is shown every frame that nobody waits for."""
        self.conversation = Conversation()
        self._peer = peer
        self._unsolicited = unsolicited
        self._loop = asyncio.get_running_loop()
        self._awaited: Awaited | None = None
        self._due_s = 0.0
        """When patience ends if nothing comes."""
        self._timer: asyncio.TimerHandle | None = None
        self._lost: ConnectionLost | None = None
        self._frames = 0
        self._damaged_bytes = 0

    def expect(self, name: str, command_id: int, sequence: int) -> Awaited:
        """From now on the frame with this id and this number is the answer; the one alone is not enough, nor the other."""
        now_s = self._loop.time()
        awaited = Awaited(name, command_id, sequence, now_s + LONGEST_S, self._loop.create_future())
        self._awaited = awaited
        if self._lost is None:
            self._wait(awaited, now_s)
        else:
            awaited.found.set_result(self._lost)
        return awaited

    def forget(self) -> None:
        """Nobody waits any more."""
        self._awaited = None

    # What the link tells.

    def hear(self, data: bytes) -> None:
        self._take(self.conversation.receive(data))
        awaited = self._awaited
        if awaited is None or awaited.found.done():
            return
        awaited.noise_bytes += len(data)
        if awaited.noise_bytes > MOST_NOISE_BYTES:
            noise = (
                f"{self._peer} sent {awaited.noise_bytes} bytes and no answer to {awaited.name} among them"
            )
            self._fail(self._no_dtu() or BadAnswer(noise))
        else:
            self._wait(awaited, self._loop.time())

    def lost(self, error: ConnectionLost) -> None:
        self._lost = error
        if self._timer is not None:
            self._timer.cancel()
        self._end()
        self._fail(self._no_dtu() or error)

    def _take(self, found: list[Frame | Damage]) -> None:
        try:
            for item in found:
                if isinstance(item, Damage):
                    self._note(item)
                else:
                    self._frames += 1
                    self._deliver(item)
        except Exception as error:  # the root of what a link calls: whoever waits is told
            log.exception("%s: a frame could not be handed on", self._peer)
            self._fail(error)

    def _deliver(self, frame: Frame) -> None:
        awaited = self._awaited
        if (
            awaited is not None
            and frame.sequence == awaited.sequence
            and frame.command_id == awaited.command_id
            and not awaited.found.done()
        ):
            awaited.found.set_result(frame)
            return
        log.debug("%s sent %s, which nobody asked for", self._peer, frame)
        self._unsolicited(frame)

    def _note(self, damage: Damage) -> None:
        self._damaged_bytes += damage.size
        if self._awaited is not None and damage.reason.startswith(WRONG_CRC):
            self._awaited.damage = damage.reason
        log.debug("%s: %d bytes dropped, %s", self._peer, damage.size, damage.reason)

    def _end(self) -> None:
        """No more will come of what has begun: noise may have looked like the header of a long frame, and the answer like
        its inside.
        """
        self._take(self.conversation.end())
        self.conversation.awaits_tag = False

    # Patience.

    def _wait(self, awaited: Awaited, now_s: float) -> None:
        """For the next byte. The tag of a frame that is there comes at once or not at all."""
        patience_s = TAG_S if self.conversation.awaits_tag else SILENCE_S
        self._due_s = min(now_s + patience_s, awaited.longest_at_s)
        if self._timer is not None and self._timer.when() > self._due_s:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self._loop.call_at(self._due_s, self._look)

    def _look(self) -> None:
        self._timer = None
        awaited, now_s = self._awaited, self._loop.time()
        if awaited is None or awaited.found.done():
            return
        if now_s < self._due_s:
            self._timer = self._loop.call_at(self._due_s, self._look)
        elif now_s >= awaited.longest_at_s:
            self._fail(self._silent(awaited, LONGEST_S))
        elif self.conversation.awaits_tag:
            self._take(self.conversation.silence())
            self.conversation.awaits_tag = False
            self._wait(awaited, now_s)
        else:
            self._end()
            self._fail(self._silent(awaited, SILENCE_S))

    # Why there is no answer.

    def _fail(self, error: Exception) -> None:
        if self._awaited is not None and not self._awaited.found.done():
            self._awaited.found.set_result(error)

    def _silent(self, awaited: Awaited, waited_s: float) -> TimedOut | BadAnswer:
        if awaited.damage:
            return BadAnswer(f"{self._peer} answered {awaited.name} with damage: {awaited.damage}.")
        return self._no_dtu() or TimedOut(
            f"{self._peer} is connected but did not answer {awaited.name} within {waited_s:g} s; "
            "another client, a cloud upload or firmware before V00.01.11 may be why."
        )

    def _no_dtu(self) -> BadAnswer | None:
        if self._frames or not self._damaged_bytes:
            return None
        return BadAnswer(
            f"{self._peer} sent {self._damaged_bytes} bytes that hold no Hoymiles frame; "
            "check that a DTU has this address and port."
        )
