"""Recordings of what passes a source's link."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from ohmstead.api import recordings
from ohmstead.api.asks import CaptureAsk, DecodedAsk, RecordAsk
from ohmstead.api.contract import Route
from ohmstead.gateway import CaptureInfo, DecodedCapture
from ohmstead.kit.tokens import Scope

ROUTES: Final[tuple[Route, ...]] = (
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
)
