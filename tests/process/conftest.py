from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

OHMSTEAD = str(Path(sys.executable).with_name("ohmstead"))
PATIENCE_S = 60.0
ENDING_S = 40.0
"""Less than the minute that an HTTP server gives its visitors, and more than a busy machine needs."""


@pytest.fixture(scope="session", autouse=True)
def terminal() -> None:
    """A shell's background job ignores Ctrl-C and so would our children; the user of these tests has a terminal."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class Running:
    """A command that runs until it is told to stop, as a user has it in a terminal."""

    def __init__(self, *arguments: str, directory: Path) -> None:
        self.process = subprocess.Popen(
            [OHMSTEAD, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=directory,
            env=environment(directory),
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self.errors: list[str] = []
        self._readers = [
            threading.Thread(target=self._read_lines, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def line(self) -> str:
        """The next line it prints. Raises `AssertionError` when there is none, at once if it has ended."""
        with suppress(queue.Empty):
            if line := self._lines.get(timeout=PATIENCE_S):
                return line
        raise AssertionError(f"it says nothing; on stderr: {''.join(self.errors)}")

    @property
    def cpu_s(self) -> float:
        """That it has used of the processor."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code. Who waits for peers that keep their connections would not end in time."""
        self.process.send_signal(number)
        code = self.process.wait(ENDING_S)
        for reader in self._readers:
            reader.join(PATIENCE_S)
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader, stream in zip(self._readers, (self.process.stdout, self.process.stderr), strict=True):
            reader.join(PATIENCE_S)
            assert stream is not None
            stream.close()

    def _read_lines(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self.errors.extend(self.process.stderr)


def environment(directory: Path) -> Mapping[str, str]:
    """A home directory of its own, and no display."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "TZ") if name in os.environ}
    return {**kept, "HOME": str(directory), "TMPDIR": str(directory)}


Ohmstead = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., Running]


@pytest.fixture
def ohmstead(tmp_path: Path) -> Ohmstead:
    """Runs one command to its end."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [OHMSTEAD, *arguments],
            capture_output=True,
            check=False,
            cwd=tmp_path,
            env=environment(tmp_path),
            text=True,
            timeout=2 * PATIENCE_S,
        )

    return run


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts commands that run on, and ends what a test left running."""
    started: list[Running] = []

    def begin(*arguments: str) -> Running:
        running = Running(*arguments, directory=tmp_path)
        started.append(running)
        return running

    yield begin
    for running in started:
        running.close()


@pytest.fixture
def dtu(start: Start) -> int:
    """The port of a simulated DTU on a June noon."""
    simulator = start(
        "simulate", "hoymiles", "--at", "2026-06-21T11:00:00Z", "--speed", "60", "--control", "0"
    )
    port: int = json.loads(simulator.line())["port"]
    return port


@pytest.fixture
def busy_site(start: Start, tmp_path: Path) -> Path:
    """The site file of three simulated devices: a roof, and two chargers at work."""
    simulated = {
        "roof": ("hoymiles", "--at", "2026-06-21T11:00Z"),
        "drive": ("tesla-wall-connector", "--plugged", "--latency", "none"),
        "workshop": ("everest", "--car", "hlc", "--plugged"),
    }
    starting = {name: start("simulate", *arguments) for name, arguments in simulated.items()}
    tables = [
        f'[[device]]\nname = "{name}"\nurl = "{simulated[name][0]}://127.0.0.1:{json.loads(simulator.line())["port"]}"\n'
        for name, simulator in starting.items()
    ]
    path = tmp_path / "site.toml"
    path.write_text("\n".join(tables))
    return path


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Taken, so that nobody else gets it, and not listened to."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def fetch() -> Callable[..., Any]:  # Any: JSON
    """Gets a URL, or posts a document to it, and returns the document it answers with."""
    return fetched


@pytest.fixture
def eventually(until: Callable[..., Any]) -> Callable[..., Any]:  # Any: JSON
    """Fetches a URL until its answer is as wanted, and returns that."""

    def fetch_until(
        url: str, holds: Callable[[Any], object], patience_s: float = PATIENCE_S
    ) -> Any:  # Any: JSON
        last: Any = None

        def look() -> Any:  # Any: JSON, in a tuple because it may be empty
            nonlocal last
            try:
                last = fetched(url)
            except URLError as error:
                last = error
                return ()
            return (last,) if holds(last) else ()

        try:
            return until(look, patience_s)[0]
        except AssertionError:
            raise AssertionError(f"after {patience_s:g} s {url} still says {last}") from None

    return fetch_until


def fetched(url: str, body: object = None) -> Any:  # Any: JSON
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 - our own address
    with urlopen(request, timeout=PATIENCE_S) as response:  # noqa: S310 - as above
        return json.load(response)
