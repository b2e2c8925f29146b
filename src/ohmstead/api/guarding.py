"""Around every request: host and origin first, and at the end nothing but an answer or a problem document."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from ohmstead.api.asking import LONGEST_BODY
from ohmstead.api.hosts import require_own_host, require_own_origin
from ohmstead.api.problems import CONTENT_TYPE, Problem, problem, problem_of, retry_after_s

log = logging.getLogger(__name__)

DETAILS: Final = {
    HTTPStatus.NOT_FOUND: "There is nothing here; /api/v1/openapi.json lists what there is.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"A body may have {LONGEST_BODY} bytes.",
}


def server_log() -> logging.Logger:
    """For the HTTP server below us. A client that speaks no HTTP is answered, and does not fill our log."""
    found = log.getChild("server")
    found.addFilter(_is_ours)
    return found


def _is_ours(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | web.RequestPayloadError)


def guard(bound: str) -> Middleware:
    """`bound` is the host we listen on."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            require_own_host(request.headers.get("Host", ""), bound)
            require_own_origin(request.headers.get("Origin"), request.headers["Host"])
            return await handler(request)
        except web.HTTPException as refusal:
            return _of_framework(request, refusal)
        except ConnectionResetError:
            raise  # nobody is left to answer
        except Exception as error:  # noqa: BLE001 - the root of a request: the last resort
            return _of_error(request, error)

    return guarded


def _of_framework(request: web.Request, refusal: web.HTTPException) -> web.StreamResponse:
    status = HTTPStatus(refusal.status)
    detail = DETAILS.get(status, status.description)
    headers = {}
    if isinstance(refusal, web.HTTPMethodNotAllowed):
        headers["Allow"] = ", ".join(sorted(refusal.allowed_methods))
        detail = f"{request.path} takes {headers['Allow']}, not {refusal.method[:20]}."
    return respond(problem(status, detail), headers)


def _of_error(request: web.Request, error: Exception) -> web.StreamResponse:
    found = problem_of(error)
    if found.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s %s failed", request.method, request.path, exc_info=error)
    after_s = retry_after_s(error)
    return respond(found, {} if after_s is None else {"Retry-After": str(after_s)})


def respond(found: Problem, headers: dict[str, str]) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(found), status=found.status, content_type=CONTENT_TYPE, headers=headers
    )
