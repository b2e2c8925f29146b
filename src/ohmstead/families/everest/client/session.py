"""One connection: calls that wait for their answers, matched by id alone, and announcements as they come.

It is the hearer of its link, so that an answer wakes nobody but who waits for it.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, Generic, TypeVar

import msgspec

from ohmstead.families.everest.schema.documents import conforms, deviations
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.methods import NOTIFICATIONS
from ohmstead.families.everest.wire import (
    Announcement,
    Answer,
    Code,
    Failure,
    Incoming,
    Problem,
    read_answers,
    written,
)
from ohmstead.families.everest.wire.text import Id, decoded
from ohmstead.kit.link.messages import Message, MessageLink
from ohmstead.kit.wire import Damage
from ohmstead.model import AuthFailed, BadAnswer, ConnectionLost, OhmsteadError, Refused, TimedOut

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Object)

REMEMBERED: Final = 1000
"""Additions that are told once; a peer that makes up ever new ones is not stored."""


NOT_ALLOWED: Final = frozenset({Code.NOT_AUTHENTICATED, Code.SCOPE_MISSING})


class Additions:
    """Members and texts of a newer server, by their place: kept to be shown, and told once."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def note(self, document: msgspec.Raw, kind: type[Object]) -> None:
        if conforms(kind)(document):
            return
        for found in deviations(decoded(document), kind):
            place = f"{kind.__name__}.{found.place}"
            if found.is_addition and (place in self.seen or len(self.seen) < REMEMBERED):
                if place not in self.seen:
                    log.info("%s %s", place, found.reason)
                self.seen[place] = found.reason


class _Waiting(msgspec.Struct, Generic[R]):
    """A call on its way. `arrived` is told of the result before whoever waits."""

    method: str
    kind: type[R]
    future: asyncio.Future[R]
    arrived: Callable[[R], None] | None
    within_s: float
    due_s: float


class Session:
    """Of a link, from now on; `ended` waits for its end."""

    def __init__(self, link: MessageLink, additions: Additions, announced: Callable[[Object], None]) -> None:
        self.granted: frozenset[str] = frozenset()
        """Extensions: what is announced to who has them may have more members."""
        self._link = link
        self._additions = additions
        self._announced = announced
        self._ids = itertools.count(1)
        self._waiting: dict[Id, _Waiting[Any]] = {}  # Any: each waits for something else
        self._loop = asyncio.get_running_loop()
        self._end: asyncio.Future[ConnectionLost] = self._loop.create_future()
        self._timer: asyncio.TimerHandle | None = None
        link.attach(self)

    async def ended(self) -> ConnectionLost:
        return await asyncio.shield(self._end)

    async def call(
        self,
        method: str,
        params: Mapping[str, object] | None,
        kind: type[R],
        *,
        within_s: float,
        arrived: Callable[[R], None] | None = None,
    ) -> R:
        """The result; `arrived` is told of it in its place among the announcements.

        Raises `Refused` with the server's code, `TimedOut`, `ConnectionLost`, and `BadAnswer` for a result that is
        none.
        """
        if self._end.done():
            raise self._end.result()
        id_ = next(self._ids)
        future: asyncio.Future[R] = self._loop.create_future()
        waiting = _Waiting(method, kind, future, arrived, within_s, self._loop.time() + within_s)
        self._waiting[id_] = waiting
        self._watch(waiting.due_s)
        message = Message(written(method, id_, params), is_text=True)
        try:
            if not self._link.send_now(message):
                await self._send(message, waiting)
            return await future
        finally:
            del self._waiting[id_]

    async def _send(self, message: Message, waiting: _Waiting[R]) -> None:
        """To a server that is behind."""
        try:
            async with asyncio.timeout_at(waiting.due_s):
                await self._link.send(message)
        except TimeoutError:
            raise self._too_late(waiting) from None
        finally:
            if waiting.future.done():
                waiting.future.exception()  # seen, even where sending has failed first

    # --- time ---

    def _watch(self, due_s: float) -> None:
        """One timer for all calls that wait, set for the first of them: none is set for each call."""
        if self._timer is not None and self._timer.when() <= due_s:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(due_s, self._look)

    def _look(self) -> None:
        self._timer = None
        now_s = self._loop.time()
        for waiting in self._waiting.values():
            if waiting.due_s <= now_s:
                _fail(waiting, self._too_late(waiting))
            else:
                self._watch(waiting.due_s)

    def _too_late(self, waiting: _Waiting[R]) -> TimedOut:
        return TimedOut(f"{self._link.peer} did not answer {waiting.method} within {waiting.within_s:g} s.")

    # --- what comes ---

    def hear(self, message: Message) -> None:
        for incoming in read_answers(message.data):
            self._take(incoming)

    def lost(self, error: ConnectionLost) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._end.set_result(error)
        for waiting in self._waiting.values():
            _fail(waiting, error)

    def _take(self, incoming: Incoming) -> None:
        if isinstance(incoming, Damage):
            log.warning("%s sent %s", self._link.peer, incoming.reason)
        elif isinstance(incoming, Announcement):
            self._tell(incoming)
        elif (waiting := self._waiting.get(incoming.id)) is not None:
            self._settle(waiting, incoming)
        else:
            log.debug("%s sent what nobody waits for: %s", self._link.peer, incoming)

    def _tell(self, incoming: Announcement) -> None:
        notification = NOTIFICATIONS.get(incoming.method)
        if notification is None:
            log.debug("%s announced what is not known: %s", self._link.peer, incoming)
            return
        granted = (kind for one, kind in notification.params_for.items() if one in self.granted)
        try:
            self._announced(self._read(incoming.params, next(granted, notification.params)))
        except BadAnswer as error:
            log.warning("%s: %s", self._link.peer, error)

    def _settle(self, waiting: _Waiting[R], answer: Answer | Failure) -> None:
        if waiting.future.done():
            return
        if isinstance(answer, Failure):
            _fail(waiting, _refusal(waiting.method, answer.problem))
            return
        try:
            result = self._read(answer.result, waiting.kind)
        except BadAnswer as error:
            _fail(waiting, error)
            return
        if waiting.arrived is not None:
            waiting.arrived(result)
        waiting.future.set_result(result)

    def _read(self, document: msgspec.Raw, kind: type[R]) -> R:
        try:
            found: R = _decoder(kind).decode(document)
        except (ValueError, RecursionError) as error:
            raise BadAnswer(f"no {kind.__name__}: {error}") from error
        self._additions.note(document, kind)
        return found


@cache
def _decoder(
    kind: type[Object],
) -> msgspec.json.Decoder[Any]:  # Any: of that kind, which a cache does not tell
    return msgspec.json.Decoder(kind)


def _fail(waiting: _Waiting[R], error: OhmsteadError) -> None:
    if not waiting.future.done():
        waiting.future.set_exception(error)


def _refusal(method: str, problem: Problem) -> Refused:
    kind = AuthFailed if problem.code in NOT_ALLOWED else Refused
    said = (problem.data or {}).get("reason") or (problem.data or {}).get("needed")
    why = f", {said}" if isinstance(said, str) else ""
    return kind(f"{method}: {problem.message} ({problem.code}{why}).", code=problem.code)
