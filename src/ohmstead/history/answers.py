"""What the history says when asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from ohmstead.model import DeviceId, Quality


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """One field of one device in one role, as far as it is remembered."""

    device: DeviceId
    role: str
    field: str
    unit: str
    first_at: datetime
    last_at: datetime
    samples: int

    @property
    def name(self) -> str:
        return f"{self.role}.{self.field}"


class Point(msgspec.Struct, frozen=True, gc=False):
    """One step of a series, or one sample of a raw one, where mean, low and high are the same."""

    at: datetime
    """The start of the step, or the instant of the sample."""
    mean: float
    low: float
    high: float
    count: int
    quality: Quality = Quality.GOOD
    """Of a raw sample. Steps leave suspect samples out."""


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """A step without a sample has no point: a gap is shown, not bridged."""

    device: DeviceId
    signal: str
    unit: str
    step_s: float | None
    """0 for raw samples, none for steps that differ in length, as civil days do."""
    points: tuple[Point, ...]
    words: Mapping[int, str] = msgspec.field(default_factory=dict)
    """What the numbers mean, for a signal that is said in words, such as `charger.state`."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """The newest sample of one signal."""

    signal: str
    unit: str
    at: datetime
    value: float | str
    quality: Quality


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Polls that were due, one after the other, and brought nothing, for one reason."""

    source: str
    """The source's name, or the device's id where only that device was missing."""
    first_at: datetime
    last_at: datetime
    polls: int
    reason: str
    lasts: bool = False
    """Nothing was recorded of it since, as far as that was asked."""

    @property
    def end_at(self) -> datetime:
        """About when the next poll was due; of a single missed one, which tells no pace, when it was due itself."""
        return self.last_at + (self.last_at - self.first_at) / max(self.polls - 1, 1)


class Gaps(msgspec.Struct, frozen=True, kw_only=True):
    """In the order in which they began."""

    gaps: tuple[Gap, ...]
    is_complete: bool
    """If not, older ones are left out."""


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """How the writing goes."""

    path: Path
    pending: int
    """Readings and gaps that are not yet on the disk."""
    stored: int
    """Readings and gaps committed since opening."""
    dropped: int
    """Readings that were given up because the disk stayed away too long; each is in a gap."""
    sealed: int
    """Device hours sealed since opening."""
    damaged: int
    """Blobs that failed their checksum and were skipped."""
    set_aside: tuple[Path, ...]
    """Damaged files that were put aside for salvage."""
    last_commit_at: datetime | None
    last_error: str
    """Empty while all is well."""
