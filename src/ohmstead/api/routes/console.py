"""A family's raw calls."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from ohmstead.api import console
from ohmstead.api.console import CallAsk, CallView, ConsoleView
from ohmstead.api.contract import Route
from ohmstead.kit.tokens import Scope

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        method="GET",
        path="/console",
        scope=Scope.READ,
        handler=console.console,
        answer=tuple[ConsoleView, ...],
        summary="The raw calls of each source's family, with what they take.",
    ),
    Route(
        method="POST",
        path="/console",
        scope=Scope.READ,
        handler=console.call,
        ask=CallAsk,
        answer=CallView,
        summary="Make a raw call. One that changes something needs the scope admin, and its owner's consent.",
        problems=(
            HTTPStatus.NOT_FOUND,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.SERVICE_UNAVAILABLE,
            HTTPStatus.GATEWAY_TIMEOUT,
        ),
    ),
)
