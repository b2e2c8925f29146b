"""A command as it is asked for, and as the ledger remembers it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ohmstead.model import DeviceId, Receipt


class Order(msgspec.Struct, frozen=True, kw_only=True):
    device: DeviceId
    ability: str
    """A name in `model.ABILITIES`, or "console: " with that of a raw call."""
    value: float | str
    """In the envelope's unit; of a raw call its parameters as JSON."""
    origin: str
    """Who asks: "api", "cli", a strategy."""
    reason: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One order in the ledger."""

    id: int
    at: datetime
    device: DeviceId
    ability: str
    asked: float | str
    """Text if it was no number."""
    origin: str
    reason: str
    receipt: Receipt | None = None
    """None: under way."""
