"""The published client `givenergy-modbus`, unmodified, in an environment and processes of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

HERE: Final = Path(__file__).parent
PATIENCE_S: Final = 120.0
PLANTS: Final = (
    "hybrid-gen1",
    "hybrid-gen2",
    "ac",
    "all-in-one",
    "hybrid-hv-gen3",
    "hybrid-3ph",
    "ems",
    "gateway",
)


@pytest.fixture(scope="session")
def peer(peer_python: Callable[[str], Path]) -> Path:
    return peer_python("givenergy-modbus")


class Served:
    """Plants of ours in a process of their own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.ports: dict[str, int] = self._line()

    def state(self, model: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{model}\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


@contextmanager
def serving(latency: str, *models: str) -> Iterator[Served]:
    with subprocess.Popen(
        [sys.executable, str(HERE / "serve_plants.py"), latency, *models],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Served(process)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def run_peer(peer: Path, what: str, ports: dict[str, int]) -> dict[str, Any]:
    result = subprocess.run(
        [peer, HERE / "peer_session.py", what, *(f"{model}={port}" for model, port in ports.items())],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="session")
def met(peer: Path) -> Iterator[dict[str, Any]]:
    """What the client found on every plant, all met at the same time, and what the plants say of it."""
    with serving("none", *PLANTS) as served:
        said = run_peer(peer, "meet", served.ports)
        yield {**said, "states": {model: served.state(model) for model in PLANTS}}


@pytest.fixture(scope="session")
def crowd(peer: Path) -> Iterator[dict[str, Any]]:
    """Two of its clients and one of ours at once on a plant that takes its usual time, and the vendor's cloud."""
    with serving("fixed", "hybrid-gen1") as served, beside(served.ports["hybrid-gen1"]) as ours:
        said = run_peer(peer, "crowd", served.ports)
        yield {**said, "ours": ours(), "state": served.state("hybrid-gen1")}


@contextmanager
def beside(port: int) -> Iterator[Callable[[], dict[str, Any]]]:
    """Our client, in a process of its own; what is yielded waits for what it says."""
    command = [sys.executable, str(HERE / "our_session.py"), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield lambda: json.loads(process.communicate(timeout=PATIENCE_S)[0])
