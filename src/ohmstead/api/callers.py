"""Who is asking: known by a token, by a browser's session that a token opened, or by being on this machine."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from contextvars import ContextVar
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

import msgspec
from aiohttp import web

from ohmstead.api.problems import Declined
from ohmstead.kit.tokens import Gate, Scope, Token, Verdict

SESSION: Final = "ohmstead"
"""The cookie's name; under TLS with the prefix by which browsers refuse it from anybody else."""
HOST_PREFIX: Final = "__Host-"
SESSION_S: Final = 7 * 86_400
MOST_SESSIONS: Final = 1_000
FORWARDING: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP")
"""A proxy says with these that somebody else asks, wherever it runs itself."""

NEEDED: Final = "This needs a token: make one with `ohmstead token create`, and send it as Bearer."
REASONS: Final = {
    Verdict.INVALID: "This token is not known, or not any more.",
    Verdict.EXPIRED: "This token has expired; make a new one with `ohmstead token create`.",
}


class Caller(msgspec.Struct, frozen=True):
    name: str
    """For the ledger."""
    scopes: frozenset[Scope]
    token: Token | None = None


class _Session(msgspec.Struct, frozen=True):
    token: Token
    until_s: float
    """On the loop's clock: that a browser forgets its cookie in time is nothing to rely on."""


CALLER: Final[ContextVar[Caller]] = ContextVar("caller")
"""Of the request that is being answered."""


class Door:
    """One for all requests, so that sessions and failures are known to all of them."""

    def __init__(self, gate: Gate, loopback_scopes: frozenset[Scope]) -> None:
        self._gate = gate
        self._local = Caller("this machine", loopback_scopes)
        self._sessions: OrderedDict[str, _Session] = OrderedDict()

    def caller(self, request: web.Request) -> Caller:
        """Raises `Declined` for a token or session that is none, and for somebody who has neither and needs one."""
        if (text := _bearer(request)) is not None:
            return self._of_token(self.judged(request, text))
        name = request.cookies.get(HOST_PREFIX + SESSION) or request.cookies.get(SESSION)
        if name is not None and (session := self._sessions.get(name)) is not None:
            is_over = asyncio.get_running_loop().time() >= session.until_s
            if not is_over and self._gate.still(session.token) is Verdict.GOOD:
                return self._of_token(session.token)
            del self._sessions[name]
        if is_local(request):
            return self._local
        raise Declined(HTTPStatus.UNAUTHORIZED, NEEDED)

    def judged(self, request: web.Request, text: str) -> Token:
        """A token that is good. Raises `Declined`."""
        judgement = self._gate.judge(text, request.remote or "?")
        if judgement.verdict is Verdict.DELAYED:
            raise Declined(
                HTTPStatus.TOO_MANY_REQUESTS,
                "Too many wrong tokens came from this address.",
                retry_after_s=max(1, round(judgement.wait.total_seconds())),
            )
        if judgement.verdict is not Verdict.GOOD or judgement.token is None:
            raise Declined(HTTPStatus.UNAUTHORIZED, REASONS[judgement.verdict])
        return judgement.token

    def is_still_in(self, caller: Caller) -> bool:
        """Of a connection that stands."""
        return caller.token is None or self._gate.still(caller.token) is Verdict.GOOD

    def open_session(self, token: Token) -> str:
        """For a browser, which then holds no token. Returns what its cookie is to say."""
        name = secrets.token_urlsafe(32)
        self._sessions[name] = _Session(token, asyncio.get_running_loop().time() + SESSION_S)
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return name

    def close_session(self, request: web.Request) -> None:
        for name in (HOST_PREFIX + SESSION, SESSION):
            self._sessions.pop(request.cookies.get(name, ""), None)

    @staticmethod
    def _of_token(token: Token) -> Caller:
        return Caller(token.name, frozenset(token.scopes), token)


def is_local(request: web.Request) -> bool:
    """Whether a program on this machine asks, and for itself."""
    try:
        address = ip_address(request.remote or "")
    except ValueError:
        return False
    return address.is_loopback and not any(name in request.headers for name in FORWARDING)


def _bearer(request: web.Request) -> str | None:
    """Never from the URL, which ends up in logs and histories."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else None


def require(caller: Caller, scope: Scope) -> None:
    """Raises `Declined`."""
    if scope in caller.scopes:
        return
    if caller.token is None:
        raise Declined(HTTPStatus.UNAUTHORIZED, NEEDED)
    raise Declined(HTTPStatus.FORBIDDEN, f"This needs the scope {scope}, which {caller.name} does not have.")
