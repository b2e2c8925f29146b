"""Follows the site file while the site runs: a good one is taken over, a bad one leaves the last good one in force."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final, NoReturn

from ohmstead.gateway.disk import LedgerError
from ohmstead.gateway.gateway import Gateway
from ohmstead.gateway.site_file import read_site_file
from ohmstead.model import ConfigError

LOOK_EVERY_S: Final = 2.0
"""Wire time. Looking costs one call to the file system."""

Mark = tuple[int, int, int]
log = logging.getLogger(__name__)


async def follow_file(gateway: Gateway) -> NoReturn:
    """A site that was never in a file is left alone."""
    path = gateway.site_file.path
    seen: Mark | None = None  # it may have been written since it was read: a gateway takes its time to open
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        mark = _mark(path)
        if mark is not None and mark != seen:
            seen = await _taken_over(gateway, path, mark, seen)


async def _taken_over(gateway: Gateway, path: Path, mark: Mark, seen: Mark | None) -> Mark | None:
    """The file as it was looked at; or as it was before, to be looked at again soon."""
    try:
        await _take_over(gateway, path)
    except ConfigError as error:
        gateway.config_problem = str(error)
        log.warning("the changed site file is not used, the last good one stays in force: %s", error)
    except LedgerError as error:
        problem = f"The site file has changed, and is followed as soon as that is possible: {error}"
        if problem != gateway.config_problem:
            log.warning("%s", problem)
        gateway.config_problem = problem
        return seen
    return mark


async def _take_over(gateway: Gateway, path: Path) -> None:
    """Raises `ConfigError` for what is in the file, and `LedgerError` for what cannot be read of what it names."""
    before, found = gateway.site_file, read_site_file(path, faces=gateway.site_file.faces)
    await gateway.follow(found)
    if found != before:
        log.info("the site file has changed, and is followed")


def _mark(path: Path) -> Mark | None:
    """Changes whenever the file does. None: there is none now, as between the two steps of some editors."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
