"""The contract: everything the API can be asked, one entry each. Routes, checks and OpenAPI come from here."""

from __future__ import annotations

from typing import Final

from ohmstead.api.contract import Route
from ohmstead.api.routes import captures, commands, console, now, past, site
from ohmstead.api.routes.now import CLOSE_SESSION, LIVE, OPEN_SESSION

__all__ = ["CLOSE_SESSION", "LIVE", "OPEN_SESSION", "ROUTES"]

ROUTES: Final[tuple[Route, ...]] = (
    *now.ROUTES,
    *past.ROUTES,
    *commands.ROUTES,
    *captures.ROUTES,
    *site.ROUTES,
    *console.ROUTES,
    LIVE,
)
