"""One recording that runs, and the tap of each connection that it may hear."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final

from ohmstead.kit.link import CaptureWriter
from ohmstead.model import CaptureCodec, Tap

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of one recording: hours of any device."""

log = logging.getLogger(__name__)


class Recording:
    """Ends by itself, in time and at a size; `end` may be called again and again."""

    def __init__(
        self,
        name: str,
        source: str,
        writer: CaptureWriter,
        codec: Callable[[], CaptureCodec],
        *,
        duration_s: float,
        on_end: Callable[[Recording], None],
    ) -> None:
        """`codec` makes one for each connection. The duration is wire time."""
        self.name = name
        self.source = source
        self._writer = writer
        self._codec = codec
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(duration_s, self.end, "its time is over")

    @property
    def remaining_s(self) -> float:
        return max(0.0, self._timer.when() - self._loop.time())

    def tap(self) -> Tap:
        """For one connection."""
        write = self._writer.another_tap(self._codec())

        def hear(direction: str, data: bytes) -> None:
            try:
                write(direction, data)
            except Exception:  # the root of what a link calls: the connection lives on
                log.exception("the traffic of %s could not be cut into frames", self.source)
                self.end("its frames cannot be read")
            if not self._writer.is_open:
                self.end("the disk takes no more")
            elif self._writer.size_bytes >= MOST_BYTES:
                self.end("it is as long as one may be")

        return hear

    def end(self, why: str) -> None:
        if self._timer.cancelled():
            return
        self._timer.cancel()
        log.info("the recording of %s ends: %s", self.source, why)
        self._writer.close()
        self._on_end(self)


class SourceTap:
    """What one connection of a source is given, whether or not anybody records."""

    def __init__(self, source: str, running: Mapping[str, Recording], beside: Tap | None) -> None:
        self._source = source
        self._running = running
        self._beside = beside
        self._recording: Recording | None = None
        self._tap: Tap | None = None

    def __call__(self, direction: str, data: bytes) -> None:
        if self._beside is not None:
            self._beside(direction, data)
        recording = self._running.get(self._source)
        if recording is not self._recording:
            self._recording = recording
            self._tap = recording.tap() if recording is not None else None
        if self._tap is not None:
            self._tap(direction, data)
