"""Three years of a home of twelve devices, asked through the API of a gateway that runs.

    python benchmarks/three_years.py

The home is made once a day, in var/three-years, and takes about a gigabyte.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as midnight_time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from three_years_home import DEVICES, SIGNALS, YEARS, make, midnight

FOLDER = Path("var/three-years")
ZONE = ZoneInfo("Europe/Berlin")
TIMES = 200
GOAL_MS = 200.0
OHMSTEAD = str(Path(sys.executable).with_name("ohmstead"))


def main() -> int:
    end = midnight(datetime.now(UTC))
    start = end - timedelta(days=365 * YEARS + 1)
    prepare(start, end)
    questions = {
        "a signal's day by minute": lambda: a_day(start, end),
        "a signal's year by day": lambda: a_year(start, end),
        "the energy of a year by day": lambda: energy(start, end, "day", 365),
        "the energy of three years by month": lambda: energy(start, end, "month", 365 * YEARS),
    }
    with gateway() as (ask, process):
        slowest = [measure(name, ask, process, question) for name, question in questions.items()]
    print("run again with: python benchmarks/three_years.py")
    return 0 if max(slowest) < GOAL_MS else 1


def prepare(start: datetime, end: datetime) -> None:
    made = FOLDER / f"made-{end:%Y-%m-%d}"
    if made.exists():
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    data = FOLDER / ".ohmstead"
    data.mkdir(parents=True, mode=0o700)
    (FOLDER / "site.toml").write_text('[site]\nname = "Three years"\ntime_zone = "Europe/Berlin"\n')
    began_s = time.perf_counter()
    samples = asyncio.run(make(data, start, end))
    took_s, size = time.perf_counter() - began_s, (data / "history.sqlite").stat().st_size
    print(f"    made {samples / 1e6:.0f} M samples of {SIGNALS} signals in {took_s:.0f} s")
    print(f"    {size / 1e6:.0f} MB, {size / samples:.2f} B/sample")
    made.touch()


Ask = Callable[[str, dict[str, object]], dict[str, object]]


@contextmanager
def gateway() -> Iterator[tuple[Ask, int]]:
    with subprocess.Popen(
        [OHMSTEAD, "run", "--port", "0"], cwd=FOLDER, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[\d.:]+", process.stdout.readline())
            assert found
            connection = HTTPConnection(urlsplit(found[0]).netloc, timeout=60)

            def ask(path: str, query: dict[str, object]) -> dict[str, object]:
                connection.request("GET", f"/api/v1{path}?{urlencode(query)}")
                response = connection.getresponse()
                body = json.loads(response.read())
                assert response.status == 200, body
                return body

            yield ask, process.pid
        finally:
            process.terminate()


def measure(
    name: str, ask: Ask, process: int, question: Callable[[], tuple[str, dict[str, object], str]]
) -> float:
    took_ms, points, before_ms = list[float](), 0, processor_ms(process)
    for _ in range(TIMES):
        path, query, field = question()
        began_s = time.perf_counter()
        answer = ask(path, query)
        took_ms.append((time.perf_counter() - began_s) * 1000)
        points = len(answer[field])
        assert points
    took_ms.sort()
    p50, p95 = took_ms[TIMES // 2], took_ms[TIMES * 95 // 100]
    each_ms = (processor_ms(process) - before_ms) / TIMES
    print(
        f"    {name:36}{p50:7.1f} ms  p95 {p95:7.1f} ms   goal {GOAL_MS:.0f}   processor {each_ms:5.1f} ms   {points} points"
    )
    return p95


def processor_ms(process: int) -> float:
    """Of the gateway, all in all: what a busy machine does not change."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def a_day(start: datetime, end: datetime) -> tuple[str, dict[str, object], str]:
    first = a_midnight(start, end, 1)
    return "/history", span(first, 1) | a_signal() | {"step_s": 60}, "points"


def a_year(start: datetime, end: datetime) -> tuple[str, dict[str, object], str]:
    return "/history", span(a_midnight(start, end, 365), 365) | a_signal() | {"step_s": 86_400}, "points"


def energy(start: datetime, end: datetime, step: str, days: int) -> tuple[str, dict[str, object], str]:
    return "/energy", span(a_midnight(start, end, days), days) | {"step": step}, "periods"


def a_signal() -> dict[str, object]:
    device, signals = random.choice(DEVICES)
    return {"device": device, "signal": random.choice(signals)}


def a_midnight(start: datetime, end: datetime, days: int) -> date:
    return start.date() + timedelta(days=random.randint(1, max(1, (end - start).days - days - 1)))


def span(first: date, days: int) -> dict[str, object]:
    ends = (first, first + timedelta(days=days))
    begin, end = (datetime.combine(day, midnight_time(), ZONE).isoformat() for day in ends)
    return {"start": begin, "end": end}


if __name__ == "__main__":
    sys.exit(main())
