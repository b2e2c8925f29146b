"""What became of a wanted current, and on which rung of the ladder."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from ohmstead.model import Outcome


class Rung(StrEnum):
    TEMPORARY = "temporary"
    METER = "meter"
    STORED = "stored"


class Limited(msgspec.Struct, frozen=True, kw_only=True):
    outcome: Outcome
    asked_a: int
    rung: Rung
    read_back_a: int | None = None
    reason: str = ""
    next_write_at: datetime | None = None
    """When the wear budget allows what it held back."""
