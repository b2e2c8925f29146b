"""F33: however often the gateway is killed, nothing that it acknowledged is lost: no sample, and no setting.

Several homes live side by side. Each is killed at moments of its own: while it starts, once it runs, and in the middle of
whatever it is asked to do then. Its site file and its secrets are changed all the time, and hours of the past are put in
now and then, so that there is always something to write and to seal.
"""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import threading
import time
import tomllib
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from ohmstead.history import Store, check
from ohmstead.history.items import Poll
from ohmstead.history.times import to_ms
from ohmstead.model import BatteryReading, DeviceId
from tests.process.lives import Json, Killed, Life
from tests.process.promises import Samples, Setup, Shown, setup_of

pytestmark = [pytest.mark.process, pytest.mark.soak]

Start = Callable[..., Any]  # Any: the conftest's Running

HOMES: Final = 4
SOURCES: Final = ("roof", "garage", "drive", "workshop")
KILLS: Final = 1_000
"""Of all homes together."""
LOOK_EVERY_S: Final = 0.1
DURING_START: Final = 0.5
"""So many of the kills come before the first sample of a life is stored."""
SOON, LATE, OFTEN_SOON = 4, 40, 0.95
"""The others come after at most so many turns, in the next: the machine's pace is ours."""
EDITED, UNDONE = 0.4, 0.3
"""How often a turn, which is a look, goes on with an edit, and an edit with its undoing."""
FILLED_UP_EVERY: Final = 8
OLD_HOURS, OLD_POLLS = 96, 60
"""That are put in, and in each of those hours."""
OLD, OLDEST = DeviceId("cellar/old"), datetime(2025, 1, 1, tzinfo=UTC)
NOTE: Final = "note/of a person"
MOST_CPU_S: Final = 3.0
"""For the first sample. How long it takes by the clock is the benchmark's question: here the machine may be busy."""


class Home:
    def __init__(self, folder: Path, start: Start, seed: int) -> None:
        self.samples = Samples()
        self.setup = Setup()
        self.done = {"kills before a sample": 0, "kills": 0, "edits": 0, "undone": 0}
        self._random = random.Random(f"home {seed}")
        self._start = start
        self._site = folder / "site.toml"
        self._data = folder / ".ohmstead"
        self._history = self._data / "history.sqlite"
        self._start_s = 1.0
        self._old_hours = 0

    def life(self) -> closing[Life]:
        return closing(Life(self._start("run", str(self._site), "--port", "0")))

    def live_and_die(self) -> None:
        is_early, began_s = self._random.random() < DURING_START, time.monotonic()
        with suppress(Killed), self.life() as life:
            if is_early:
                life.kill_after(self._random.uniform(0.0, self._start_s))
            shown = self.begin(life)
            self._start_s = time.monotonic() - began_s
            turns = self._random.randint(1, SOON if self._random.random() < OFTEN_SOON else LATE)
            turn_s = max(self.turn(life, shown) for _ in range(turns))
            if not is_early:
                life.kill_after(self._random.uniform(0.0, turn_s))
            while True:
                self.turn(life, shown)
        self.done["kills before a sample" if is_early else "kills"] += 1

    def begin(self, life: Life) -> Shown:
        """With all that was kept; and soon there is more."""
        shown = self.samples.life(life.began_ms)
        self.setup.require(setup_of(life.ask("/site"), self.note()))
        while not any(at_ms >= life.began_ms for at_ms in self.look(life, shown).values()):
            pass
        assert life.gateway.cpu_s <= MOST_CPU_S
        return shown

    def turn(self, life: Life, shown: Shown) -> float:
        """Says how long it took."""
        began_s = time.monotonic()
        self.look(life, shown)
        if self._random.random() < EDITED:
            self.edit(life)
        return time.monotonic() - began_s

    def look(self, life: Life, shown: Shown) -> Mapping[str, int]:
        """At what is live, and then at what is stored; says up to when that is, for each device."""
        threading.Event().wait(LOOK_EVERY_S)
        began_s = time.monotonic()
        try:
            live = shown.show(life.ask("/state")["devices"])
            signals = life.ask("/signals")
            sync(self._site.with_name("beside"))
        finally:
            shown.slowest_s = max(shown.slowest_s, time.monotonic() - began_s)
        return self.samples.acknowledge(live, signals)

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
        self.setup.ask_for(to)
        site = life.ask(path, body, method)
        self.setup.acknowledge(to)
        self.setup.require(setup_of(site, self.note()))

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

    def fill_up(self) -> None:
        """Hours that are over and not sealed yet."""
        self._data.mkdir(exist_ok=True)  # there is none before the first start is through
        with closing(Store(self._history, datetime.now(UTC))) as store:
            for hour in range(self._old_hours, self._old_hours + OLD_HOURS):
                store.append([old_poll(hour, number) for number in range(OLD_POLLS)], OLDEST)
        self._old_hours += OLD_HOURS
        self.samples.counts[f"{OLD} battery.soc_pct"] = self._old_hours * OLD_POLLS

    def require_everything(self) -> None:
        """In files without a fault."""
        self.samples.require_all(self._history, SOURCES)
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


def sync(path: Path) -> None:
    with path.open("wb") as file:
        file.write(bytes(4096))
        os.fsync(file.fileno())


def old_poll(hour: int, number: int) -> Poll:
    at = OLDEST + timedelta(hours=hour, seconds=number * 3600 / OLD_POLLS)
    return Poll(to_ms(at), OLD, (BatteryReading(device=OLD, at=at, soc_pct=float(number)),))
