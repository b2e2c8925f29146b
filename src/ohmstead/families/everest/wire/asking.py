"""The client's end: calls become frames, frames become answers and announcements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from ohmstead.families.everest.wire.problem import Problem
from ohmstead.families.everest.wire.text import Id, encoded
from ohmstead.kit.wire import Damage


class Answer(msgspec.Struct, frozen=True):
    """`result` is JSON yet to be read: who called knows as what."""

    id: Id
    result: msgspec.Raw


class Failure(msgspec.Struct, frozen=True):
    """The server could not carry out the call, or read it: then `id` may be None."""

    id: Id
    problem: Problem


class Announcement(msgspec.Struct, frozen=True):
    """A notification; `params` is JSON yet to be read."""

    method: str
    params: msgspec.Raw


Incoming = Answer | Failure | Announcement | Damage


ABSENT: Final = msgspec.Raw()


class _Frame(msgspec.Struct):
    """Every member that counts, and what else there may be passed over."""

    id: object = msgspec.UNSET
    result: msgspec.Raw = ABSENT
    error: object = msgspec.UNSET
    method: object = msgspec.UNSET
    params: msgspec.Raw = ABSENT


_decoder: Final = msgspec.json.Decoder(_Frame)
_batch_decoder: Final = msgspec.json.Decoder(list[msgspec.Raw])
IDS: Final = (int, float, str)
NEITHER: Final = "neither an answer nor a notification"


class _Request(msgspec.Struct):
    id: int
    jsonrpc: str
    method: str
    params: object


def written(method: str, id_: int, params: Mapping[str, object] | Sequence[object] | None = None) -> bytes:
    """The frame of one call. Calls without parameters have no `params`: the reference refuses empty ones."""
    return encoded(_Request(id_, "2.0", method, params if params is not None else msgspec.UNSET))


def read_answers(data: bytes) -> Sequence[Incoming]:
    """What a server's frame holds. An empty frame is how the reference answers what wants no answer: nothing."""
    if not data:
        return ()
    try:
        if data.lstrip().startswith(b"["):
            return [_incoming(part) for part in _batch_decoder.decode(data)]
    except (ValueError, RecursionError) as error:
        return (Damage(f"no JSON: {error}", len(data)),)
    return (_incoming(data),)


def _incoming(data: bytes | msgspec.Raw) -> Incoming:
    try:
        frame = _decoder.decode(data)
    except msgspec.ValidationError:
        return Damage(NEITHER, len(bytes(data)))
    except (ValueError, RecursionError) as error:
        return Damage(f"no JSON: {error}", len(bytes(data)))
    id_ = frame.id
    if id_ is None or (isinstance(id_, IDS) and not isinstance(id_, bool)):
        return _answer(id_, frame) or Damage(NEITHER, len(bytes(data)))
    if id_ is not msgspec.UNSET:
        return Damage("an answer whose id no call can have", len(bytes(data)))
    if isinstance(frame.method, str):
        return Announcement(frame.method, frame.params)
    return Damage(NEITHER, len(bytes(data)))


def _answer(id_: Id, frame: _Frame) -> Answer | Failure | None:
    if frame.result is not ABSENT:
        return Answer(id_, frame.result)
    match frame.error:
        case {"code": int() as code, "message": str() as message, **more}:
            data = more.get("data")
            return Failure(id_, Problem(code, message, data if isinstance(data, dict) else None))
        case _:
            return None
