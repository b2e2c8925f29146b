"""Who listens to the live stream: one watcher of the gateway, one small mailbox for each client.

A client that is slow gets fewer, merged messages and delays nobody. One that reads nothing is given up once a bounded
amount has passed it by; until then its mailbox holds one state of each device and no more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from ohmstead.api.messages import Batch, batch_of
from ohmstead.api.problems import Declined
from ohmstead.gateway import Gateway

MOST_CLIENTS: Final = 200
MISSED_BYTES: Final = 1024 * 1024
"""What may pass a client by while it does not read."""

log = logging.getLogger(__name__)


class Mailbox:
    """One client's. `drop` ends its connection at once."""

    def __init__(self, drop: Callable[[], None]) -> None:
        self.drop = drop
        self.missed_bytes = 0
        self.is_closed = False
        self.taken = 0
        """Grows with everything that is taken."""
        self._waiting: Batch | None = None
        self._stirred = asyncio.Event()

    def put(self, batch: Batch) -> None:
        if self._waiting is None:
            self._waiting = batch
        else:
            self.missed_bytes += len(batch.text)
            self._waiting = self._waiting.followed_by(batch)
        self._stirred.set()

    def close(self) -> None:
        self.is_closed = True
        self._stirred.set()

    def nudge(self) -> None:
        """Wake whoever takes, though nothing may wait."""
        self._stirred.set()

    async def take(self) -> Batch | None:
        """What waits, as one batch; None where nothing does: somebody nudged, or the mailbox is closed."""
        await self._stirred.wait()
        if self.is_closed:
            return None
        self._stirred.clear()
        self.taken += 1
        taken, self._waiting, self.missed_bytes = self._waiting, None, 0
        return taken


class Hub:
    def __init__(self) -> None:
        self.mailboxes: set[Mailbox] = set()

    @contextmanager
    def mailbox(self, drop: Callable[[], None]) -> Iterator[Mailbox]:
        """Raises `Declined` when too many listen."""
        if len(self.mailboxes) >= MOST_CLIENTS:
            raise Declined(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"{MOST_CLIENTS} clients listen already; close one of them, or try later.",
                retry_after_s=30,
            )
        added = Mailbox(drop)
        self.mailboxes.add(added)
        try:
            yield added
        finally:
            self.mailboxes.discard(added)

    async def run(self, gateway: Gateway) -> None:
        """Pass on what changes until the gateway ends."""
        async for change in gateway.watch():
            try:
                self._publish(batch_of(change))
            except Exception:
                log.exception("a change could not be passed on to the live clients; the next one is tried")
        self.close()

    def _publish(self, batch: Batch) -> None:
        for mailbox in list(self.mailboxes):
            mailbox.put(batch)
            if mailbox.missed_bytes > MISSED_BYTES:
                log.info("a live client that reads nothing is dropped")
                self.mailboxes.discard(mailbox)
                mailbox.drop()

    def close(self) -> None:
        for mailbox in self.mailboxes:
            mailbox.close()
