"""What runs beside a benchmark in a process of its own: published programs, servers, and a fresh interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

sys.path.append(str(Path(__file__).parents[1] / "tools"))

from peers import peer_python

__all__ = ["child", "importing_ms", "late", "peer_python", "said", "serving"]

FRESH: Final = 7
HOME: Final = Path(__file__).with_name("site_home.py")


@contextmanager
def serving(script: str, *arguments: str, given: str = "") -> Iterator[int]:
    """The port of a server, which `script` prints first; `given` is what it reads from its input."""
    command = [sys.executable, "-c", script, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(given)
        process.stdin.close()
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def importing_ms(statement: str, *, python: Path = Path(sys.executable), after: str = "pass") -> float:
    """In a fresh interpreter that has done `after`, the best of some."""
    script = (
        f"import time; {after}; s = time.perf_counter(); {statement}; print((time.perf_counter() - s) * 1000)"
    )
    # As installed: whoever tells Python to write no bytecode would measure the compiler.
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return min(float(subprocess.check_output([python, "-c", script], env=surroundings)) for _ in range(FRESH))


@contextmanager
def child(role: str, folder: str) -> Iterator[subprocess.Popen[str]]:
    """The home of twelve devices: its `devices`, or its `gateway`."""
    with subprocess.Popen(
        [sys.executable, HOME, role, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def late(gateway: subprocess.Popen[str], seconds: float) -> list[float]:
    """By how many seconds whatever was due in the gateway's loop at any moment began too late."""
    assert gateway.stdin is not None
    gateway.stdin.write(f"late {seconds}\n")
    gateway.stdin.flush()
    found: list[float] = json.loads(said(gateway))
    return found
