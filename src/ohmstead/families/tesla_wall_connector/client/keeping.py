"""Keeps an access window open as a browser would, on request only, and measures whether that helped.

An open page of the unit was reported to hold the window, pages loaded by a program helped on early 2022 firmware, and
calls of the configuration channel never did. So pages are loaded over one connection, never a call for this purpose.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from statistics import fmean
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator
from ohmstead.families.tesla_wall_connector.errors import PresenceLapsed
from ohmstead.kit.link.http import HttpSession
from ohmstead.model import DeviceError

EVERY_S: Final = 30.0
PRESENCE_EVERY_S: Final = 600.0
FAILURES: Final = 3
MOST_FILES: Final = 20
ENOUGH: Final = 3
"""Attempts with and without before anything is said of the difference."""
BROWSER: Final = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
_NAMED: Final = re.compile(r"""(?:src|href)=["'](/?[\w][\w./-]{0,100})["']""", re.ASCII)


class KeptUntil(StrEnum):
    TIME_OVER = "the time was over"
    LAPSED = "presence lapsed"
    GONE = "three pages in a row failed"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    held_s: float
    pages: int
    failed_pages: int
    until: KeptUntil
    is_kept: bool = True
    """Pages were loaded; else the window was only watched."""
    started_at: datetime | None = None


async def keep_awake(
    session: HttpSession, configurator: Configurator, lasting_s: float, *, is_kept: bool = True
) -> Attempt:
    """Load the pages until the time is over, presence lapses, or three loads in a row have failed.

    Not `is_kept` loads nothing: how long the window lasts by itself, to compare with.
    """
    clock = asyncio.get_running_loop().time
    start_s = clock()
    checked_s, pages, failed, in_a_row = start_s, 0, 0, 0
    until = KeptUntil.TIME_OVER
    while clock() - start_s < lasting_s:
        try:
            pages += await load_page(session) if is_kept else 0
            in_a_row = 0
        except DeviceError:
            failed, in_a_row = failed + 1, in_a_row + 1
        if in_a_row >= FAILURES:
            until = KeptUntil.GONE
            break
        if clock() - checked_s >= PRESENCE_EVERY_S:
            checked_s = clock()
            if not await is_present(configurator):
                until = KeptUntil.LAPSED
                break
        await asyncio.sleep(min(EVERY_S, max(start_s + lasting_s - clock(), 0.0)))
    return Attempt(held_s=clock() - start_s, pages=pages, failed_pages=failed, until=until, is_kept=is_kept)


async def load_page(session: HttpSession) -> int:
    """The front page and the files that it names; how many came."""
    page = await session.get("/", headers=BROWSER)
    names = list(dict.fromkeys(_NAMED.findall(page.body.decode("utf-8", "replace"))))[:MOST_FILES]
    for name in names:
        await session.get("/" + name.removeprefix("/"), headers=BROWSER)
    return 1 + len(names)


async def is_present(configurator: Configurator) -> bool:
    """One call; what is not a refusal of presence says nothing."""
    try:
        await configurator.config()
    except PresenceLapsed:
        return False
    except DeviceError:
        return True
    return True


def verdict(attempts: Sequence[Attempt]) -> str:
    """Whether loading pages helped on one firmware, in words."""
    kept = [attempt.held_s for attempt in attempts if attempt.is_kept]
    watched = [attempt.held_s for attempt in attempts if not attempt.is_kept]
    if len(kept) < ENOUGH or len(watched) < ENOUGH:
        return f"not enough attempts to tell: {len(kept)} with pages, {len(watched)} without"
    with_min, without_min = fmean(kept) / 60, fmean(watched) / 60
    if abs(with_min - without_min) < 1:
        return f"no difference: {with_min:.0f} min with pages and without"
    return f"held {with_min:.0f} min; without it {without_min:.0f} min on this firmware"
