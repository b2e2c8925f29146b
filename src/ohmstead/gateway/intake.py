"""Where pollers hand over what they find: to the live state, and to history."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from ohmstead.gateway.acquaintance import Acquaintance
from ohmstead.gateway.live import Live
from ohmstead.history import History, HistoryError, Value
from ohmstead.model import DeviceConfig, DeviceId, Source
from ohmstead.polling import Checked, CounterKey, Health, Missed

log = logging.getLogger(__name__)


class Intake:
    def __init__(self, live: Live, history: History) -> None:
        self._live = live
        self._history = history
        self.shifted = asyncio.Event()
        """Set when a total goes on from another count than before; cleared by who keeps that."""

    def expect(self, config: DeviceConfig, family: str, health: Health, known: Acquaintance | None) -> None:
        """List a source before its poller runs, with what is still known of it."""
        self._live.add(config, family, health)
        if known is not None:
            self._live.recall(config.name, known)

    async def stored(self, devices: Iterable[DeviceId]) -> dict[CounterKey, Value]:
        """What each device said last; nothing if that cannot be read now."""
        try:
            return {(d, value.signal): value for d in devices for value in await self._history.latest(d)}
        except HistoryError as error:
            log.warning("what was stored before cannot be gone on from: %s", error)
            return {}

    async def told_to(
        self, source: str, stored: Mapping[CounterKey, Value], now: datetime
    ) -> datetime | None:
        """Up to when its polls are stored or in a gap; None where nothing is stored."""
        heard_at = max((value.at for value in stored.values()), default=None)
        if heard_at is None:
            return None
        try:
            gaps = await self._history.gaps(heard_at, now, source)
        except HistoryError:
            return now
        return max((gap.last_at for gap in gaps), default=heard_at)

    def opened(self, source: str, session: Source) -> None:
        self._live.opened(source, session)

    def sample(self, source: str, checked: Checked, due: datetime) -> None:
        self._history.record(checked.sample, due)
        for device, reason in checked.emptied.items():
            self._history.record_gap(device, due, reason)
        self._live.sample(source, checked.sample, checked.rejected)
        if checked.shifted:
            self.shifted.set()

    def gap(self, source: str, missed: Missed, reason: str) -> None:
        self._history.record_gap(source, missed.first_at, reason, last_at=missed.last_at, polls=missed.polls)

    def health(self, source: str, health: Health) -> None:
        self._live.health(source, health)
