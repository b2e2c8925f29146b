"""F33: however often the gateway is killed, nothing that it acknowledged is lost: no sample, and no setting.

Several homes live side by side. Each is killed at moments of its own: while it starts, once it runs, and in the middle of
whatever it is asked to do then. Its site file and its secrets are changed all the time, and hours of the past are put in
now and then, so that there is always something to write and to seal.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import stat
import threading
import time
import tomllib
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from ohmstead.history import Choice, Store, check, rows
from ohmstead.history.items import Poll
from ohmstead.history.times import to_ms
from ohmstead.model import BatteryReading, DeviceId

pytestmark = [pytest.mark.process, pytest.mark.soak]

Start = Callable[..., Any]  # Any: the conftest's Running
Json = Any  # Any: JSON
Seen = set[tuple[str, int]]
"""Of readings the device and the instant, in milliseconds."""

HOMES = 4
SOURCES = ("roof", "garage", "drive", "workshop")
KILLS = 1_000
"""Of all homes together."""
PATIENCE_S = 60.0
LOOK_EVERY_S = 0.1
DURING_START = 0.5
"""So many of the kills come before the first sample of a life is stored."""
SOON, LATE, OFTEN_SOON = 4, 40, 0.95
"""The others come after at most so many turns, in the next: the machine's pace is ours."""
EDITED, UNDONE = 0.4, 0.3
"""How often a turn, which is a look, goes on with an edit, and an edit with its undoing."""
FILLED_UP_EVERY = 8
OLD_HOURS, OLD_POLLS = 96, 60
"""That are put in, and in each of those hours."""
OLD, OLDEST = DeviceId("cellar/old"), datetime(2025, 1, 1, tzinfo=UTC)
NOTE = "note/of a person"
MOST_CPU_S = 3.0
"""For the first sample. How long it takes by the clock is the benchmark's question: here the machine may be busy."""
UNACKNOWLEDGED_S = 2.0


class Killed(Exception):
    pass


class Life:
    """One run of the gateway. Whatever it is asked raises `Killed` from its end on."""

    def __init__(self, gateway: Any) -> None:  # Any: the conftest's Running
        self.began_ms = to_ms(datetime.now(UTC))
        self.live: Seen = set()
        self.slowest_s = 0.0
        """How long a look took. A commit waits for a busy machine, and for its disk, as that does."""
        self.gateway = gateway
        self._timer = threading.Timer(0.0, gateway.process.kill)
        self._url = ""

    def kill_after(self, seconds: float) -> None:
        self._timer.interval = seconds
        self._timer.start()

    def close(self) -> None:
        self._timer.cancel()
        self.gateway.close()

    def ask(self, path: str, body: Json = None, method: str = "GET") -> Json:
        data = None if body is None else json.dumps(body).encode()
        url = f"{self._where()}/api/v1{path}"
        request = Request(url, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310 - our own
        try:
            with urlopen(request, timeout=PATIENCE_S) as response:  # noqa: S310 - as above
                return json.load(response)
        except HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode()}") from error
        except (OSError, HTTPException) as error:
            self._require_killed()
            raise Killed from error

    def _where(self) -> str:
        if not self._url:
            try:
                self._url = re.findall(r"http://[\d.:]+", self.gateway.line())[0]
            except AssertionError:  # it says nothing
                self._require_killed()
                raise Killed from None
        return self._url

    def _require_killed(self) -> None:
        """By the timer: it did not fall by itself."""
        assert self.gateway.process.wait(PATIENCE_S) == -signal.SIGKILL, self.gateway.errors


class Home:
    """What it said over all its lives that it keeps."""

    def __init__(self, folder: Path, start: Start, seed: int) -> None:
        self.lives: list[Life] = []
        self.done = {"kills before a sample": 0, "kills": 0, "edits": 0, "undone": 0}
        self._random = random.Random(f"home {seed}")
        self._start = start
        self._site = folder / "site.toml"
        self._data = folder / ".ohmstead"
        self._history = self._data / "history.sqlite"
        self._start_s = 1.0
        self._old_hours = 0
        self._counts: dict[str, int] = {}
        self._acknowledged: Seen = set()
        self._setups: set[tuple[str, str]] = set()
        """What the site and the note may be: as acknowledged, or as was being asked for when the gateway was killed."""

    def life(self) -> closing[Life]:
        self.lives.append(Life(self._start("run", str(self._site), "--port", "0")))
        return closing(self.lives[-1])

    def live_and_die(self) -> None:
        is_early, began_s = self._random.random() < DURING_START, time.monotonic()
        with suppress(Killed), self.life() as life:
            if is_early:
                life.kill_after(self._random.uniform(0.0, self._start_s))
            self.begin(life)
            self._start_s = time.monotonic() - began_s
            turns = self._random.randint(1, SOON if self._random.random() < OFTEN_SOON else LATE)
            turn_s = max(self.turn(life) for _ in range(turns))
            if not is_early:
                life.kill_after(self._random.uniform(0.0, turn_s))
            while True:
                self.turn(life)
        self.done["kills before a sample" if is_early else "kills"] += 1

    def turn(self, life: Life) -> float:
        """Says how long it took."""
        began_s = time.monotonic()
        self.look(life)
        if self._random.random() < EDITED:
            self.edit(life)
        return time.monotonic() - began_s

    def begin(self, life: Life) -> None:
        """With all that was kept; and soon there is more."""
        self.require_setup(setup_of(life.ask("/site"), self.note()))
        while not any(at_ms >= life.began_ms for at_ms in self.look(life).values()):
            pass
        assert life.gateway.cpu_s <= MOST_CPU_S

    def look(self, life: Life) -> Mapping[str, int]:
        """At what is live, and then at what is stored; says up to when that is, for each device."""
        threading.Event().wait(LOOK_EVERY_S)
        began_s = time.monotonic()
        try:
            devices = life.ask("/state")["devices"]
            shown = {
                (device["id"], instant_ms(said["at"])) for device in devices for said in device["readings"]
            }
            live = {
                (device, at_ms) for device, at_ms in shown if at_ms >= life.began_ms
            }  # and not remembered
            life.live |= live
            signals = life.ask("/signals")
            sync(self._site.with_name("beside"))
        finally:
            life.slowest_s = max(life.slowest_s, time.monotonic() - began_s)
        counts = {f"{said['device']} {said['signal']}": said["samples"] for said in signals}
        assert {name: count for name, count in self._counts.items() if counts.get(name, 0) < count} == {}
        self._counts = counts
        stored_ms = {said["device"]: 0 for said in signals}
        for said in signals:
            stored_ms[said["device"]] = max(stored_ms[said["device"]], instant_ms(said["last_at"]))
        self._acknowledged |= {(device, at_ms) for device, at_ms in live if at_ms <= stored_ms.get(device, 0)}
        return stored_ms

    def edit(self, life: Life) -> None:
        before = life.ask("/site")
        note, next_note = self.note(), f"number {self._random.randrange(10**9)}"
        edited = {**self.edited(before), "secrets": {NOTE: next_note}}
        self.change(life, "PUT", "/site", edited, setup_of(edited, next_note))
        self.done["edits"] += 1
        if self._random.random() < UNDONE:
            self.change(life, "POST", "/site/undo", {}, setup_of(before, note))
            self.done["undone"] += 1

    def change(self, life: Life, method: str, path: str, body: Json, to: tuple[str, str]) -> None:
        """Site and secrets are two files: each of them is the old one or the new one until this is acknowledged."""
        all_of = (*self._setups, to)
        self._setups = {(site, note) for site, _ in all_of for _, note in all_of}
        site = life.ask(path, body, method)
        self._setups = {to}
        self.require_setup(setup_of(site, self.note()))

    def edited(self, site: Json) -> Json:
        """Another name, and a device that goes, comes back or is asked in another way."""
        first, *others = site["devices"]
        if self._random.random() < 0.5:
            first = {**first, "settings": {"spares_uploads": False} if not first["settings"] else {}}
        elif any(device["name"] == "garage" for device in others):
            others = [device for device in others if device["name"] != "garage"]
        else:
            others = [*others, {**first, "name": "garage", "settings": {}}]
        return {**site, "name": f"Home {self._random.randrange(10**9)}", "devices": [first, *others]}

    def note(self) -> str:
        """Whole, and for its owner alone."""
        path = self._data / "secrets.toml"
        if not path.exists():
            return ""
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        return str(tomllib.loads(path.read_text())[NOTE])

    def require_setup(self, setup: tuple[str, str]) -> None:
        assert not self._setups or setup in self._setups
        self._setups = {setup}

    def fill_up(self) -> None:
        """Hours that are over and not sealed yet."""
        self._data.mkdir(exist_ok=True)  # there is none before the first start is through
        with closing(Store(self._history, datetime.now(UTC))) as store:
            for hour in range(self._old_hours, self._old_hours + OLD_HOURS):
                store.append([old_poll(hour, number) for number in range(OLD_POLLS)], OLDEST)
        self._old_hours += OLD_HOURS
        self._counts[f"{OLD} battery.soc_pct"] = self._old_hours * OLD_POLLS

    def shown(self) -> Seen:
        return {seen for life in self.lives for seen in life.live}

    def stored(self) -> Seen:
        """Of the readings that were shown. A sample is stored under the instant at which it was complete: after its
        readings' instants, and before those of the next.
        """
        ends = {(row.device, to_ms(row.at)) for row in rows(self._history, Choice(devices=SOURCES))}
        marks = sorted({(*begin, 0) for begin in self.shown()} | {(*end, 1) for end in ends})
        return {
            (device, at_ms)
            for (device, at_ms, kind), (of, _, next_kind) in pairwise(marks)
            if (kind, next_kind) == (0, 1) and of == device
        }

    def require_everything(self) -> None:
        """Each reading that was ever acknowledged, and those from shortly before each kill; in files without a fault."""
        unstored = self.shown() - self.stored()
        assert self._acknowledged & unstored == set()
        for life in self.lives:
            newest_ms = max((at_ms for _, at_ms in life.live), default=0)
            lost_s = max(((newest_ms - at_ms) / 1000 for _, at_ms in life.live & unstored), default=0.0)
            assert lost_s <= UNACKNOWLEDGED_S + life.slowest_s
        assert check(self._history).is_sound
        with closing(sqlite3.connect(self._data / "ledger.sqlite")) as ledger:
            assert ledger.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert list(self._data.glob("*.damaged-*")) == []


@pytest.mark.parametrize("seed", range(HOMES))
def test_f33_however_often_the_gateway_is_killed_nothing_acknowledged_is_lost(
    start: Start, busy_site: Path, seed: int, soak: float, record_property: Callable[[str, object], None]
) -> None:
    home = Home(busy_site.parent, start, seed)
    for number in range(max(5, round(KILLS * soak / HOMES))):
        if number % FILLED_UP_EVERY == 1:
            home.fill_up()
        home.live_and_die()
    with home.life() as last:
        home.begin(last)
        home.edit(last)
        assert last.gateway.end() == 0, last.gateway.errors
    record_property("done", str(home.done))
    home.require_everything()


def setup_of(site: Json, note: str) -> tuple[str, str]:
    return json.dumps({"name": site["name"], "devices": site["devices"]}, sort_keys=True), note


def sync(path: Path) -> None:
    with path.open("wb") as file:
        file.write(bytes(4096))
        os.fsync(file.fileno())


def instant_ms(text: str) -> int:
    return to_ms(datetime.fromisoformat(text))


def old_poll(hour: int, number: int) -> Poll:
    at = OLDEST + timedelta(hours=hour, seconds=number * 3600 / OLD_POLLS)
    return Poll(to_ms(at), OLD, (BatteryReading(device=OLD, at=at, soc_pct=float(number)),))
