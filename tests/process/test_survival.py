from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.process, pytest.mark.soak]

Start = Callable[..., Any]  # Any: the conftest's Running, and JSON
Fetch = Callable[..., Any]

SOURCES = 3
KILLS = 100
LIVES_S = (1.5, 4.0)
"""The first polls and their commits fall into this part of a life."""
TO_FIRST_ANSWER_S = 3.0


def acknowledged(fetch: Fetch, url: str) -> dict[str, int]:
    """How many samples of each signal the history says it has."""
    return {
        f"{signal['device']} {signal['signal']}": signal["samples"]
        for signal in fetch(f"{url}/api/v1/signals")
    }


def test_no_acknowledged_sample_is_lost_however_often_the_gateway_is_killed(
    start: Start, fetch: Fetch, dtus: list[int], tmp_path: Path, soak: float
) -> None:
    tables = [
        f'[[device]]\nname = "roof{n}"\nurl = "hoymiles://127.0.0.1:{port}"\n' for n, port in enumerate(dtus)
    ]
    (tmp_path / "site.toml").write_text("\n".join(tables))
    instants = random.Random(1)
    known: dict[str, int] = {}
    for _ in range(max(5, round(KILLS * soak))):
        began_s = time.monotonic()
        gateway = start("run", "--port", "0")
        url = re.findall(r"http://[\d.:]+", gateway.line())[0]
        found = acknowledged(fetch, url)
        assert time.monotonic() - began_s < TO_FIRST_ANSWER_S
        assert {
            signal: found.get(signal, 0) for signal in known if found.get(signal, 0) < known[signal]
        } == {}
        dies_at_s = time.monotonic() + instants.uniform(*LIVES_S)
        while time.monotonic() < dies_at_s:
            known = acknowledged(fetch, url)
        gateway.process.kill()
        gateway.close()
    assert sum(known.values()) > SOURCES


@pytest.fixture
def dtus(start: Start) -> list[int]:
    simulators = [
        start("simulate", "hoymiles", "--at", "2026-06-21T11:00Z", "--seed", str(n + 1))
        for n in range(SOURCES)
    ]
    return [json.loads(simulator.line())["port"] for simulator in simulators]
