from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.process, pytest.mark.soak]

Start = Callable[..., Any]  # Any: the conftest's Running, and JSON
Fetch = Callable[..., Any]

SOURCES = 3
KILLS = 1_000
LOOK_EVERY_S = 0.2
"""A gateway answers each caller only so often."""
LIVES_S = (0.0, 2.5)
"""After the first sample: commits, seals and polls fall into this part of a life."""
TO_FIRST_SAMPLE_S = 3.0
AT_WORST_S = 15.0
"""On a machine that does much else at the time."""
UNACKNOWLEDGED_S = 2.0


class Life:
    """One run of the gateway: the instants of live readings it showed, and what its history said it had."""

    def __init__(self, fetch: Fetch, url: str) -> None:
        self._fetch = fetch
        self._api = f"{url}/api/v1"
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
        time.sleep(LOOK_EVERY_S)

    def has_sample_since(self, began_at: datetime) -> bool:
        self.look()
        return any(at >= began_at for _, at in self.live)


def test_f33_however_often_the_gateway_is_killed_no_acknowledged_sample_is_lost(
    start: Start, fetch: Fetch, site: Path, soak: float
) -> None:
    moments, before, killed_at = random.Random(33), Life(fetch, ""), datetime.now(UTC)
    starts_s: list[float] = []
    for _ in range(max(5, round(KILLS * soak))):
        began_s, began_at = time.monotonic(), datetime.now(UTC)
        gateway = start("run", site, "--port", "0")
        life = Life(fetch, re.findall(r"http://[\d.:]+", gateway.line())[0])
        life.look()
        require_all_of(before, life, killed_at)
        while not life.has_sample_since(began_at):
            assert time.monotonic() - began_s < AT_WORST_S
        starts_s.append(time.monotonic() - began_s)
        dies_at_s = time.monotonic() + moments.uniform(*LIVES_S)
        while time.monotonic() < dies_at_s:
            life.look()
        gateway.process.kill()
        killed_at = datetime.now(UTC)
        gateway.close()
        before = life
    assert sum(before.samples.values()) > SOURCES
    assert min(starts_s) < TO_FIRST_SAMPLE_S  # what others on the machine add is not ours


def require_all_of(before: Life, after: Life, killed_at: datetime) -> None:
    """Every acknowledged sample, and every one that was not among the last two seconds'."""
    short = {name: n for name, n in before.samples.items() if after.samples.get(name, 0) < n}
    assert short == {}
    latest = killed_at - timedelta(seconds=UNACKNOWLEDGED_S)
    lost = {
        (device, at)
        for device, at in before.live
        if at <= latest and (device not in after.last_at or after.last_at[device] < at)
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
