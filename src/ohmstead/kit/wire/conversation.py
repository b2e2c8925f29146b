"""What every dialogue with a device looks like from either end: bytes in, messages out, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

import msgspec

In_co = TypeVar("In_co", covariant=True)
Out_contra = TypeVar("Out_contra", contravariant=True)


class Damage(msgspec.Struct, frozen=True):
    """Bytes that were no message. A value and no error, so that the good frames behind it still arrive."""

    reason: str
    size: int
    """Bytes dropped."""


class Conversation(Protocol[In_co, Out_contra]):
    """One dialogue, seen from one end. Knows no socket and no clock; its buffer is bounded."""

    def send(self, message: Out_contra) -> bytes:
        """The bytes of a message of ours."""
        ...

    def receive(self, data: bytes) -> Sequence[In_co | Damage]:
        """The messages that `data` completes. Never raises, whatever the peer sent."""
        ...
