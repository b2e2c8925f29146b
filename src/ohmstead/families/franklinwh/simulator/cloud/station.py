"""One gateway as the cloud knows it: its last reports, whether it is reached, and what waits until it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway
from ohmstead.families.franklinwh.simulator.records import runtime, surroundings

Json = dict[str, Any]  # Any: JSON
STORED_EVERY_S: Final = 900.0
"""How far the database lags behind what the gateway said."""
RECENT_S: Final = 120.0
"""So long the last live copy is handed out in place of a live answer."""
SENDING_S: Final = 3.0
"""A mode change is on its way so long."""
SENDING: Final = 2
MOST_NUMBER: Final = 1000


class Report:
    """The polled record, and when the gateway said it."""

    def __init__(self, record: Json, at: datetime) -> None:
        self.record = record
        self.at = at


class Station:
    def __init__(self, gateway: Gateway, *, noise_w: float = 0.0) -> None:
        self.gateway = gateway
        self._noise_w = noise_w
        self._random = gateway.world.random(f"{gateway.identity.gateway}/noise")
        self.is_offline = False
        self.queue: list[Callable[[], object]] = []
        """Writes that wait for the gateway to come back."""
        self.leds = surroundings.lights(gateway.site.packs)
        self.wifi = surroundings.wifi()
        self.tunnel = asyncio.Lock()
        """The gateway does one command at a time."""
        self.busiest = 0
        """Most tunnel commands there ever were at once."""
        self.scan_due_s: float | None = None
        self._late: list[tuple[datetime, Callable[[], object]]] = []
        """Writes that were acknowledged already, and when they are done."""
        self._waiting = 0
        self._number = 940
        self._sent_at: datetime | None = None
        first = Report(runtime.composite(gateway, runtime.live(gateway)), gateway.world.at)
        self._copy = self._stored = first

    @property
    def serial(self) -> str:
        return self.gateway.identity.gateway

    @property
    def now(self) -> datetime:
        return self.gateway.world.at

    @property
    def send_status(self) -> int | None:
        is_sending = self._sent_at is not None and (self.now - self._sent_at).total_seconds() < SENDING_S
        return SENDING if is_sending else None

    def mode_sent(self) -> None:
        self._sent_at = self.now

    def live(self) -> Json:
        """Ask the gateway, and remember what it says."""
        record = runtime.composite(self.gateway, self._blurred(runtime.live(self.gateway)))
        if (self.now - self._stored.at).total_seconds() >= STORED_EVERY_S:
            self._stored = self._copy
        self._copy = Report(record, self.now)
        return record

    def copy(self) -> Json:
        """The last live copy, if it is recent; else the stored report."""
        if (self.now - self._copy.at).total_seconds() > RECENT_S:
            return self.stored()
        return runtime.copied(self._copy.record, self._copy.at)

    def stored(self) -> Json:
        return runtime.stored(self._stored.record, self._stored.at)

    def do_later(self, do: Callable[[], object], after_s: float) -> None:
        self._late.append((self.now + timedelta(seconds=after_s), do))

    def settle(self, *, is_offline: bool) -> None:
        """Do what was put off and is due, and what waited for the gateway if that is reached again."""
        if self.queue and not is_offline:
            self.come_back()
        for entry in [entry for entry in self._late if entry[0] <= self.now]:
            self._late.remove(entry)
            entry[1]()

    def next_number(self) -> int:
        """The gateway's own counter of replies; no echo."""
        self._number = self._number % MOST_NUMBER + 1
        return self._number

    def _blurred(self, record: Json) -> Json:
        """With some noise on each power, as meters have it."""
        if not self._noise_w:
            return record
        blurred = {
            name: round(record[name] + self._random.uniform(-1.0, 1.0) * self._noise_w / 1000.0, 3)
            for name in runtime.POWERS
        }
        return {**record, **blurred}

    def come_back(self) -> None:
        """Reached again: what waited is done."""
        self.is_offline = False
        waiting, self.queue = self.queue, []
        for write in waiting:
            write()

    def enter(self) -> None:
        self._waiting += 1
        self.busiest = max(self.busiest, self._waiting)

    def leave(self) -> None:
        self._waiting -= 1
