"""A browser comes in with a token once, and gets a cookie that no script can read."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from aiohttp import web

from ohmstead.api.asking import ask_of
from ohmstead.api.asks import SessionAsk
from ohmstead.api.callers import CALLER, HOST_PREFIX, SESSION, SESSION_S, Caller, Door
from ohmstead.api.contract import Nothing, Route
from ohmstead.gateway import Gateway
from ohmstead.kit.tokens import Scope


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    """Of the token, or "this machine" where none is needed."""
    scopes: tuple[Scope, ...]


def view(caller: Caller) -> SessionView:
    return SessionView(name=caller.name, scopes=tuple(scope for scope in Scope if scope in caller.scopes))


async def who(_gateway: Gateway, _: Nothing) -> SessionView:
    return view(CALLER.get())


async def open_session(request: web.Request, route: Route, door: Door) -> web.Response:
    """Raises `Declined` for a token that is none."""
    ask = msgspec.convert(await ask_of(request, route), SessionAsk)
    token = door.judged(request, ask.token.strip())
    response = _answer(view(Caller(token.name, frozenset(token.scopes), token)))
    response.set_cookie(
        _name(request),
        door.open_session(token),
        max_age=SESSION_S,
        secure=request.secure,
        httponly=True,
        samesite="Strict",
    )
    return response


async def close_session(request: web.Request, door: Door) -> web.Response:
    door.close_session(request)
    response = web.Response(status=HTTPStatus.NO_CONTENT)
    response.del_cookie(_name(request), secure=request.secure, httponly=True, samesite="Strict")
    return response


def _name(request: web.Request) -> str:
    return HOST_PREFIX + SESSION if request.secure else SESSION


def _answer(found: SessionView) -> web.Response:
    return web.Response(body=msgspec.json.encode(found), content_type="application/json")
