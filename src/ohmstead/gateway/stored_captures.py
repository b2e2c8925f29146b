"""Recordings on the disk: found by name, described, and read again in words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from ohmstead.kit.link import CaptureHeader, read_capture, read_header
from ohmstead.kit.registry.recordings import FrameInWords, frames_in_words
from ohmstead.model import ConfigError, OhmsteadError

SUFFIX: Final = ".jsonl"
NAME: Final = re.compile(r"(?P<source>[a-z0-9-]{1,40})-\d{8}T\d{6}Z(-\d{1,2})?")
"""Of a recording: its source, in letters that every file system and browser takes, and when it began."""
BREATH_FRAMES: Final = 20
"""Frames between two breaths of the loop; one takes up to a fifth of a millisecond."""


class CannotRecord(OhmsteadError):
    """There is nowhere to keep a recording now, or it cannot be read again."""


class CaptureInfo(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    source: str
    """As the site calls it; in the letters of a file's name once the gateway has been started anew."""
    family: str
    device: str
    """Its models."""
    firmware: str
    started_at: datetime
    size_bytes: int
    remaining_s: float | None = None
    """Until it ends by itself; None: it has ended."""


class DecodedCapture(msgspec.Struct, frozen=True, kw_only=True):
    capture: CaptureInfo
    is_complete: bool
    """Whether it has its closing line: one that runs, or was cut off, has none."""
    outside_bytes: Mapping[str, int]
    """Bytes by direction that belonged to no frame and were not written."""
    frames: int
    """How many it has."""
    newest: tuple[FrameInWords, ...]
    """The last of them, oldest first."""


def stored(folder: Path) -> dict[str, Path]:
    """By name. No name of a request ever becomes a path: it is looked up here."""
    try:
        return {path.stem: path for path in folder.iterdir() if _is_ours(path)}
    except (FileNotFoundError, NotADirectoryError):
        return {}


def new_name(source: str, at: datetime, taken: Mapping[str, Path]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-")[:40].strip("-") or "source"
    name = f"{slug}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return next(free for free in _numbered(name, len(taken) + 2) if free not in taken)


def described(path: Path, source: str = "", remaining_s: float | None = None) -> CaptureInfo:
    name = NAME.fullmatch(path.stem)
    header = _header(path)
    return CaptureInfo(
        id=path.stem,
        source=source or (name["source"] if name is not None else ""),
        family=header.family,
        device=header.device,
        firmware=header.firmware,
        started_at=header.started_at,
        size_bytes=path.stat().st_size,
        remaining_s=remaining_s,
    )


async def decoded(path: Path, info: CaptureInfo, limit: int) -> DecodedCapture:
    """The newest frames in words. Raises `CannotRecord` for a file that somebody has damaged."""
    try:
        capture = read_capture(path)
        words = frames_in_words(capture.header.family, capture.records[-limit:])
    except ConfigError as error:
        raise CannotRecord(f"{path.name} cannot be read as a recording") from error
    return DecodedCapture(
        capture=info,
        is_complete=capture.is_complete,
        outside_bytes=capture.outside_bytes,
        frames=len(capture.records),
        newest=await _breathing(words),
    )


async def _breathing(words: Iterator[FrameInWords]) -> tuple[FrameInWords, ...]:
    found: list[FrameInWords] = []
    for frame in words:
        found.append(frame)
        if len(found) % BREATH_FRAMES == 0:
            await asyncio.sleep(0)
    return tuple(found)


def _header(path: Path) -> CaptureHeader:
    try:
        return read_header(path)
    except ConfigError:  # it can still be seen and deleted
        changed_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return CaptureHeader(
            device="?", family="?", firmware="", recorded_by="?", started_at=changed_at, redaction="?"
        )


def _is_ours(path: Path) -> bool:
    return path.suffix == SUFFIX and NAME.fullmatch(path.stem) is not None and not path.is_symlink()


def _numbered(name: str, most: int) -> Iterator[str]:
    yield name
    for number in range(2, most + 1):
        yield f"{name}-{number}"
