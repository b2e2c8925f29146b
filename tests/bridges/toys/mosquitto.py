"""A real broker in a process of its own. It keeps nothing over a restart, as a broker that lost its disk."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import threading
import time
from contextlib import suppress
from getpass import getuser
from pathlib import Path
from typing import Final, Self

import pytest

PLACES: Final = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/sbin"
INSTALLING_S: Final = 300.0
STARTING_S: Final = 60.0
LOOPBACK: Final = "127.0.0.1"


class Mosquitto:
    def __init__(self, program: str, folder: Path, *lines: str) -> None:
        """`lines` are of its configuration, beside the listener."""
        self.port = free_port()
        self._program = program
        self._settings = folder / "mosquitto.conf"
        access = () if lines else ("allow_anonymous true",)
        listener = (
            f"listener {self.port} {LOOPBACK}",
            "persistence false",
            "log_dest none",
            f"user {getuser()}",
        )
        self._settings.write_text("\n".join((*listener, *access, *lines)) + "\n")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen([self._program, "-c", self._settings], stderr=subprocess.DEVNULL)
        pause, ends_s = threading.Event(), time.monotonic() + STARTING_S
        while not self._answers():
            assert time.monotonic() < ends_s, "the broker did not start"
            pause.wait(0.02)

    def kill(self) -> None:
        """Without a word to anybody."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((LOOPBACK, self.port)) == 0


def free_port() -> int:
    """None of those that the kernel gives to whoever asks for any, so nobody takes it meanwhile."""
    for port in random.SystemRandom().sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port
    raise AssertionError("no port is free")


def find_mosquitto() -> str:
    """Installed when it is not there and may be. Skips where it cannot be had."""
    if found := shutil.which("mosquitto", path=PLACES):
        return found
    installing = ["apt-get", "install", "--yes", "--quiet", "mosquitto"]
    try:
        done = subprocess.run(installing, capture_output=True, text=True, check=False, timeout=INSTALLING_S)
        reason = done.stderr.strip()[-200:]
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = str(error)
    if found := shutil.which("mosquitto", path=PLACES):
        return found
    pytest.skip(f"there is no mosquitto, and it cannot be installed here: {reason}")
