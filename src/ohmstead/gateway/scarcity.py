"""What this process runs out of. Devices need it more than visitors do, so those are asked to leave before it is gone."""

from __future__ import annotations

import logging
import mmap
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from ohmstead.model import Clock
from ohmstead.polling import Finding, Trouble

RESERVE: Final = 160
"""Descriptors that stay for devices and files. The kernel may let in as many visitors at once before one is looked at."""
LEAST_SHARE: Final = 0.25
"""Of a limit that is low, which is the reserve then."""
FULL_SHARE: Final = 0.92
"""Of the memory that may be had."""
TOLD_FOR: Final = timedelta(hours=1)
PROCESS: Final = Path("/proc/self")
GROUPS: Final = Path("/sys/fs/cgroup")

log = logging.getLogger(__name__)


class Scarcity:
    """Looks when it is asked to, and remembers what it saw for those who ask what was wrong."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._words = self._memory = ""
        self._since: datetime | None = None
        self._last: datetime | None = None

    def look(self) -> str:
        """What there is too little of, in words; empty while there is enough of everything."""
        self._memory = short_of_memory()
        words = short_of_descriptors() or self._memory
        now = self._clock.now()
        if words:
            if self._last is None or now - self._last > TOLD_FOR:
                self._since = now
                log.warning("%s Visitors are turned away, devices are not.", words)
            self._words, self._last = words, now
        return words

    def allows_another(self) -> bool:
        """Whether there is room for one more visitor, going by the last look where a new one would cost too much."""
        return not (self._memory or short_of_descriptors())

    def findings(self) -> tuple[Finding, ...]:
        """What was short within the last hour."""
        if self._last is None or self._since is None or self._clock.now() - self._last > TOLD_FOR:
            return ()
        words = f"{self._words} Pages were turned away for it, and devices were not: close some, or raise that limit."
        return (Finding(trouble=Trouble.SHORT, words=words, since=self._since),)


def short_of_descriptors() -> str:
    """The kernel hands out the lowest number that is free: a high one means that those below are in use."""
    if (limit := _limit("RLIMIT_NOFILE")) is None:
        return ""
    kept = min(RESERVE, int(limit * LEAST_SHARE))
    try:
        number = os.open(os.devnull, os.O_RDONLY)
    except OSError:
        return f"No file or connection can be opened any more, of {limit}."
    os.close(number)
    return (
        f"The last {kept} of {limit} files and connections have been reached."
        if number >= limit - kept
        else ""
    )


def short_of_memory() -> str:
    """By the limit of this process, and of the group that the system runs it in."""
    for used, limit in (*_own_bytes(), *_group_bytes()):
        if used > limit * FULL_SHARE:
            return f"{used >> 20} MiB of the {limit >> 20} MiB of memory that may be had are in use."
    return ""


def _limit(name: str) -> int | None:
    """Of this process; None where there is none, or no such thing on this system."""
    try:
        import resource  # noqa: PLC0415 - not every system has one
    except ImportError:
        return None
    limit, _ = resource.getrlimit(getattr(resource, name))
    return None if limit == resource.RLIM_INFINITY else limit


def _own_bytes() -> Iterator[tuple[int, int]]:
    if (limit := _limit("RLIMIT_AS")) is not None:
        with suppress(OSError):  # not every system tells
            pages = int((PROCESS / "statm").read_text().split()[0])
            yield pages * mmap.PAGESIZE, limit


def _group_bytes() -> Iterator[tuple[int, int]]:
    """What is cached of files can be had back, and does not count."""
    with suppress(OSError, ValueError):  # no such group, or "max", which is no limit
        name = (PROCESS / "cgroup").read_text().strip().rpartition("::/")[2]
        limit = int((GROUPS / name / "memory.max").read_text())
        used = int((GROUPS / name / "memory.current").read_text())
        told = dict(line.split() for line in (GROUPS / name / "memory.stat").read_text().splitlines())
        yield used - int(told.get("inactive_file", 0)) - int(told.get("active_file", 0)), limit
