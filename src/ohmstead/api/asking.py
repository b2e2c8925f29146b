"""From a request to what it asks: typed, bounded, with a sentence for whoever got it wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
from aiohttp import web

from ohmstead.api.contract import Ask, Route
from ohmstead.api.problems import Declined

LONGEST_BODY: Final = 64 * 1024
BODY_S: Final = 10.0
"""For a body to arrive; a client that drips it is let go."""


async def ask_of(request: web.Request, route: Route) -> Ask:
    """Raises `Declined`."""
    if route.has_body:
        return await _ask_of_body(request, route.ask)
    return _ask_of_url(request, route.ask)


def _ask_of_url(request: web.Request, kind: type[Ask]) -> Ask:
    values: dict[str, str] = dict(request.match_info)
    for name, value in request.query.items():
        if name in values:
            raise Declined(HTTPStatus.BAD_REQUEST, f"{name!r} is given twice.")
        values[name] = value
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Declined(HTTPStatus.BAD_REQUEST, f"{error}.") from error


async def _ask_of_body(request: web.Request, kind: type[Ask]) -> Ask:
    # No page of another host can send this type without asking first, and we never say yes.
    if request.content_type != "application/json":
        raise Declined(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body is to be JSON: Content-Type: application/json."
        )
    if request.query:
        raise Declined(HTTPStatus.BAD_REQUEST, "This takes a JSON body and no query.")
    if "Content-Encoding" in request.headers:
        raise Declined(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body is to come unpacked, so small as it is.")
    try:
        async with asyncio.timeout(BODY_S):
            body = await request.read()
    except TimeoutError:
        raise Declined(HTTPStatus.REQUEST_TIMEOUT, f"The body did not arrive within {BODY_S:g} s.") from None
    try:
        if not request.match_info:
            return msgspec.json.decode(body, type=kind)
        return msgspec.convert(_with_path(request.match_info, body), kind)
    except msgspec.ValidationError as error:
        raise Declined(HTTPStatus.BAD_REQUEST, f"{error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Declined(HTTPStatus.BAD_REQUEST, f"The body is no valid JSON: {error}.") from error


def _with_path(path: Mapping[str, str], body: bytes) -> dict[str, Any]:  # Any: JSON
    """What the path says, and what the body adds: nothing, if it is empty. Raises `Declined`."""
    added = msgspec.json.decode(body, type=dict[str, Any]) if body.strip() else {}
    if twice := path.keys() & added:
        raise Declined(HTTPStatus.BAD_REQUEST, f"{min(twice)!r} is given twice.")
    return {**path, **added}
