"""What one connection is allowed: by the token it showed, in the upgrade, in its greeting or with a call, in this order.

Whoever shows a token is judged by it, also where nobody needs one: a token that was revoked must not fall back to what
everybody may.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from ohmstead.families.everest.schema.methods import Method
from ohmstead.families.everest.server.settings import RpcSettings
from ohmstead.families.everest.wire import Code, Problem
from ohmstead.kit.tokens import Gate, Judgement, Scope, Token, Verdict

BEARER: Final = "bearer "
ANONYMOUS: Final = "anonymous"
MISSING: Final = "missing"


class Access:
    """Asked again with each call: a token may end at any moment."""

    def __init__(
        self, settings: RpcSettings, gate: Gate | None, peer: str, headers: Mapping[str, str]
    ) -> None:
        self._settings = settings
        self._gate = gate
        self._address = peer
        self._anonymous = settings.anonymous(is_local=is_local(peer))
        self._anonymous_reads = Scope.READ in self._anonymous
        self._shown = self._judged(_bearer(headers))
        self._greeted: Judgement | None = None
        self._with_calls: tuple[str, Judgement] | None = None
        self.is_guessing = False
        """Whether so many wrong tokens came from this address that they are not looked at any more."""

    def greeted(self, token: str) -> None:
        """A token came with the greeting."""
        if self._shown is None:
            self._greeted = self._judged(token)

    @property
    def user(self) -> str:
        match self._known():
            case Judgement(verdict=Verdict.GOOD, token=Token(name=name)):
                return name
            case _:
                return ANONYMOUS

    @property
    def is_authenticated(self) -> bool:
        return self.user != ANONYMOUS

    @property
    def scopes(self) -> tuple[Scope, ...]:
        return self._scopes(self._known())

    def may_read(self) -> bool:
        """Whether it is told of changes: asked for each client and each of them."""
        if self._shown is None and self._greeted is None:
            return self._anonymous_reads
        return Scope.READ in self.scopes

    def problem(self, method: Method, token: str | None) -> Problem | None:
        """Why a call that came with this token, or with none, is not carried out."""
        needed = self._settings.needed(method)
        if needed is None:
            return None
        judged = self._known() or self._judged_with_call(token)
        if needed in self._scopes(judged):
            return None
        if judged is None and self._settings.authentication:
            return _not_authenticated(MISSING)
        if judged is not None and judged.verdict is not Verdict.GOOD:
            self.is_guessing = judged.verdict is Verdict.DELAYED
            reason = Verdict.EXPIRED if judged.verdict is Verdict.EXPIRED else Verdict.INVALID
            wait_s = judged.wait.total_seconds()
            return _not_authenticated(reason.value, **({"retry_after_s": wait_s} if wait_s else {}))
        return Problem(Code.SCOPE_MISSING, "permission scope missing", {"needed": needed.value})

    def _scopes(self, judged: Judgement | None) -> tuple[Scope, ...]:
        if judged is None:
            return self._anonymous
        if judged.verdict is not Verdict.GOOD or judged.token is None:
            return ()
        return judged.token.scopes

    def _known(self) -> Judgement | None:
        """Of the token of the connection, as it is now."""
        return self._now(self._shown or self._greeted)

    def _now(self, judged: Judgement | None) -> Judgement | None:
        if judged is None or judged.verdict is not Verdict.GOOD or judged.token is None or self._gate is None:
            return judged
        return Judgement(self._gate.still(judged.token), judged.token)

    def _judged_with_call(self, token: str | None) -> Judgement | None:
        """The same good token is not looked up for each call."""
        if self._with_calls is not None and self._with_calls[0] == token:
            return self._now(self._with_calls[1])
        judged = self._judged(token)
        if token is not None and judged is not None and judged.verdict is Verdict.GOOD:
            self._with_calls = (token, judged)
        return judged

    def _judged(self, token: str | None) -> Judgement | None:
        if token is None:
            return None
        if self._gate is None:  # no token was ever made
            return Judgement(Verdict.INVALID)
        return self._gate.judge(token, self._address)


def admits(settings: RpcSettings, peer: str, headers: Mapping[str, str]) -> bool:
    """Whether a connection may come from the web page it comes from; programs name none.

    Pages of other machines may not even from a browser on this one: everybody's browser opens any page, and whoever
    comes from this machine is allowed everything.
    """
    origin = headers.get("origin")
    if origin is None or origin in settings.origins:
        return True
    try:
        host = urlsplit(origin).hostname
    except ValueError:  # no address at all: a browser sends none such
        return False
    return is_local(peer) and is_local(host or "")


def is_local(host: str) -> bool:
    """Whether this is an address of the machine itself."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or (
        address.version == 6 and bool(address.ipv4_mapped and address.ipv4_mapped.is_loopback)
    )


def _bearer(headers: Mapping[str, str]) -> str | None:
    said = headers.get("authorization", "")
    return said[len(BEARER) :].strip() if said.lower().startswith(BEARER) else None


def _not_authenticated(reason: str, **more: object) -> Problem:
    return Problem(Code.NOT_AUTHENTICATED, "authentication required", {"reason": reason, **more})
