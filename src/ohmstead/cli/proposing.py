"""The site file that discovery proposes: valid as it stands, and ready to be made one's own."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ohmstead.kit.console import printable
from ohmstead.model import Found

LOCAL_TIME: Final = Path("/etc/localtime")
ZONES: Final = "/zoneinfo/"
LONGEST_TITLE: Final = 120


def proposal(found: Iterable[Found]) -> str:
    """What a device is stands above it. What still needs something is there as a comment."""
    found = list(found)
    lines = ["[site]", 'name = "Home"', f'time_zone = "{time_zone()}"']
    seen: Counter[str] = Counter()
    for one in found:
        if not one.needs:
            seen[one.family] += 1
            name = one.family if seen[one.family] == 1 else f"{one.family}-{seen[one.family]}"
            lines += ["", f"# {_title(one)}", *_table(name, one.url)]
    for one in found:
        if one.needs:
            wanted = " and ".join(one.needs)
            table = [f"# {line}" for line in _table(one.family, one.url)]
            lines += ["", f"# {_title(one)}", f"# Needs {wanted}:", *table]
    return "\n".join(lines) + "\n"


def _table(name: str, url: str) -> list[str]:
    return ["[[device]]", f'name = "{name}"', f'url = "{url}"']


def _title(found: Found) -> str:
    """Devices say anything, and it stays in its line."""
    return printable(found.title).replace("\n", " ")[:LONGEST_TITLE]


def time_zone() -> str:
    """This machine's, by its name; UTC where it has none."""
    told = os.environ.get("TZ", "").removeprefix(":")
    linked = str(LOCAL_TIME.resolve()).partition(ZONES)[2]
    for name in filter(None, (told, linked)):
        try:
            return ZoneInfo(name.removeprefix("Etc/") if name == "Etc/UTC" else name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return "UTC"
