"""EVerest's interface beside a plain program of `websockets` and `json` in an environment of its own, in the same run.

Two questions: the processor time of one call at its asking end, typed values and all; and that of telling one of many
clients something, by the server while one of them never reads, and by a WebSocket alone. The floor is the same bytes over
bare transports of asyncio. All take turns, and what is printed is the best of each.

Run again with: .venv/bin/python benchmarks everest
"""

from __future__ import annotations

import asyncio
import os
import sys

from everest_calling import calling_us
from everest_telling import sending_us, telling_us

KIBIBYTE = "x" * 1024


def main() -> None:
    print(f"{'':44}{'floor':>9}{'peer':>9}{'ours':>9}{'ratio':>8}{'goal':>8}")
    print_row("CPU of a call and its typed answer, us", asyncio.run(calling_us()), "1.5x")
    told = asyncio.run(telling_us(200))
    print_row("CPU of news for one of 200 clients, us", told)
    print_rates("the same a core-second, thousands", told)
    print_rates("1 KiB to 100 clients a core-second, thousands", asyncio.run(sending_us(100, KIBIBYTE)))
    loads = " ".join(f"{load:.1f}" for load in os.getloadavg())
    print(f"load of the machine: {loads} on {os.cpu_count()} cores")


def print_row(name: str, took_us: list[float], goal: str = "") -> None:
    floor, theirs, ours = took_us
    print(f"{name:45}{floor:8.1f}{theirs:9.1f}{ours:9.1f}{theirs / ours:7.1f}x{goal:>8}")


def print_rates(name: str, took_us: list[float]) -> None:
    floor, theirs, ours = (1e3 / each for each in took_us)
    print(f"{name:45}{floor:8.0f}{theirs:9.0f}{ours:9.0f}{ours / theirs:7.1f}x{'100':>8}")


if __name__ == "__main__":
    sys.exit(main())
