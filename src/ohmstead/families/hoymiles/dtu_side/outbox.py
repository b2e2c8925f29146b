"""What waits to be reported: kept until the cloud has acknowledged it.

Nothing is lost, because only an acknowledgement takes an upload out. An acknowledgement that is lost makes one come
again, with the same serial, time and packet number, by which a server knows it; what was acknowledged never comes again.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

import msgspec
from google.protobuf.message import Message

from ohmstead.families.hoymiles.messages.cloud import CLOUD_HISTORY_DATA_NEW, CLOUD_REAL_DATA_NEW
from ohmstead.families.hoymiles.messages.exchange import Exchange

LIMIT: Final = 20_000
"""Uploads; a week without a cloud at one data set every 5 minutes, of several packets."""


class Upload(msgspec.Struct, frozen=True):
    """One packet. Kept as bytes: there may be many."""

    number: int
    exchange: Exchange[Any, Any]  # Any: each has its own two messages
    payload: bytes


class Outbox:
    def __init__(self, limit: int = LIMIT) -> None:
        self.lost = 0
        """Dropped because there was no room, oldest first."""
        self._limit = limit
        self._waiting: deque[Upload] = deque()
        self._next = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, exchange: Exchange[Any, Any], message: Message) -> None:  # Any: as above
        if len(self._waiting) >= self._limit:
            self._waiting.popleft()
            self.lost += 1
        self._waiting.append(Upload(self._next, exchange, message.SerializeToString()))
        self._next += 1

    def first(self) -> Upload | None:
        return self._waiting[0] if self._waiting else None

    def acknowledge(self, upload: Upload) -> None:
        """It arrived. One that is out already, because there was no room for it, is no matter."""
        if self._waiting and self._waiting[0].number == upload.number:
            self._waiting.popleft()

    def turn_to_history(self) -> None:
        """The link is gone: live data that waits is the past by the time there is another."""
        self._waiting = deque(
            msgspec.structs.replace(upload, exchange=CLOUD_HISTORY_DATA_NEW)
            if upload.exchange is CLOUD_REAL_DATA_NEW
            else upload
            for upload in self._waiting
        )
