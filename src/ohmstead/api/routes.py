"""The contract: everything the API can be asked, one entry each. Routes, checks and OpenAPI come from here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from ohmstead.api import answers, energy, past, sessions
from ohmstead.api.asks import CommandAsk, DeviceAsk, EnergyAsk, HistoryAsk, LedgerAsk, SessionAsk
from ohmstead.api.contract import Route
from ohmstead.api.messages import LiveMessage
from ohmstead.api.sessions import SessionView
from ohmstead.api.views import DeviceView, HealthView, SeriesView, SignalView, StateView
from ohmstead.gateway import Entry
from ohmstead.kit.tokens import Scope
from ohmstead.model import Receipt

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
    problems=(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
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
        scope=Scope.READ,
        handler=answers.device,
        ask=DeviceAsk,
        answer=DeviceView,
        summary="One device. The slash in its id may stand as it is.",
        problems=(HTTPStatus.NOT_FOUND,),
    ),
    Route(
        method="GET",
        path="/signals",
        scope=Scope.READ,
        handler=answers.signals,
        answer=tuple[SignalView, ...],
        summary="What the history remembers.",
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Route(
        method="GET",
        path="/history",
        scope=Scope.READ,
        handler=past.history,
        ask=HistoryAsk,
        answer=SeriesView,
        summary=f"One signal over time, today at the site unless asked otherwise; at most {past.MOST_POINTS} points.",
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Route(
        method="GET",
        path="/energy",
        scope=Scope.READ,
        handler=energy.energy,
        ask=EnergyAsk,
        answer=energy.EnergyView,
        summary="Which source fed which sink, with cost and emissions; today at the site unless asked otherwise.",
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Route(
        method="GET",
        path="/commands",
        scope=Scope.READ,
        handler=answers.ledger,
        ask=LedgerAsk,
        answer=tuple[Entry, ...],
        summary="The ledger of commands, newest first.",
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Route(
        method="POST",
        path="/commands",
        scope=Scope.CONTROL,
        handler=answers.command,
        ask=CommandAsk,
        answer=Receipt,
        summary="Ask a device for something within its envelope; answers when the device has been read back.",
        status=answers.command_status,
        statuses={
            HTTPStatus.OK: "Done: confirmed, acknowledged, or `different` from what was asked; `outcome` says which.",
            HTTPStatus.ACCEPTED: "It left, and nobody knows what became of it: read the device before asking again.",
        },
        problems=(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
    ),
    LIVE,
)
