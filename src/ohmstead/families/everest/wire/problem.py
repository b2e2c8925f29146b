"""What a call is answered with when it could not be carried out."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import msgspec


class Code(IntEnum):
    PARSE_ERROR = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMETER = -32602
    INTERNAL_ERROR = -32603
    """The reference's answer to a wrong number of positional parameters, too."""
    NOT_AUTHENTICATED = -32001
    SCOPE_MISSING = -32002


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """`code` may be one that `Code` does not know."""

    code: int
    message: str
    data: Mapping[str, object] | None = None


def invalid_request(reason: str) -> Problem:
    return Problem(Code.INVALID_REQUEST, f"invalid request: {reason}")


def invalid_parameter(reason: str) -> Problem:
    return Problem(Code.INVALID_PARAMETER, f"invalid parameter: {reason}")
