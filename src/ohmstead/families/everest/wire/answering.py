"""The server's end: a frame becomes calls; their outcomes become one frame, or none.

Anything may stand in a frame; reading it never raises. What can be answered without the server's help, because it is
no request or none that the server has, is answered here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.methods import Method
from ohmstead.families.everest.wire.arguments import Arguments, arguments
from ohmstead.families.everest.wire.mode import Mode
from ohmstead.families.everest.wire.problem import Code, Problem, invalid_request
from ohmstead.families.everest.wire.text import Id, Unreadable, decoded, encoded, written_id

Outcome = Object | Mapping[str, object] | Problem
"""A result, whole or as a JSON object, or why there is none."""


class Call(msgspec.Struct, frozen=True):
    """To be carried out. `wants_answer` is false for a request without an id, which is carried out all the same."""

    method: Method
    arguments: Arguments
    id: Id = None
    wants_answer: bool = True


class Refusal(msgspec.Struct, frozen=True):
    problem: Problem
    id: Id = None


class Question(msgspec.Struct, frozen=True):
    """One frame, read. `is_greeting` is known even of a request that is otherwise wrong."""

    parts: tuple[Call | Refusal, ...] = ()
    is_batch: bool = False
    is_greeting: bool = False
    is_json: bool = True
    """Whether there was anything to read: not so for what is no JSON, and for null."""
    ends_empty: bool = False
    """Whether no answer is sent as an empty frame."""

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(part for part in self.parts if isinstance(part, Call))

    def answer(self, outcomes: Sequence[Outcome]) -> bytes | None:
        """The frame to send, once each of `calls` has its outcome; None when nothing is to be sent."""
        left = iter(outcomes)
        replies = [reply for part in self.parts if (reply := _reply(part, left)) is not None]
        if self.is_batch:
            return encoded(replies)
        if replies:
            return encoded(replies[0])
        return b"" if self.ends_empty else None


def _reply(part: Call | Refusal, outcomes: Iterator[Outcome]) -> dict[str, object] | None:
    outcome = part.problem if isinstance(part, Refusal) else next(outcomes)
    if isinstance(part, Call) and not part.wants_answer:
        return None
    member = "error" if isinstance(outcome, Problem) else "result"
    return {"id": written_id(part.id), "jsonrpc": "2.0", member: outcome}


GREETING: Final = "API.Hello"
NOT_READ: Final = Question(is_json=False)
NO_JSON: Final = Refusal(Problem(Code.PARSE_ERROR, "parse error"))
NEITHER: Final = Refusal(invalid_request("expected array or object"))
LONGEST_BATCH: Final = 100
"""Requests; the interface has 18 methods, ours included. The reference takes any number."""
TOO_LONG: Final = Refusal(invalid_request(f"a batch has up to {LONGEST_BATCH} requests"))


def read_question(data: bytes, methods: Mapping[str, Method], mode: Mode) -> Question:
    match decoded(data):
        case Unreadable():
            return NOT_READ if mode is Mode.REFERENCE else Question((NO_JSON,), is_json=False)
        case None:
            return NOT_READ
        case list() as documents if len(documents) > LONGEST_BATCH and mode is Mode.IMPROVED:
            return Question((TOO_LONG,))
        case list() as documents:
            parts = [_part(document, methods, mode) for document in documents]
            return Question(tuple(part for part in parts if part is not None), is_batch=True)
        case dict() as document:
            part = _part(document, methods, mode)
            return Question(
                () if part is None else (part,),
                is_greeting=document.get("method") == GREETING,
                ends_empty=mode is Mode.REFERENCE,
            )
        case _:
            return Question((NEITHER,))


class _NoId(msgspec.Struct, frozen=True):
    """Something stands where an id should, and cannot be one."""


def _part(document: object, methods: Mapping[str, Method], mode: Mode) -> Call | Refusal | None:
    """None for what was wrong with a request that wants no answer."""
    request: dict[str, object] = document if isinstance(document, dict) else {}
    id_, name, params = _id(request.get("id")), request.get("method"), request.get("params")
    echoed = None if isinstance(id_, _NoId) else id_
    if request.get("jsonrpc") != "2.0":
        return Refusal(invalid_request('missing jsonrpc field set to "2.0"'), echoed)
    if not isinstance(name, str):
        return Refusal(invalid_request("method field must be a string"), echoed)
    if isinstance(id_, _NoId):
        return Refusal(invalid_request("id field must be a number, string or null"))
    if not isinstance(params, list | dict | None):
        return Refusal(invalid_request("params field must be an array, object or null"), id_)
    found = _call(methods.get(name), name, params, mode)
    if isinstance(found, Problem):
        return Refusal(found, id_) if "id" in request else None
    return Call(*found, id_, wants_answer="id" in request)


def _id(value: object) -> Id | _NoId:
    return value if isinstance(value, int | float | str | None) and not isinstance(value, bool) else _NoId()


def _call(
    method: Method | None, name: str, params: list[object] | dict[str, object] | None, mode: Mode
) -> tuple[Method, Arguments] | Problem:
    if method is None:
        return Problem(Code.METHOD_NOT_FOUND, f"method not found: {name}")
    given = arguments(method, params, mode)
    return given if isinstance(given, Problem) else (method, given)
