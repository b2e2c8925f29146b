"""Who asks, and how the home is now."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from ohmstead.api import answers, sessions
from ohmstead.api.asks import DeviceAsk, SessionAsk
from ohmstead.api.contract import Route
from ohmstead.api.messages import LiveMessage
from ohmstead.api.sessions import SessionView
from ohmstead.api.views import DeviceView, HealthView, StateView
from ohmstead.kit.tokens import Scope

LIVE: Final = Route(
    method="GET",
    path="/live",
    scope=Scope.READ,
    handler=None,
    answer=LiveMessage,
    summary="A WebSocket: the whole state first, then the devices that changed, with the flows. The server pings.",
    statuses={HTTPStatus.SWITCHING_PROTOCOLS: "JSON text messages of this shape follow."},
    problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
)

OPEN_SESSION: Final = Route(
    method="POST",
    path="/session",
    scope=None,
    handler=None,
    ask=SessionAsk,
    answer=SessionView,
    summary="Come in with a token from a browser, which gets a cookie that no script can read.",
)
CLOSE_SESSION: Final = Route(
    method="DELETE",
    path="/session",
    scope=None,
    handler=None,
    answer=None,
    summary="Leave.",
    statuses={HTTPStatus.NO_CONTENT: "The cookie opens nothing any more."},
)

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        method="GET",
        path="/health",
        scope=None,
        handler=answers.health,
        answer=HealthView,
        summary="Whether the gateway is well, for whoever watches over it.",
    ),
    Route(
        method="GET",
        path="/session",
        scope=Scope.READ,
        handler=sessions.who,
        answer=SessionView,
        summary="Who is asking, and what may be asked.",
    ),
    OPEN_SESSION,
    CLOSE_SESSION,
    Route(
        method="GET",
        path="/state",
        scope=Scope.READ,
        handler=answers.state,
        answer=StateView,
        summary="The home now: flows, and every device. Sources are positive when they feed the home.",
    ),
    Route(
        method="GET",
        path="/devices",
        scope=Scope.READ,
        handler=answers.devices,
        answer=tuple[DeviceView, ...],
        summary="Every device with its health, readings, details and abilities.",
    ),
    Route(
        method="GET",
        path="/devices/{id}",
        id_pattern="(?!try$).+",  # it holds a slash of its own
        scope=Scope.READ,
        handler=answers.device,
        ask=DeviceAsk,
        answer=DeviceView,
        summary="One device. The slash in its id may stand as it is.",
        problems=(HTTPStatus.NOT_FOUND,),
    ),
)
