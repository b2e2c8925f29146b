from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.process, pytest.mark.soak]

Start = Callable[..., Any]  # Any: the conftest's Running, and JSON
Fetch = Callable[..., Any]
Until = Callable[[Callable[[], object]], object]

SOURCES = 3
KILLS = 1_000
LOOK_EVERY_S = 0.2
"""A gateway answers each caller only so often."""
MOST_LOOKS = 5
"""After the first sample: commits, seals and polls fall into this part of a life."""


class Life:
    """One run of the gateway: the instants of live readings it showed, and what its history said it had."""

    def __init__(self, fetch: Fetch, url: str) -> None:
        self._fetch = fetch
        self._api = f"{url}/api/v1"
        self._pause = threading.Event()
        self.live: set[tuple[str, datetime]] = set()
        self.samples: dict[str, int] = {}
        self.last_at: dict[str, datetime] = {}

    def look(self) -> None:
        """At what is live, then at what is acknowledged."""
        self.live |= {
            (device["id"], datetime.fromisoformat(reading["at"]))
            for device in self._fetch(f"{self._api}/state")["devices"]
            for reading in device["readings"]
        }
        for signal in self._fetch(f"{self._api}/signals"):
            self.samples[f"{signal['device']} {signal['signal']}"] = signal["samples"]
            last_at = datetime.fromisoformat(signal["last_at"])
            before = self.last_at.get(signal["device"], last_at)
            self.last_at[signal["device"]] = max(before, last_at)

    def look_on(self, times: int) -> None:
        for _ in range(times):
            self._pause.wait(LOOK_EVERY_S)
            self.look()

    def has_stored_since(self, began_at: datetime) -> bool:
        self.look_on(1)
        return any(at >= began_at for at in self.last_at.values())


def test_f33_however_often_the_gateway_is_killed_no_acknowledged_sample_is_lost(
    start: Start, fetch: Fetch, site: Path, soak: float, until: Until
) -> None:
    moments, before, pause = random.Random(33), Life(fetch, ""), threading.Event()
    for _ in range(max(5, round(KILLS * soak))):
        began_at = datetime.now(UTC)
        gateway = start("run", site, "--port", "0")
        life = Life(fetch, re.findall(r"http://[\d.:]+", gateway.line())[0])
        life.look()
        require_all_of(before, life)
        until(lambda life=life, began_at=began_at: life.has_stored_since(began_at))
        life.look_on(moments.randrange(MOST_LOOKS))
        pause.wait(moments.uniform(0.0, LOOK_EVERY_S))  # the kill may fall between any two looks
        gateway.process.kill()
        gateway.close()
        before = life
    assert sum(before.samples.values()) > SOURCES


def require_all_of(before: Life, after: Life) -> None:
    """Every acknowledged sample is still there, and every live reading from before the newest of them."""
    short = {name: n for name, n in before.samples.items() if after.samples.get(name, 0) < n}
    assert short == {}
    lost = {
        (device, at)
        for device, at in before.live
        if device in before.last_at
        and at <= before.last_at[device]
        and after.last_at.get(device, datetime.min.replace(tzinfo=UTC)) < at
    }
    assert lost == set()


@pytest.fixture
def dtus(start: Start) -> list[int]:
    simulators = [
        start("simulate", "hoymiles", "--at", "2026-06-21T11:00Z", "--seed", str(n + 1))
        for n in range(SOURCES)
    ]
    return [json.loads(simulator.line())["port"] for simulator in simulators]


@pytest.fixture
def site(dtus: list[int], tmp_path: Path) -> Path:
    tables = [
        f'[[device]]\nname = "roof{n}"\nurl = "hoymiles://127.0.0.1:{port}"\n' for n, port in enumerate(dtus)
    ]
    path = tmp_path / "site.toml"
    path.write_text("\n".join(tables))
    return path
