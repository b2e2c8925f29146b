"""How soon a gateway that was killed has its first sample again: from starting it until the first live reading, and until a
sample is durably stored. Beside it what the machine makes of a bare interpreter that imports aiohttp.

Run again with: .venv/bin/python benchmarks survival
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.request import urlopen

import msgspec
from machine import load_words

OHMSTEAD: Final = str(Path(sys.executable).with_name("ohmstead"))
KILLS: Final = 30
LIVES_S: Final = 0.5
"""After its first stored sample, and until its kill."""
LOOK_EVERY_S: Final = 0.02
DEVICES: Final = {
    "roof": ("hoymiles", "--at", "2026-06-21T11:00Z"),
    "drive": ("tesla-wall-connector", "--plugged", "--latency", "none"),
    "workshop": ("everest", "--car", "hlc", "--plugged"),
}
FLOOR: Final = (sys.executable, "-c", "import aiohttp.web, msgspec")
Json = Any  # Any: JSON


class Start(msgspec.Struct, frozen=True):
    """Seconds after the start of the process."""

    serving_s: float
    live_s: float
    stored_s: float
    floor_s: float


def main() -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        site = Path(name) / "site.toml"
        site.write_text("\n".join(table(device, stack) for device in DEVICES), encoding="utf-8")
        start(site)  # which makes the files
        starts = [start(site) for _ in range(KILLS)]
    print(f"{KILLS} starts after a kill -9, {len(DEVICES)} devices; {load_words()}")
    print(f"{'':28}{'median':>9}{'p95':>9}{'worst':>9}  goal")
    print_line("a bare import of aiohttp", [found.floor_s for found in starts])
    print_line("it answers", [found.serving_s for found in starts])
    print_line("first live sample", [found.live_s for found in starts], "3 s")
    print_line("first sample stored", [found.stored_s for found in starts], "3 s")


def print_line(title: str, taken_s: list[float], goal: str = "") -> None:
    p95_s = sorted(taken_s)[round(0.95 * len(taken_s)) - 1]
    print(f"{title:28}{median(taken_s):7.2f} s{p95_s:7.2f} s{max(taken_s):7.2f} s  {goal}".rstrip())


def table(device: str, stack: ExitStack) -> str:
    """Of a device that a simulator is from now on."""
    family, *options = DEVICES[device]
    said = json.loads(stack.enter_context(running("simulate", family, *options)))
    return f'[[device]]\nname = "{device}"\nurl = "{family}://127.0.0.1:{said["port"]}"\n'


def start(site: Path) -> Start:
    """And kill it again. The floor is measured right before."""
    began_s = time.perf_counter()
    subprocess.run(FLOOR, check=True)
    floor_s = time.perf_counter() - began_s
    began_at, began_s = datetime.now(UTC), time.perf_counter()
    with running("run", str(site), "--port", "0") as line:
        serving_s = time.perf_counter() - began_s
        api = f"{re.findall(r'http://[0-9.:]+', line)[0]}/api/v1"
        while not any(is_since(began_at, reading["at"]) for reading in live(api)):
            time.sleep(LOOK_EVERY_S)
        live_s = time.perf_counter() - began_s
        while not any(is_since(began_at, signal["last_at"]) for signal in fetched(f"{api}/signals")):
            time.sleep(LOOK_EVERY_S)
        stored_s = time.perf_counter() - began_s
        time.sleep(LIVES_S)
    return Start(serving_s, live_s, stored_s, floor_s)


@contextmanager
def running(*arguments: str) -> Iterator[str]:
    """The first line that a command says. It ends as by `kill -9`."""
    command = [OHMSTEAD, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline()
        finally:
            process.kill()


def live(api: str) -> list[Json]:
    return [reading for device in fetched(f"{api}/state")["devices"] for reading in device["readings"]]


def is_since(began_at: datetime, text: str) -> bool:
    return datetime.fromisoformat(text) >= began_at


def fetched(url: str) -> Json:
    with urlopen(url) as response:  # noqa: S310 - our own address
        return json.load(response)


if __name__ == "__main__":
    main()
