"""Cuts a stream into frames: however TCP split or joined the bytes, the same frames come out.

A family brings a pure `cut` that looks at the start of the buffer and says what stands there. It is asked again after
every frame and every drop, so it only ever judges the first frame. Two things keep the promise that any cut of a stream
gives the same frames: `cut` answers from the bytes alone, and one that says `NeedMore` keeps saying so until the bytes
it lacks are there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

import msgspec

from ohmstead.kit.wire.conversation import Damage

T = TypeVar("T")


class NeedMore(msgspec.Struct, frozen=True):
    """The buffer may hold the beginning of a frame."""


class Drop(msgspec.Struct, frozen=True):
    """The first `size` bytes are no frame and never will be."""

    size: int
    reason: str


class Frame(msgspec.Struct, Generic[T], frozen=True):
    """The first `size` bytes are a frame, and this is what it says."""

    size: int
    value: T


Cut = Callable[[memoryview, bool], NeedMore | Drop | Frame[T]]
"""`cut(buffer, final)`: what the buffer, which is never empty, begins with. `final`: no more bytes will come."""


class Reassembler(Generic[T]):
    """Holds the bytes of the frame that is not whole yet; never more than `limit_bytes`."""

    def __init__(self, cut: Cut[T], limit_bytes: int) -> None:
        if limit_bytes < 1:
            raise ValueError(f"a buffer holds at least 1 byte, not {limit_bytes}")
        self._cut = cut
        self._limit_bytes = limit_bytes
        self._buffer = bytearray()
        self.held: Final[Sequence[int]] = self._buffer
        """The bytes of the frame that is not whole yet: always the same object, for who asks often whether it is empty."""

    @property
    def held_bytes(self) -> int:
        return len(self._buffer)

    def feed(self, data: bytes) -> list[Frame[T] | Damage]:
        """The frames and the damage that `data` completes, in the order of the stream."""
        found: list[Frame[T] | Damage] = []
        # In slices, so that the buffer keeps its bound however much arrives at once.
        offset = 0
        while offset < len(data):
            room = self._limit_bytes - len(self._buffer)
            self._buffer += data[offset : offset + room]
            offset += room
            self._take(found, final=False)
            if len(self._buffer) >= self._limit_bytes:
                self._give_up(found, 1, f"no frame within {self._limit_bytes} bytes")
                self._take(found, final=False)
        return found

    def skip(self, size: int, reason: str) -> list[Frame[T] | Damage]:
        """Give up the first `size` held bytes: whoever has a clock knows that the rest of their frame will not come."""
        found: list[Frame[T] | Damage] = []
        if self._buffer:
            self._give_up(found, min(size, len(self._buffer)), reason)
            self._take(found, final=False)
        return found

    def reconsider(self) -> list[Frame[T] | Damage]:
        """Ask again about the held bytes: something else than they has changed, such as that nothing follows them."""
        found: list[Frame[T] | Damage] = []
        self._take(found, final=False)
        return found

    def end(self) -> list[Frame[T] | Damage]:
        """What is left when the stream has ended. The buffer is empty afterwards."""
        found: list[Frame[T] | Damage] = []
        self._take(found, final=True)
        while self._buffer:
            # Whole frames may hide behind the beginning of one that was cut off.
            self._give_up(found, 1, "the stream ended within a frame")
            self._take(found, final=True)
        return found

    def _take(self, found: list[Frame[T] | Damage], *, final: bool) -> None:
        while self._buffer:
            with memoryview(self._buffer) as view:
                answer = self._cut(view, final)
            if isinstance(answer, NeedMore):
                return
            size = min(max(answer.size, 1), len(self._buffer))
            if isinstance(answer, Drop):
                self._give_up(found, size, answer.reason)
            else:
                del self._buffer[:size]
                found.append(answer)

    def _give_up(self, found: list[Frame[T] | Damage], size: int, reason: str) -> None:
        del self._buffer[:size]
        last = found[-1] if found else None
        if isinstance(last, Damage) and last.reason == reason:
            found[-1] = Damage(reason, last.size + size)  # a run of rubbish is one piece of damage
        else:
            found.append(Damage(reason, size))
