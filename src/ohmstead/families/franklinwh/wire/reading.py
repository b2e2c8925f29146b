"""JSON from a peer, within bounds. Depth is bounded before anything is built; numbers that are none (NaN, infinity,
10^400) come through as floats, so that whoever reads the field can mark that one as bad and keep the rest.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import msgspec

from ohmstead.model import WireError

DEPTH: Final = 32
"""Levels of lists and objects; the deepest seen is 9."""
_BRACKETS: Final = re.compile(rb'"(?:[^"\\]|\\.?)*+"?|[\[\]{}]', re.DOTALL)
"""Strings, ended or not: one that never ends is not looked for again behind each of its quotes; and brackets."""


def read_json(data: bytes) -> Any:  # Any: JSON
    """Raises `WireError` for what is no JSON, or is nested deeper than `DEPTH`."""
    if data.count(b"[") + data.count(b"{") > DEPTH and _is_too_deep(data):
        raise WireError(f"the JSON is nested more than {DEPTH} levels deep", data[:64])
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _lenient(data)


def _lenient(data: bytes) -> Any:  # Any: JSON
    try:
        value = json.loads(data.decode())
        json.dumps(
            value, ensure_ascii=False
        ).encode()  # half a surrogate pair could never be shown to anybody
    except (ValueError, RecursionError) as error:
        raise WireError(f"this is no JSON: {error}", data[:64]) from None
    return value


def _is_too_deep(data: bytes) -> bool:
    depth = 0
    for found in _BRACKETS.finditer(data):
        match found.group()[:1]:
            case b"[" | b"{":
                depth += 1
                if depth > DEPTH:
                    return True
            case b"]" | b"}":
                depth -= 1
    return False


def whole(value: object) -> int | None:
    """A whole number, also from its text; None for anything else. The cloud writes codes either way."""
    match value:
        case bool():
            return None
        case int():
            return value
        case float() if value.is_integer():
            return int(value)
        case str() if value.strip().removeprefix("-").isdecimal() and len(value) < 20 and value.isascii():
            return int(value)
        case _:
            return None
