"""Shows the traffic beside normal work, redacted, frame by frame, for as long as somebody wants to see it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from ohmstead.families.givenergy.capture import GivEnergyCodec

log = logging.getLogger(__name__)

Sink = Callable[[str, bytes], object]
"""Called with "rx" or "tx" and one whole frame."""

WORDS: Final = {"<": "rx", ">": "tx"}


class Recorder:
    """One recording at a time."""

    def __init__(self) -> None:
        self._codec: GivEnergyCodec | None = None
        self._sink: Sink | None = None

    def tap(self, direction: str, data: bytes) -> None:
        if self._codec is not None:
            self._give(direction, self._codec.frames(direction, data))

    async def record(self, sink: Sink, duration_s: float) -> None:
        if self._codec is not None:
            raise RuntimeError("this client is being captured already; one capture at a time")
        codec = self._codec = GivEnergyCodec()
        self._sink = sink
        try:
            await asyncio.sleep(duration_s)
        finally:
            self._codec = None
            for direction in WORDS:
                self._give(direction, codec.end(direction))
            self._sink = None

    def _give(self, direction: str, frames: Sequence[bytes]) -> None:
        for frame in frames:
            try:
                if self._sink is not None:
                    self._sink(WORDS[direction], frame)
            except Exception:  # a sink's fault is not the connection's
                log.exception("the sink of a capture failed; the capture goes on")
