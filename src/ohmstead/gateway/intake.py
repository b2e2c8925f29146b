"""Where pollers hand over what they find: to the live state, and to history."""

from __future__ import annotations

from ohmstead.gateway.acquaintance import Acquaintance
from ohmstead.gateway.live import Live
from ohmstead.history import History
from ohmstead.model import DeviceConfig, Source
from ohmstead.polling import Checked, Health, Missed


class Intake:
    def __init__(self, live: Live, history: History) -> None:
        self._live = live
        self._history = history

    def expect(self, config: DeviceConfig, family: str, health: Health, known: Acquaintance | None) -> None:
        """List a source before its poller runs, with what is still known of it."""
        self._live.add(config, family, health)
        if known is not None:
            self._live.recall(config.name, known)

    def opened(self, source: str, session: Source) -> None:
        self._live.opened(source, session)

    def sample(self, source: str, checked: Checked) -> None:
        self._history.record(checked.sample)
        self._live.sample(source, checked.sample, checked.rejected)

    def gap(self, source: str, missed: Missed, reason: str) -> None:
        self._history.record_gap(source, missed.first_at, reason, last_at=missed.last_at, polls=missed.polls)

    def health(self, source: str, health: Health) -> None:
        self._live.health(source, health)
