"""Around every request: host and origin first, and at the end nothing but an answer or a problem document."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from ohmstead.api.asking import LONGEST_BODY
from ohmstead.api.hosts import (
    LOOPBACK_NAMES,
    is_loopback,
    require_own_host,
    require_own_origin,
    require_own_page,
)
from ohmstead.api.pacing import Pace
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


def guard(network_names: Collection[str], pace: Pace, heard: Callable[[web.Request], None]) -> Middleware:
    """`network_names` are those under which other machines know us; `heard` is told of each request."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        heard(request)
        try:
            names = LOOPBACK_NAMES if came_by_loopback(request) else network_names
            require_own_host(request.headers.get("Host", ""), names)
            require_own_origin(request.headers.get("Origin"), request.headers["Host"])
            require_own_page(request.path, request.headers.get("Sec-Fetch-Site"))
            pace.take(request.remote or "?", asyncio.get_running_loop().time())
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
    headers = {}
    if (after_s := retry_after_s(error)) is not None:
        headers["Retry-After"] = str(after_s)
    if found.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="ohmstead"'
    return respond(found, headers)


def came_by_loopback(request: web.Request) -> bool:
    """Whether the connection was made to an address that only this machine reaches."""
    address = request.transport.get_extra_info("sockname") if request.transport is not None else None
    return address is not None and is_loopback(str(address[0]))


def respond(found: Problem, headers: dict[str, str]) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(found), status=found.status, content_type=CONTENT_TYPE, headers=headers
    )
