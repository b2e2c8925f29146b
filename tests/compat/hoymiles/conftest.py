"""The published client `hoymiles-wifi`, unmodified, in an environment and processes of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

import pytest

ROOT: Final = Path(__file__).parents[3]
ENVIRONMENT: Final = ROOT / ".venvs" / "hoymiles-wifi"
REQUIREMENTS: Final = ("hoymiles-wifi==0.6.0", "protobuf", "crcmod")
COMPLETE: Final = ENVIRONMENT / ".complete"
HOST: Final = "127.81.0.1"
"""A loopback address of our own: the client's port is fixed, so the address is what sets us apart."""
PORT: Final = 10081
PATIENCE_S: Final = 60.0
INSTALLING_S: Final = 300.0


class Simulated:
    """A DTU of ours, and its control interface."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self._control = f"http://127.0.0.1:{ready['control']}"

    def state(self) -> dict[str, Any]:
        return self._fetched("/state")

    def act(self, action: str, **parameters: object) -> dict[str, Any]:
        return self._fetched(f"/{action}", json.dumps(parameters).encode())

    def _fetched(self, path: str, body: bytes | None = None) -> dict[str, Any]:
        request = Request(self._control + path, body, {"Content-Type": "application/json"})  # noqa: S310 - ours
        with urlopen(request, timeout=PATIENCE_S) as response:  # noqa: S310 - as above
            found: dict[str, Any] = json.load(response)
        return found


@pytest.fixture(scope="session")
def peer() -> Path:
    """Its command, installed when it is not there yet. What cannot be installed cannot be tested: that skips."""
    if not COMPLETE.exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        installed = subprocess.run(
            [ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", *REQUIREMENTS],
            capture_output=True,
            text=True,
            check=False,
            timeout=INSTALLING_S,
        )
        if installed.returncode != 0:
            pytest.skip(f"hoymiles-wifi cannot be installed: {installed.stderr.strip()[-300:]}")
        COMPLETE.touch()
    return ENVIRONMENT / "bin" / "hoymiles-wifi"


@pytest.fixture
def simulated() -> Iterator[Simulated]:
    """A DTU on a clear June noon, with a meter."""
    command = [str(Path(sys.executable).with_name("ohmstead")), "simulate", "hoymiles"]
    command += [
        "--host",
        HOST,
        "--port",
        str(PORT),
        "--at",
        "2026-06-21T11:00:00Z",
        "--meter",
        "--control",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            simulator = Simulated(json.loads(process.stdout.readline()))
            simulator.act("clear_sky")
            yield simulator
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


@pytest.fixture
def ask(peer: Path, simulated: Simulated) -> Callable[..., Any]:
    """Runs one of the client's commands and gives what it prints, decoded where it prints JSON."""

    def run(command: str, *options: str) -> Any:
        result = subprocess.run(
            [peer, "--host", HOST, "--as-json", "--disable-interactive", *options, command],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        start = result.stdout.find("{")
        assert start >= 0, result.stdout + result.stderr
        return json.loads(result.stdout[start:])

    return run
