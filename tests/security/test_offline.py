"""S1, S24, S25: a fresh start listens to nobody else, tells nobody anything, and needs no internet."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

pytestmark = pytest.mark.process

PATIENCE_S: Final = 60.0
ANSWERS: Final = 30
"""Of all devices together, until we have seen enough."""
PROGRAM: Final = """
import json, sys, urllib.request
from pathlib import Path

def asked(path):
    with urllib.request.urlopen(sys.argv[1] + "/api/v1/" + path) as answer:
        return json.load(answer)

def counted():
    lines = Path("/proc/net/dev").read_text().splitlines()[2:]
    return {line.split(":")[0].strip(): sum(map(int, (line.split(":")[1].split()[1], line.split(":")[1].split()[9]))) for line in lines}

def listening():
    found = []
    for file in ("/proc/net/tcp", "/proc/net/tcp6", "/proc/net/udp", "/proc/net/udp6"):
        path = Path(file)
        for line in path.read_text().splitlines()[1:] if path.exists() else ():
            _, local, _, state = line.split()[:4]
            if state == "0A" or "udp" in file:
                found.append(local.rsplit(":", 1)[0])
    return sorted(set(found))

answered = {device["id"]: device["last_good_at"] for device in asked("devices")}
print(json.dumps({"health": asked("health"), "answered": answered, "packets": counted(), "listening": listening()}))
"""
LOOPBACK: Final = {"0100007F", "00000000000000000000000001000000"}
"""127.0.0.1 and ::1, as the kernel writes them."""


@pytest.fixture
def alone() -> tuple[str, ...]:
    """The words that start a program in a network of its own, in which only loopback is up."""
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("a network namespace needs root, unshare and ip")
    words = ("unshare", "--net", "--")
    if subprocess.run([*words, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this kernel gives no network namespace here")
    return words


@pytest.fixture
def demo(alone: tuple[str, ...], tmp_path: Path) -> Iterator[tuple[int, str]]:
    """A demo home in a network of its own: its process, and where it is served there."""
    ohmstead = Path(sys.executable).with_name("ohmstead")
    command = f"ip link set lo up && exec {ohmstead} demo --port 8420 --speed 1 --no-browser"
    with subprocess.Popen(
        [*alone, "sh", "-c", command],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as started:
        assert started.stdout is not None
        line = started.stdout.readline()
        assert "http://127.0.0.1:8420" in line
        yield started.pid, "http://127.0.0.1:8420"
        started.terminate()
        started.wait(PATIENCE_S)


def test_a_default_start_sends_no_packet_off_the_host_and_works_without_internet(
    demo: tuple[int, str], until: Callable[[Callable[[], object]], object]
) -> None:
    pid, url = demo
    asked = ["nsenter", "--target", str(pid), "--net", sys.executable, "-c", PROGRAM, url]
    answers: set[tuple[str, str]] = set()
    found: dict[str, Any] = {}  # Any: JSON

    def have_all_answered_often() -> bool:
        said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        found.update(json.loads(said))
        answers.update(found["answered"].items())
        return set(found["health"]["devices"]) == {"good"} and len(answers) >= ANSWERS

    until(have_all_answered_often)
    assert found["health"]["is_good"] is True
    others = {name: count for name, count in found["packets"].items() if name != "lo"}
    assert set(others.values()) <= {0}, others
    assert found["packets"]["lo"] > 100
    assert set(found["listening"]) <= LOOPBACK
