"""What a home told of itself that it must keep, however often it is killed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from ohmstead.history import Choice, rows
from ohmstead.history.times import to_ms

Json = Any  # Any: JSON
Seen = set[tuple[str, int]]
"""Of readings the device and the instant, in milliseconds."""
UNACKNOWLEDGED_S: Final = 2.0


class Shown:
    """What one life showed as live, and how long that took."""

    def __init__(self, began_ms: int) -> None:
        self.began_ms = began_ms
        self.live: Seen = set()
        self.slowest_s = 0.0
        """A commit waits for a busy machine, and for its disk, as a look does."""

    def show(self, devices: Iterable[Json]) -> Seen:
        """Says what of it is of this life, and not remembered."""
        shown = {(device["id"], instant_ms(said["at"])) for device in devices for said in device["readings"]}
        live = {(device, at_ms) for device, at_ms in shown if at_ms >= self.began_ms}
        self.live |= live
        return live

    def lost_s(self, unstored: Seen) -> float:
        """How long before its end the first of what is not stored was shown."""
        newest_ms = max((at_ms for _, at_ms in self.live), default=0)
        return max(((newest_ms - at_ms) / 1000 for _, at_ms in self.live & unstored), default=0.0)


class Samples:
    """Of all lives: what was shown, and what of it was acknowledged as stored."""

    def __init__(self) -> None:
        self.lives: list[Shown] = []
        self.counts: dict[str, int] = {}
        """Samples of each signal. They never become fewer."""
        self._acknowledged: Seen = set()

    def life(self, began_ms: int) -> Shown:
        self.lives.append(Shown(began_ms))
        return self.lives[-1]

    def acknowledge(self, live: Seen, signals: Iterable[Json]) -> Mapping[str, int]:
        """Says up to when samples are stored, for each device."""
        counts = {f"{said['device']} {said['signal']}": said["samples"] for said in signals}
        assert {name: count for name, count in self.counts.items() if counts.get(name, 0) < count} == {}
        self.counts = counts
        stored_ms: dict[str, int] = {}
        for said in signals:
            device = said["device"]
            stored_ms[device] = max(stored_ms.get(device, 0), instant_ms(said["last_at"]))
        self._acknowledged |= {(device, at_ms) for device, at_ms in live if at_ms <= stored_ms.get(device, 0)}
        return stored_ms

    def require_all(self, history: Path, sources: tuple[str, ...]) -> None:
        """All that was ever acknowledged, and what was shown until shortly before each kill."""
        shown = {seen for life in self.lives for seen in life.live}
        unstored = shown - stored(shown, history, sources)
        assert self._acknowledged & unstored == set()
        for life in self.lives:
            assert life.lost_s(unstored) <= UNACKNOWLEDGED_S + life.slowest_s


class Setup:
    """What the site and a secret may be: as acknowledged, or as was being asked for when the gateway was killed."""

    def __init__(self) -> None:
        self._may_be: set[tuple[str, str]] = set()

    def ask_for(self, setup: tuple[str, str]) -> None:
        """They are two files: each of them is the old one or the new one until that is acknowledged."""
        asked = (*self._may_be, setup)
        self._may_be = {(site, secret) for site, _ in asked for _, secret in asked}

    def acknowledge(self, setup: tuple[str, str]) -> None:
        self._may_be = {setup}

    def require(self, setup: tuple[str, str]) -> None:
        assert not self._may_be or setup in self._may_be
        self._may_be = {setup}


def setup_of(site: Json, secret: str) -> tuple[str, str]:
    return json.dumps({"name": site["name"], "devices": site["devices"]}, sort_keys=True), secret


def stored(shown: Seen, history: Path, sources: tuple[str, ...]) -> Seen:
    """Of the readings that were shown. A sample is stored under the instant at which it was complete: after its readings'
    instants, and before those of the next.
    """
    ends = {(row.device, to_ms(row.at)) for row in rows(history, Choice(devices=sources))}
    marks = sorted({(*begin, 0) for begin in shown} | {(*end, 1) for end in ends})
    return {
        (device, at_ms)
        for (device, at_ms, kind), (of, _, next_kind) in pairwise(marks)
        if (kind, next_kind) == (0, 1) and of == device
    }


def instant_ms(text: str) -> int:
    return to_ms(datetime.fromisoformat(text))
