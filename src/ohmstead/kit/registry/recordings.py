"""What a recording contains, in its family's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from ohmstead.kit.link.capture import Record
from ohmstead.kit.registry.families import family
from ohmstead.kit.registry.loading import load
from ohmstead.model import CaptureCodec, ConfigError, OhmsteadError


class FrameInWords(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    direction: str
    """"<" from the device, ">" to it."""
    size: int
    content: Mapping[str, Any]  # Any: JSON, shaped by the family


def frames_in_words(name: str, records: Iterable[Record]) -> Iterator[FrameInWords]:
    """Raises `ConfigError` for a family that is not known, or records nothing."""
    reference = family(name).capture
    if not reference:
        raise ConfigError(f"captures of {name} cannot be decoded yet.")
    codec: CaptureCodec = load(reference)()
    return (_in_words(codec, record) for record in records)


def _in_words(codec: CaptureCodec, record: Record) -> FrameInWords:
    try:
        content = codec.describe(record.direction, record.frame)
    except OhmsteadError as error:
        content = {"damage": str(error)}
    return FrameInWords(at=record.at, direction=record.direction, size=len(record.frame), content=content)
