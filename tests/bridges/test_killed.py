"""The whole program with a broker in its site file, and what others hear when it is killed."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from listener import listening
from mosquitto import Mosquitto, free_port

from ohmstead.families.hoymiles.simulator import simulate
from ohmstead.kit.world import World
from ohmstead.model import RealClock, SimulatorOptions

pytestmark = pytest.mark.process

OHMSTEAD: Final = Path(sys.executable).with_name("ohmstead")
SITE: Final = """
[[device]]
url = "hoymiles://127.0.0.1:{device}"
name = "roof"

[mqtt]
host = "127.0.0.1"
port = {broker}
"""


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [OHMSTEAD, "run", "site.toml", "--port", str(free_port()), "--data", "data"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, env={**os.environ, "HOME": str(folder)}
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_gateway_that_is_killed_is_offline_by_its_last_will_and_comes_back(
    tmp_path: Path, broker: Mosquitto
) -> None:
    async def live() -> None:
        async with (
            simulate(SimulatorOptions(), World(RealClock())) as simulator,
            listening(broker.port) as ear,
        ):
            device = next(iter(simulator.endpoints.values()))
            (tmp_path / "site.toml").write_text(SITE.format(device=device, broker=broker.port))
            with running(tmp_path) as process:
                await ear.heard(lambda: ear.newest.get("ohmstead/status") == b"online")
                await ear.heard(lambda: totals(ear.newest))
                process.kill()
                await ear.heard(lambda: ear.newest.get("ohmstead/status") == b"offline")
            before = totals(ear.newest)
            with running(tmp_path):
                await ear.heard(lambda: ear.newest.get("ohmstead/status") == b"online")
                await ear.heard(lambda: b"online" in availabilities(ear.newest))
            after = totals(ear.newest)
            assert before
            assert all(after[topic] >= total for topic, total in before.items())

    asyncio.run(live())


def availabilities(newest: dict[str, bytes]) -> list[bytes]:
    return [text for topic, text in newest.items() if topic.endswith("/availability")]


def totals(newest: dict[str, bytes]) -> dict[str, float]:
    told = {topic: json.loads(text) for topic, text in newest.items() if topic.endswith("/state")}
    return {
        topic: found["solar"]["energy_wh"]
        for topic, found in told.items()
        if found.get("solar", {}).get("energy_wh") is not None
    }
