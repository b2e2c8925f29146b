"""Records what passes a link, and reads it again: one JSON object a line.

The first line is the header, the last one counts the bytes that belonged to no frame and were therefore not written:
what nobody could read, nobody could blank. Lines reach the file one by one, so a process that dies leaves a capture
that lacks its last line and nothing else.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal, TypeVar

import msgspec

from ohmstead.model import CaptureCodec, Clock, ConfigError, Tap

if TYPE_CHECKING:
    from pathlib import Path  # a client that records nothing does not pay for it

log = logging.getLogger(__name__)

PRIVATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
LONGEST_HEADER_BYTES = 64 * 1024

S = TypeVar("S", bound=msgspec.Struct)


class CaptureHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording is of. `redaction` says in words what was blanked."""

    device: str
    family: str
    firmware: str
    recorded_by: str
    started_at: datetime
    redaction: str


class Record(msgspec.Struct, frozen=True):
    """One frame. `direction` is "<" from the device, ">" to it."""

    at: datetime
    direction: str
    frame: bytes


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    header: CaptureHeader
    records: tuple[Record, ...]
    outside_bytes: Mapping[str, int]
    """Bytes by direction that were in no frame; empty when the recording was cut off."""
    is_complete: bool


class _First(CaptureHeader, frozen=True, kw_only=True):
    started_at: Annotated[datetime, msgspec.Meta(tz=True)]
    ohmstead_capture: Literal[1] = 1


class _Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A frame, or the closing line, which alone has counts."""

    at_ms: float
    direction: str = ""
    frame_hex: str = ""
    outside_bytes: dict[str, int] | None = None


class CaptureWriter:
    """Give `tap` to a link. Trouble with the disk ends the recording, never the connection.

    Only its owner may read the file, blanked as it is.
    """

    def __init__(self, path: Path, header: CaptureHeader, codec: CaptureCodec, clock: Clock) -> None:
        self._header = header
        self._codec = codec
        self._clock = clock
        self._outside_bytes = {"<": 0, ">": 0}
        self.size_bytes = 0
        """Of the file so far."""
        try:
            self._file: BinaryIO | None = os.fdopen(os.open(path, PRIVATE, 0o600), "wb", buffering=0)
        except FileExistsError:
            raise ConfigError("exists already, and a capture is never overwritten.", file=str(path)) from None
        except OSError as error:
            raise ConfigError(f"cannot be written: {error.strerror}.", file=str(path)) from error
        self._write(msgspec.convert(header, _First, from_attributes=True))

    @property
    def is_open(self) -> bool:
        """False once it is closed, or the disk took no more."""
        return self._file is not None

    def tap(self, direction: str, data: bytes) -> None:
        self._take(self._codec, direction, data)

    def another_tap(self, codec: CaptureCodec) -> Tap:
        """For a further connection, whose frames are cut and blanked by a codec of its own."""
        return partial(self._take, codec)

    def _take(self, codec: CaptureCodec, direction: str, data: bytes) -> None:
        frames = codec.frames(direction, data)
        self._outside_bytes[direction] += len(data) - sum(map(len, frames))
        for frame in frames:
            self._write(_Line(at_ms=self._elapsed_ms(), direction=direction, frame_hex=frame.hex()))

    def close(self) -> None:
        """Write the closing line."""
        # Blanking may lengthen a frame, which must not look like fewer than no bytes outside.
        outside_bytes = {direction: max(0, count) for direction, count in self._outside_bytes.items()}
        self._write(_Line(at_ms=self._elapsed_ms(), outside_bytes=outside_bytes))
        self._end()

    def _elapsed_ms(self) -> float:
        return (self._clock.now() - self._header.started_at) / timedelta(milliseconds=1)

    def _write(self, line: msgspec.Struct) -> None:
        if self._file is None:
            return
        text = msgspec.json.encode(line) + b"\n"
        try:
            self._file.write(text)
        except OSError:
            log.exception("the capture of %s ends here", self._header.device)
            self._end()
        else:
            self.size_bytes += len(text)

    def _end(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def read_capture(path: Path) -> Capture:
    """The whole recording; a last line that was cut off is left out. Raises `ConfigError` for what is no capture."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}.", file=str(path)) from error
    lines.pop()  # nothing behind the last line's end, or a line that has none
    if not lines:
        raise ConfigError("is empty, not a capture.", file=str(path))
    first = _decoded(lines[0], _First, path, 1)
    body = [_decoded(line, _Line, path, number) for number, line in enumerate(lines[1:], start=2)]
    outside_bytes = body[-1].outside_bytes if body else None
    frames = body if outside_bytes is None else body[:-1]
    return Capture(
        header=msgspec.convert(first, CaptureHeader, from_attributes=True),
        records=tuple(_record(line, first, path, number) for number, line in enumerate(frames, start=2)),
        outside_bytes=outside_bytes or {},
        is_complete=outside_bytes is not None,
    )


def read_header(path: Path) -> CaptureHeader:
    """Without reading the rest. Raises `ConfigError` for what is no capture."""
    try:
        with path.open("rb") as file:
            line = file.readline(LONGEST_HEADER_BYTES)
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}.", file=str(path)) from error
    return msgspec.convert(_decoded(line, _First, path, 1), CaptureHeader, from_attributes=True)


def _decoded(line: bytes, kind: type[S], path: Path, number: int) -> S:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _no_line(str(error), path, number) from error


def _record(line: _Line, first: _First, path: Path, number: int) -> Record:
    if line.direction not in ("<", ">"):
        raise _no_line(f"the direction is < or >, not {line.direction!r}", path, number)
    try:
        at = first.started_at + timedelta(milliseconds=line.at_ms)
        return Record(at, line.direction, bytes.fromhex(line.frame_hex))
    except (ValueError, OverflowError) as error:
        raise _no_line(str(error), path, number) from error


def _no_line(why: str, path: Path, number: int) -> ConfigError:
    return ConfigError(f"is no line of a capture: {why}.", file=str(path), line=number)
