"""Messages to bytes and back, from the table in `messages.py`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from struct import Struct, error
from typing import Any, Final, get_args, get_type_hints

from ohmstead.families._blueprint.messages import MESSAGES, Message, Word
from ohmstead.model import Truncated, UnknownMessage, WireError

BY_CODE: Final[Mapping[int, type[Message]]] = {kind.CODE: kind for kind in MESSAGES}

Value = float | str | None


@cache
def words(kind: type[Message]) -> Mapping[str, Word]:
    """A message's fields on the wire, in order."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: get_args(hints[name])[1] for name in kind.__struct_fields__}


@cache
def layout(kind: type[Message]) -> Struct:
    return Struct(">" + "".join(word.format for word in words(kind).values()))


def pack(message: Message) -> bytes:
    """Raises `WireError` for a value that has no room in its field."""
    kind = type(message)
    raw = [_raw(getattr(message, name), word) for name, word in words(kind).items()]
    try:
        return layout(kind).pack(*raw)
    except error as problem:
        raise WireError(f"{message} does not fit its fields: {problem}") from problem


def unpack(code: int, payload: bytes) -> Message:
    kind = BY_CODE.get(code)
    if kind is None:
        raise UnknownMessage(f"no message has the code 0x{code:02X}", payload)
    if len(payload) != layout(kind).size:
        raise Truncated(f"{kind.__name__} has {layout(kind).size} bytes, not {len(payload)}", payload)
    raw = layout(kind).unpack(payload)
    values: dict[str, Any] = {  # Any: each field's type is the message's business
        name: _value(found, word) for (name, word), found in zip(words(kind).items(), raw, strict=True)
    }
    return kind(**values)


def _raw(value: Value, word: Word) -> int | bytes:
    if isinstance(value, str):
        return value.encode("ascii", "replace")
    if value is None:
        if word.absent is None:
            raise WireError(f"{word.label} has no value for 'not known'")
        return word.absent
    return round(value * word.per)


def _value(raw: int | bytes, word: Word) -> Value:
    if isinstance(raw, bytes):
        return raw.rstrip(b"\0").decode("ascii", "replace")
    if raw == word.absent:
        return None
    return round(raw / word.per, len(str(word.per)) - 1)
