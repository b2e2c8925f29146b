"""What the machine and this process are doing, for benchmarks to state beside their numbers."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

BARE_TIMER: Final = """
import sys, threading, time
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
while not stop.is_set():
    due = time.perf_counter() + 0.01
    time.sleep(0.01)
    print(time.perf_counter() - due)
"""


BUSY_TIMER: Final = """
import sys, threading, time
every_s, busy_s = map(float, sys.argv[1:])
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
due, late = time.perf_counter(), []
while not stop.is_set():
    due += every_s
    time.sleep(max(0.0, due - time.perf_counter()))
    late.append(time.perf_counter() - due)
    end = time.thread_time() + busy_s
    while time.thread_time() < end:
        pass
print(*late)
"""


def load_words() -> str:
    """How busy the machine was in the last minute, all programs together."""
    return f"the machine's load is {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def resident_mib(process: str = "self") -> float:
    """The memory of a process that is not swapped out, shared pages included."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def bare_timer() -> Iterator[Callable[[], list[float]]]:
    """A process that does nothing but wake up a hundred times a second; the call ends it and says how late it was, in
    seconds: what the machine makes of any timer meanwhile.
    """
    command = [sys.executable, "-u", "-c", BARE_TIMER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield lambda: [float(line) for line in process.communicate()[0].split()]
        process.kill()


@contextmanager
def busy_timer(every_s: float, busy_s: float) -> Iterator[Callable[[], list[float]]]:
    """The same for a process that has something to do: `busy_s` of the processor whenever `every_s` have passed, in order.
    What the machine makes of any program that does as much.
    """
    command = [sys.executable, "-c", BUSY_TIMER, str(every_s), str(busy_s)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield lambda: [float(number) for number in process.communicate()[0].split()]
        process.kill()


def centiles_words(late_s: Sequence[float]) -> str:
    centiles = statistics.quantiles(late_s, n=100)
    return f"{1000 * centiles[49]:6.2f} ms median, {1000 * centiles[98]:6.1f} ms p99, {1000 * max(late_s):6.1f} ms worst"
