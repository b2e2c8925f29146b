"""The contract: everything the API can be asked, one entry each. Routes, checks and OpenAPI come from here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from ohmstead.api import answers, energy, past, recordings, sessions
from ohmstead.api.asks import (
    CaptureAsk,
    CommandAsk,
    DecodedAsk,
    DeviceAsk,
    EnergyAsk,
    HistoryAsk,
    LedgerAsk,
    RecordAsk,
    SessionAsk,
)
from ohmstead.api.contract import Route
from ohmstead.api.messages import LiveMessage
from ohmstead.api.sessions import SessionView
from ohmstead.api.views import DeviceView, HealthView, SeriesView, SignalView, StateView
from ohmstead.gateway import CaptureInfo, DecodedCapture, Entry
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
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
    ),
    Route(
        method="GET",
        path="/captures",
        scope=Scope.READ,
        handler=recordings.captures,
        answer=tuple[CaptureInfo, ...],
        summary="What was recorded of the traffic with devices, newest first.",
    ),
    Route(
        method="POST",
        path="/captures",
        scope=Scope.ADMIN,
        handler=recordings.record,
        ask=RecordAsk,
        answer=CaptureInfo,
        summary="Record what passes between us and a source from now on, secrets blanked. Its polling goes on as ever.",
        problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
    Route(
        method="POST",
        path="/captures/{id}/stop",
        scope=Scope.ADMIN,
        handler=recordings.stop,
        ask=CaptureAsk,
        answer=CaptureInfo,
        summary="End a recording now.",
        problems=(HTTPStatus.NOT_FOUND,),
    ),
    Route(
        method="DELETE",
        path="/captures/{id}",
        scope=Scope.ADMIN,
        handler=recordings.delete,
        ask=CaptureAsk,
        answer=None,
        summary="Delete a recording; one that runs is ended.",
        statuses={HTTPStatus.NO_CONTENT: "It is gone."},
        problems=(HTTPStatus.NOT_FOUND,),
    ),
    Route(
        method="GET",
        path="/captures/{id}/file",
        scope=Scope.ADMIN,
        handler=recordings.file,
        ask=CaptureAsk,
        answer=bytes,
        content_type="application/x-ndjson",
        summary="A recording, to keep or to send: `ohmstead replay` reads it.",
        problems=(HTTPStatus.NOT_FOUND,),
    ),
    Route(
        method="GET",
        path="/captures/{id}/decoded",
        scope=Scope.ADMIN,
        handler=recordings.decoded,
        ask=DecodedAsk,
        answer=DecodedCapture,
        summary="The newest frames of a recording, in words.",
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
    LIVE,
)
