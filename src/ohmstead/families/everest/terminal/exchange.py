"""One connection as a person uses it: any method, known or not, and everything that comes."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

import msgspec

from ohmstead.families.everest.config import websocket_url
from ohmstead.families.everest.terminal.telling import Heard
from ohmstead.families.everest.wire import Announcement, Answer, Failure, read_answers, written
from ohmstead.families.everest.wire.problem import Code
from ohmstead.families.everest.wire.text import Unreadable, decoded
from ohmstead.kit.link.messages import Message, MessageLink
from ohmstead.model import BadAnswer, Refused, TimedOut

PROTOCOL: Final = "EVerestRpcApi"
ANSWER_S: Final = 12.0
"""A current may take a charge point 5 s, and a slow one more."""
TOKEN_VARIABLE: Final = "OHMSTEAD_TOKEN"  # noqa: S105 - the variable's name
Saw = Callable[[str, bytes], None]
"""Is shown each frame with its direction, "<" or ">"."""


class Exchange:
    def __init__(self, link: MessageLink) -> None:
        self._link = link
        self._next = 0
        self._heard: deque[Heard] = deque()

    async def ask(self, method: str, params: Mapping[str, object] | Sequence[object] | None = None) -> object:
        """The result. Raises `Refused` with the server's code, and `TimedOut`."""
        self._next += 1
        await self._link.send(Message(written(method, self._next, params), is_text=True))
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._answer(method, self._next)
        except TimeoutError as error:
            raise TimedOut(f"{method} was not answered within {ANSWER_S:g} s.") from error

    async def announcements(self) -> AsyncIterator[Heard]:
        """Everything that is announced, for ever."""
        while True:
            while self._heard:
                yield self._heard.popleft()
            for incoming in read_answers((await self._link.receive()).data):
                if isinstance(incoming, Announcement):
                    self._hear(incoming)

    async def greet(self, extensions: Sequence[str], token: str) -> object:
        """With what our servers understand, if anything is wanted of it; a reference is then greeted as it likes."""
        wanted: dict[str, object] = {"extensions": list(extensions)} if extensions else {}
        if token:
            wanted["token"] = token
        if wanted:
            try:
                return await self.ask("API.Hello", wanted)
            except Refused as refusal:
                if refusal.code != Code.INVALID_PARAMETER:
                    raise
        return await self.ask("API.Hello")

    async def _answer(self, method: str, id_: int) -> object:
        while True:
            for incoming in read_answers((await self._link.receive()).data):
                match incoming:
                    case Answer(id=found, result=result) if found == id_:
                        return _document(method, result)
                    case Failure(id=found, problem=problem) if found in (id_, None):
                        raise Refused(f"{method}: {problem.message} ({problem.code}).", code=problem.code)
                    case Announcement():
                        self._hear(incoming)

    def _hear(self, announcement: Announcement) -> None:
        self._heard.append(Heard(announcement.method, _document(announcement.method, announcement.params)))


def _document(method: str, data: msgspec.Raw) -> object:
    """What a server sent, whatever it is. Raises `BadAnswer` for texts that are none."""
    found = decoded(data) if bytes(data) else None
    if isinstance(found, Unreadable):
        raise BadAnswer(f"{method}: no JSON: {found.reason}.")
    return found


@asynccontextmanager
async def exchanging(
    host: str, *, extensions: Sequence[str] = (), fingerprint: str = "", saw: Saw | None = None
) -> AsyncIterator[tuple[Exchange, object]]:
    """A connection that has greeted, and what was greeted back. The token is taken from the environment."""
    from ohmstead.kit.link.websocket import websocket  # noqa: PLC0415 - for those who connect, not for help

    url, tls = websocket_url(host), None
    if url.startswith("wss"):
        from ohmstead.kit.link.tls import trusting_context  # noqa: PLC0415 - only for those who encrypt

        tls = trusting_context(pinned=fingerprint)
    async with websocket(url, protocols=(PROTOCOL,), tls=tls, tap=saw)() as link:
        exchange = Exchange(link)
        yield exchange, await exchange.greet(extensions, os.environ.get(TOKEN_VARIABLE, ""))
