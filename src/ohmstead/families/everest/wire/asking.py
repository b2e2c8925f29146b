"""The client's end: calls become frames, frames become answers and announcements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ohmstead.families.everest.wire.problem import Problem
from ohmstead.families.everest.wire.text import Id, Unreadable, decoded, encoded
from ohmstead.kit.wire import Damage


class Answer(msgspec.Struct, frozen=True):
    id: Id
    result: object


class Failure(msgspec.Struct, frozen=True):
    """The server could not carry out the call, or read it: then `id` may be None."""

    id: Id
    problem: Problem


class Announcement(msgspec.Struct, frozen=True):
    """A notification."""

    method: str
    params: object


Incoming = Answer | Failure | Announcement | Damage


def written(method: str, id_: int, params: Mapping[str, object] | Sequence[object] | None = None) -> bytes:
    """The frame of one call. Calls without parameters have no `params`: the reference refuses empty ones."""
    request: dict[str, object] = {"id": id_, "jsonrpc": "2.0", "method": method}
    return encoded(request | {"params": params} if params is not None else request)


def read_answers(data: bytes) -> tuple[Incoming, ...]:
    """What a server's frame holds. An empty frame is how the reference answers what wants no answer: nothing."""
    if not data:
        return ()
    match decoded(data):
        case Unreadable(reason=reason):
            return (Damage(f"no JSON: {reason}", len(data)),)
        case list() as documents:
            return tuple(_incoming(document, len(data)) for document in documents)
        case document:
            return (_incoming(document, len(data)),)


def _incoming(document: object, size: int) -> Incoming:
    if not isinstance(document, dict):
        return Damage("neither an answer nor a notification", size)
    match document:
        case {"id": bool() | list() | dict()}:
            return Damage("an answer whose id no call can have", size)
        case {"id": id_, "result": result}:
            return Answer(id_, result)
        case {"id": id_, "error": {"code": int() as code, "message": str() as message} as error}:
            data = error.get("data")
            return Failure(id_, Problem(code, message, data if isinstance(data, dict) else None))
        case {"method": str() as method} if "id" not in document:
            return Announcement(method, document.get("params"))
        case _:
            return Damage("neither an answer nor a notification", size)
