"""One connection: calls that wait for their answers, matched by id alone, and announcements as they come."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

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
from ohmstead.kit.link.messages import Message, MessageLink
from ohmstead.kit.wire import Damage
from ohmstead.model import AuthFailed, BadAnswer, ConnectionLost, Refused, TimedOut

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Object)

REMEMBERED: Final = 1000
"""Additions that are told once; a peer that makes up ever new ones is not stored."""


NOT_ALLOWED: Final = frozenset({Code.NOT_AUTHENTICATED, Code.SCOPE_MISSING})


class Additions:
    """Members and texts of a newer server, by their place: kept to be shown, and told once."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def note(self, document: object, kind: type[Object]) -> None:
        if conforms(kind)(document):
            return
        for found in deviations(document, kind):
            place = f"{kind.__name__}.{found.place}"
            if found.is_addition and (place in self.seen or len(self.seen) < REMEMBERED):
                if place not in self.seen:
                    log.info("%s %s", place, found.reason)
                self.seen[place] = found.reason


class Session:
    def __init__(self, link: MessageLink, additions: Additions, announced: Callable[[Object], None]) -> None:
        self._link = link
        self._additions = additions
        self._announced = announced
        self._ids = itertools.count(1)
        self._waiting: dict[int, Callable[[Answer | Failure], None]] = {}
        self._futures: set[asyncio.Future[object]] = set()
        self._ended: ConnectionLost | None = None
        self.granted: frozenset[str] = frozenset()
        """Extensions: what is announced to who has them may have more members."""

    async def call(
        self,
        method: str,
        params: Mapping[str, object] | None,
        kind: type[R],
        *,
        within_s: float,
        arrived: Callable[[R], None] = lambda _: None,
    ) -> R:
        """The result; `arrived` is told of it in its place among the announcements.

        Raises `Refused` with the server's code, `TimedOut`, `ConnectionLost`, and `BadAnswer` for a result that is
        none.
        """
        if self._ended is not None:
            raise self._ended
        id_ = next(self._ids)
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting[id_] = lambda answer: self._settle(method, kind, future, answer, arrived)
        self._futures.add(future)  # type: ignore[arg-type]  # only ever failed from there
        try:
            async with asyncio.timeout(within_s):
                await self._link.send(Message(written(method, id_, params), is_text=True))
                return await future
        except TimeoutError as error:
            raise TimedOut(f"{self._link.peer} did not answer {method} within {within_s:g} s.") from error
        finally:
            self._waiting.pop(id_, None)
            self._futures.discard(future)

    async def listen(self) -> None:
        """Read until the connection ends, which whoever waits is told; raises `ConnectionLost`."""
        try:
            while True:
                for incoming in read_answers((await self._link.receive()).data):
                    self._take(incoming)
        except ConnectionLost as error:
            self._ended = error
            raise
        finally:
            self._ended = self._ended or ConnectionLost(f"{self._link.peer}: the session is over")
            for future in tuple(self._futures):
                if not future.done():
                    future.set_exception(self._ended)

    def _take(self, incoming: Incoming) -> None:
        match incoming:
            case Answer(id=int() as id_) | Failure(id=int() as id_) if id_ in self._waiting:
                self._waiting[id_](incoming)
            case Announcement(method=name, params=params) if name in NOTIFICATIONS:
                notification = NOTIFICATIONS[name]
                granted = (kind for one, kind in notification.params_for.items() if one in self.granted)
                kind = next(granted, notification.params)
                try:
                    self._announced(self._read(params, kind))
                except BadAnswer as error:
                    log.warning("%s: %s", self._link.peer, error)
            case Damage(reason=reason):
                log.warning("%s sent %s", self._link.peer, reason)
            case _:
                log.debug("%s sent what nobody waits for: %s", self._link.peer, incoming)

    def _settle(
        self,
        method: str,
        kind: type[R],
        future: asyncio.Future[R],
        answer: Answer | Failure,
        arrived: Callable[[R], None],
    ) -> None:
        if future.done():
            return
        if isinstance(answer, Failure):
            problem = answer.problem
            kind_of_error = AuthFailed if problem.code in NOT_ALLOWED else Refused
            said = f"{method}: {problem.message} ({problem.code}{_reason(problem)})."
            future.set_exception(kind_of_error(said, code=problem.code))
            return
        try:
            result = self._read(answer.result, kind)
        except BadAnswer as error:
            future.set_exception(error)
            return
        arrived(result)
        future.set_result(result)

    def _read(self, document: object, kind: type[R]) -> R:
        self._additions.note(document, kind)
        try:
            return msgspec.convert(document, kind)
        except (msgspec.ValidationError, RecursionError) as error:
            raise BadAnswer(f"no {kind.__name__}: {error}") from error


def _reason(problem: Problem) -> str:
    said = (problem.data or {}).get("reason") or (problem.data or {}).get("needed")
    return f", {said}" if isinstance(said, str) else ""
