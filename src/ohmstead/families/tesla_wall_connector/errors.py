"""What the configuration channel refuses, as exceptions: error codes arrive in answers of HTTP status 200."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from ohmstead.model import AuthFailed, Refused

HOLD_BUTTON_S: Final = 5
"""How long the handle's button is held to open an access window."""


class Status(IntEnum):
    """The usual codes of remote calls."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE = 4
    NOT_FOUND = 5
    EXISTS = 6
    PERMISSION = 7
    EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16


class PresenceLapsed(AuthFailed):
    """Nobody has shown to be at the unit. Tell the user; ask again at most once a minute."""


class ValueRefused(Refused):
    """The unit does not take this value, and never will."""


class NotInFirmware(Refused):
    """This firmware does not know the request."""


class RequestFailed(Refused):
    """The unit could not do it now."""

    retryable = True


REFUSED_FOR_GOOD: Final = frozenset(
    {Status.INVALID_ARGUMENT, Status.FAILED_PRECONDITION, Status.OUT_OF_RANGE}
)


def refusal(code: int, text: str, request: str) -> Refused:
    """The exception for an error code in the answer to a request."""
    name = Status(code).name.lower().replace("_", " ") if code in list(Status) else "unknown code"
    said = f"error {code} ({name}{': ' + text if text else ''})"
    if code == Status.UNAUTHENTICATED:
        return PresenceLapsed(
            f"the unit wants to know that somebody is there ({said}): hold the button on the handle for "
            f"{HOLD_BUTTON_S} s, or switch its breaker off and on, and try again.",
            code=code,
        )
    if code == Status.UNIMPLEMENTED:
        return NotInFirmware(f"this firmware does not know {request} ({said}).", code=code)
    if code in REFUSED_FOR_GOOD:
        return ValueRefused(f"the unit refused {request} ({said}).", code=code)
    return RequestFailed(f"{request} failed ({said}).", code=code)
