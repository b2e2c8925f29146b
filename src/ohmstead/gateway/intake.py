"""Where pollers hand over what they find: to the live state, and to history."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from ohmstead.gateway.acquaintance import Acquaintance
from ohmstead.gateway.live import Live
from ohmstead.history import History, HistoryError
from ohmstead.model import DeviceConfig, Source
from ohmstead.polling import Checked, Counter, CounterKey, Health, Missed

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

    async def reached(self, counters: Mapping[CounterKey, Counter]) -> dict[CounterKey, Counter]:
        """Saved counters, none below the newest total that is stored: a power cut may have come minutes after the saving."""
        stored: dict[CounterKey, float] = {}
        try:
            for device in {device for device, _ in counters}:
                newest = await self._history.latest(device)
                stored |= {(device, v.signal): v.value for v in newest if not isinstance(v.value, str)}
        except HistoryError as error:
            log.warning("totals go on from where they were saved: %s", error)
        return {key: counter.raised_to(stored.get(key, 0.0)) for key, counter in counters.items()}

    def opened(self, source: str, session: Source) -> None:
        self._live.opened(source, session)

    def sample(self, source: str, checked: Checked) -> None:
        self._history.record(checked.sample)
        for device, reason in checked.emptied.items():
            self._history.record_gap(device, checked.sample.at, reason)
        self._live.sample(source, checked.sample, checked.rejected)
        if checked.shifted:
            self.shifted.set()

    def gap(self, source: str, missed: Missed, reason: str) -> None:
        self._history.record_gap(source, missed.first_at, reason, last_at=missed.last_at, polls=missed.polls)

    def health(self, source: str, health: Health) -> None:
        self._live.health(source, health)
