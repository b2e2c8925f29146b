"""Opens a page where somebody can see it."""

from __future__ import annotations

import asyncio
import os
import sys
import webbrowser


def has_display() -> bool:
    """On Linux and its like only a display server shows a browser; elsewhere there always is one."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


async def open_browser(url: str) -> None:
    if has_display():
        await asyncio.to_thread(webbrowser.open, url)
