"""What another program that holds the gateway's files, as a backup may, does to its event loop: how late is whatever is due
meanwhile, beside the minute before, and beside a bare timer in a process of its own. Questions to the history and to the
ledger come all the while, and wait.

    python benchmarks/locked.py [SECONDS]

Twelve devices at their natural pace, as in `site`. Goal: the loop is never blocked for more than 50 ms, and nothing is lost.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final
from urllib.request import urlopen

from children import child, late, said
from machine import bare_timer, centiles_words, load_words

from ohmstead.app.demo import DATA
from ohmstead.gateway.opening import HISTORY, LEDGER

SETTLING_S: Final = 15.0
ASKED_EVERY_S: Final = 1.0
QUESTIONS: Final = ("signals", "commands", "state")
HOLD: Final = """
import sqlite3, sys
connections = [sqlite3.connect(path, isolation_level=None) for path in sys.argv[1:]]
for connection in connections:
    connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def main(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder, child("devices", folder) as devices:
        said(devices)
        with child("gateway", folder) as gateway:
            api = f"{said(gateway)}/api/v1"
            time.sleep(SETTLING_S)
            with asking(api):
                free = measured(gateway, seconds)
                with held(Path(folder) / DATA):
                    locked = measured(gateway, seconds)
                    error = fetched(f"{api}/health")["history_error"]
    print(f"twelve devices, {seconds:.0f} s without and with a lock on both files; {load_words()}")
    for title, (gateway_s, bare_s) in (("free", free), ("locked", locked)):
        print(f"{title:8}{centiles_words(gateway_s)}")
        print(f"{'':8}{centiles_words(bare_s)} of a bare timer in a process of its own, meanwhile")
    print(f"said meanwhile: {error or 'nothing'}")


def measured(gateway: subprocess.Popen[str], seconds: float) -> tuple[list[float], list[float]]:
    """The gateway's loop, and a bare timer."""
    with bare_timer() as bare_late_s:
        return late(gateway, seconds), bare_late_s()


@contextmanager
def held(folder: Path) -> Iterator[None]:
    command = [sys.executable, "-c", HOLD, str(folder / HISTORY), str(folder / LEDGER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert said(process) == "held"
        yield
        assert process.stdin is not None
        process.stdin.close()


@contextmanager
def asking(api: str) -> Iterator[None]:
    """Each question again and again, whether or not it is answered soon."""
    is_over = Event()

    def ask(question: str) -> None:
        while not is_over.wait(ASKED_EVERY_S):
            fetched(f"{api}/{question}")

    threads = [Thread(target=ask, args=(question,)) for question in QUESTIONS]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def fetched(url: str) -> Any:  # Any: JSON
    with urlopen(url) as response:  # noqa: S310 - our own address
        return json.load(response)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
