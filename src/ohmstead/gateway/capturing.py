"""Recordings of what passes between us and a source, switched on and off while it runs.

Every connection of a source has a tap; it costs a look into a table while nobody records. A recording goes on over
reconnects, each connection being cut and blanked by a codec of its own. What a codec cannot read, such as a sealed
connection whose beginning it did not see, is blanked whole.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from ohmstead import __version__
from ohmstead.gateway.recording import Recording, SourceTap
from ohmstead.gateway.status import DeviceStatus
from ohmstead.gateway.stored_captures import (
    SUFFIX,
    CannotRecord,
    CaptureInfo,
    DecodedCapture,
    decoded,
    described,
    new_name,
    stored,
)
from ohmstead.kit.link import CaptureHeader, CaptureWriter
from ohmstead.kit.registry import families, load
from ohmstead.model import CaptureCodec, Clock, OhmsteadError, Tap, Unsupported

FOLDER: Final = "captures"
MOST_KEPT: Final = 32
REDACTION: Final = "serials, addresses and secrets blanked frame by frame; bytes outside frames left out"

log = logging.getLogger(__name__)

Find = Callable[[str], Iterable[DeviceStatus]]
"""The devices of a source."""


class Captures:
    def __init__(self, directory: Path, clock: Clock, find: Find) -> None:
        self._folder = directory / FOLDER
        self._clock = clock
        self._find = find
        self._running: dict[str, Recording] = {}

    def tap(self, source: str, beside: Tap | None = None) -> Tap:
        """For one connection of a source; `beside` hears the same."""
        return SourceTap(source, self._running, beside)

    def start(self, source: str, duration_s: float) -> CaptureInfo:
        """Record a source for so many seconds of wire time.

        Raises `Unsupported` for a source that is not there or cannot be recorded, and `CannotRecord`.
        """
        devices = tuple(self._find(source))
        codec = _codec_of(source, devices)
        taken = stored(self._folder)
        if source in self._running:
            raise CannotRecord(f"{source} is being recorded already")
        if len(taken) >= MOST_KEPT:
            raise CannotRecord(f"{MOST_KEPT} recordings are kept already; delete one of them first")
        name = new_name(source, self._clock.now(), taken)
        writer = self._writer(name, self._header(devices), codec())
        self._running[source] = Recording(
            name, source, writer, codec, duration_s=duration_s, on_end=self._ended
        )
        return self._info(self._folder / f"{name}{SUFFIX}")

    def stop(self, capture: str) -> CaptureInfo | None:
        """None: there is no such recording. One that has ended stays as it is."""
        if (path := self._path(capture)) is None:
            return None
        if (recording := self._recording(capture)) is not None:
            recording.end("it was stopped")
        return self._info(path)

    def delete(self, capture: str) -> bool:
        """Whether there was such a recording. One that runs is stopped before."""
        if (path := self._path(capture)) is None:
            return False
        self.stop(capture)
        path.unlink(missing_ok=True)
        return True

    def all(self) -> tuple[CaptureInfo, ...]:
        """Newest first."""
        found = map(self._info, stored(self._folder).values())
        return tuple(sorted(found, key=lambda info: (info.started_at, info.id), reverse=True))

    def content(self, capture: str) -> bytes | None:
        """The file as it stands; None: there is no such recording."""
        path = self._path(capture)
        return None if path is None else path.read_bytes()

    async def decoded(self, capture: str, limit: int) -> DecodedCapture | None:
        """The newest frames in words; None: there is no such recording. Raises `CannotRecord` for a damaged one."""
        path = self._path(capture)
        return None if path is None else await decoded(path, self._info(path), limit)

    def close(self) -> None:
        for recording in tuple(self._running.values()):
            recording.end("the gateway ends")

    def _path(self, capture: str) -> Path | None:
        return stored(self._folder).get(capture)

    def _recording(self, capture: str) -> Recording | None:
        return next((found for found in self._running.values() if found.name == capture), None)

    def _info(self, path: Path) -> CaptureInfo:
        recording = self._recording(path.stem)
        return (
            described(path) if recording is None else described(path, recording.source, recording.remaining_s)
        )

    def _ended(self, recording: Recording) -> None:
        del self._running[recording.source]

    def _writer(self, name: str, header: CaptureHeader, codec: CaptureCodec) -> CaptureWriter:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            return CaptureWriter(self._folder / f"{name}{SUFFIX}", header, codec, self._clock)
        except (OSError, OhmsteadError) as error:
            log.warning("no recording can be kept: %s", error)
            raise CannotRecord("the disk takes no recording now; the gateway's log says why") from error

    def _header(self, devices: tuple[DeviceStatus, ...]) -> CaptureHeader:
        return CaptureHeader(
            device=_listed(status.model for status in devices) or devices[0].family,
            family=devices[0].family,
            firmware=_listed(status.firmware for status in devices),
            recorded_by=f"ohmstead {__version__}",
            started_at=self._clock.now(),
            redaction=REDACTION,
        )


def _codec_of(source: str, devices: tuple[DeviceStatus, ...]) -> Callable[[], CaptureCodec]:
    """Makes one for each connection."""
    if not devices:
        raise Unsupported(f"there is no source {source!r}; each device names the one it belongs to")
    card = families()[devices[0].family]
    if not card.capture:
        raise Unsupported(f"the traffic of {card.title} cannot be recorded")
    codec: Callable[[], CaptureCodec] = load(card.capture)
    return codec


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))
