"""One account at the cloud: calls with a token that renews itself, tried again where that is safe, within budgets."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from random import Random
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlencode

import msgspec

from ohmstead.families.franklinwh.client.auth import Auth, PasswordAuth, TokenStore
from ohmstead.families.franklinwh.client.limits import Limits
from ohmstead.families.franklinwh.client.spending import Spending
from ohmstead.families.franklinwh.client.tokens import Tokens
from ohmstead.families.franklinwh.client.transport import Transport
from ohmstead.families.franklinwh.errors import InvalidResponse, LoginUnanswered
from ohmstead.families.franklinwh.facts.body_codes import TOKEN_REFUSED, BodyCode
from ohmstead.families.franklinwh.facts.endpoints import LOGIN, LOGOUT, SEND_MQTT, Cost, Endpoint
from ohmstead.families.franklinwh.wire.answers import Answer, judged
from ohmstead.families.franklinwh.wire.login import FORM, LANGUAGE, login_form, read_token
from ohmstead.kit.block import Block
from ohmstead.kit.link import retry

NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
SOFTWARE: Final = "APP2.11.0"
"""The version of the vendor's app that we speak as; some answers may depend on it."""
JSON: Final = "application/json"


class Session:
    def __init__(
        self,
        auth: Auth,
        transport: Transport,
        spending: Spending,
        limits: Limits,
        *,
        store: TokenStore | None = None,
        software: str = SOFTWARE,
    ) -> None:
        self.block = Block("the client of the FranklinWH account")
        self._random = Random()
        self.tokens = Tokens(auth, self._log_in, limits, store, spending.logins)
        self.spending = spending
        self.counts: Counter[str] = Counter()
        """Calls by the name of their endpoint, since the start."""
        self.waited_s = 0.0
        """For the cloud, all calls together."""
        self.limits = limits
        self._transport = transport
        self._software = software
        self._who: dict[str, object] = {}
        """What the cloud wants to be told at a logout."""

    async def call(
        self,
        endpoint: Endpoint,
        *,
        gateway: str = "",
        query: Mapping[str, object] = NOTHING,
        body: Mapping[str, object] | bytes | None = None,
        is_write: bool | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """One call and its answer, if that is a yes; the errors of the family otherwise."""
        self.block.require()
        sent = _Sent(
            method=endpoint.method,
            path=_target(endpoint, gateway, tuple([(key, str(value)) for key, value in query.items()])),
            body=_body(endpoint.method, body),
            name=endpoint.name,
            timeout_s=timeout_s or self.limits.timeout_s(endpoint.cost),
            tries=1 if (endpoint.is_write if is_write is None else is_write) else self.limits.tries,
            is_tunnel=endpoint is SEND_MQTT,
        )
        token, generation = await self.tokens.current()
        answer = await self._ask(sent, token)
        if answer.code in TOKEN_REFUSED:
            answer = await self._ask(sent, await self.tokens.newer_than(generation))
        return judged(answer)

    async def log_out(self) -> None:
        """Make the token invalid, here and there."""
        await self.call(LOGOUT, body=self._who)
        self.tokens.forget()

    async def _ask(self, sent: _Sent, token: str) -> Answer:
        headers = {"loginToken": token, "softwareversion": self._software, "Accept": JSON}
        if sent.body:
            headers["Content-Type"] = sent.content_type

        async def once() -> Answer:
            self.block.require()
            if (left_s := self.spending.quiet_s()) > 0:
                return Answer(code=BodyCode.BUSY, retry_after_s=left_s)
            await self.spending.book(is_tunnel=sent.is_tunnel)
            self.counts[sent.name] += 1
            with self._waiting():
                return await self._transport.send(
                    sent.method, sent.path, headers=headers, body=sent.body, timeout_s=sent.timeout_s
                )

        answer = await (
            retry(once, attempts=sent.tries, first_s=self.limits.first_wait_s, random=self._random)
            if sent.tries > 1
            else once()
        )
        if answer.code == BodyCode.BUSY:
            return msgspec.structs.replace(answer, retry_after_s=self.spending.refused(answer.retry_after_s))
        self.spending.accepted()
        return answer

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Count the time until the block ends."""
        since_s = asyncio.get_running_loop().time()
        try:
            yield
        finally:
            self.waited_s += asyncio.get_running_loop().time() - since_s

    async def _log_in(self, auth: PasswordAuth) -> str:
        sent = _Sent(
            method=LOGIN.method,
            path=LOGIN.path,
            body=login_form(auth.email, auth.password, auth.account_type),
            name=LOGIN.name,
            timeout_s=self.limits.timeout_s(Cost.DATABASE),
            tries=self.limits.tries,
            content_type=FORM,
        )
        try:
            answer = await self._ask(sent, "")
            token = read_token(answer)
        except InvalidResponse as error:
            raise LoginUnanswered(f"the login got no proper answer: {error}") from error
        self._who = {
            "userId": answer.result.get("userId"),
            "account": auth.email,
            "accountType": auth.account_type,
        }
        return token


class _Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A request, ready to be sent more than once."""

    method: str
    path: str
    body: bytes | None
    name: str
    timeout_s: float
    tries: int
    is_tunnel: bool = False
    content_type: str = JSON


@lru_cache(maxsize=256)
def _target(endpoint: Endpoint, gateway: str, query: tuple[tuple[str, str], ...]) -> str:
    """The path with its query; the gateway and the language go with every call about one."""
    about = {endpoint.serial_key: gateway, "lang": LANGUAGE} if endpoint.serial_key and gateway else {}
    parameters = about | dict(query)
    return f"{endpoint.path}?{urlencode(parameters, quote_via=quote)}" if parameters else endpoint.path


def _body(method: str, body: Mapping[str, object] | bytes | None) -> bytes | None:
    """A POST without a body says so by its length: some servers on the way refuse it otherwise."""
    if isinstance(body, Mapping):
        return msgspec.json.encode(dict(body))
    return b"" if body is None and method == "POST" else body
