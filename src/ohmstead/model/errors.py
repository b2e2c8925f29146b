"""The errors, one page. Each knows whether trying again can help; messages say what was expected, what came, and
what to try.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from ohmstead.model.device import DeviceId


class OhmsteadError(Exception):
    """Everything this package raises on purpose."""

    retryable: ClassVar[bool] = False


class ConfigError(OhmsteadError):
    """A setting is wrong. Names the place, the key and a correct example."""

    def __init__(self, message: str, *, file: str = "", line: int | None = None, example: str = "") -> None:
        where = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        hint = f" For example: {example}" if example else ""
        super().__init__(f"{where}{message}{hint}")
        self.file = file
        self.line = line


class Misused(OhmsteadError):
    """A client or source was used outside its `async with` block, or entered while it was open. Nothing was sent."""


class DeviceError(OhmsteadError):
    """Something between us and one device."""

    def __init__(self, message: str, *, device: DeviceId | None = None) -> None:
        super().__init__(message)
        self.device = device


class Unreachable(DeviceError):
    """Nobody answers at this address."""

    retryable = True


class TimedOut(DeviceError):
    """Connected, but silent for too long."""

    retryable = True


class ConnectionLost(DeviceError):
    """The peer ended the connection in the middle of something."""

    retryable = True


class Busy(DeviceError):
    """Somebody else holds the device, or it asks to be left alone."""

    retryable = True

    def __init__(self, message: str, *, after: timedelta, device: DeviceId | None = None) -> None:
        super().__init__(message, device=device)
        self.after = after


class TurnedAway(Busy, ConnectionLost):
    """The peer took the connection and ended it before it said anything. Once is an accident; again and again, whoever it
    serves has it.
    """

    def __init__(
        self, message: str, *, after: timedelta = timedelta(), device: DeviceId | None = None
    ) -> None:
        super().__init__(message, after=after, device=device)


class Refused(DeviceError):
    """The device said no. `code` is its own."""

    def __init__(self, message: str, *, code: int | str = "", device: DeviceId | None = None) -> None:
        super().__init__(message, device=device)
        self.code = code


class AuthFailed(Refused):
    """The device or cloud does not accept our credentials."""

    counts: ClassVar[bool] = False
    """Whether tries are counted there and the account locks after a few: then nobody tries again by himself."""
    after: timedelta | None = None
    """In which a lock ends by itself, where it says so: then one more try is made."""


class Unsupported(DeviceError):
    """This device has no such ability."""


class OutcomeUnknown(DeviceError):
    """A write left and its fate could not be learnt: read the state before asking again."""


class BadAnswer(DeviceError):
    """The device answered, but not with anything this exchange can mean."""

    retryable = True


class WireError(OhmsteadError):
    """One frame decoded offline is no frame. Carries the bytes, secrets blanked."""

    def __init__(self, message: str, data: bytes = b"") -> None:
        super().__init__(message)
        self.data = data


class Truncated(WireError):
    """The frame ends before its length says."""


class BadChecksum(WireError):
    """The frame's checksum does not match its bytes."""


class UnknownMessage(WireError):
    """No message has this code."""


class LeftoverBytes(WireError):
    """Bytes follow the frame."""


class Unsafe(OhmsteadError):
    """A guard stopped a command before it was sent, and says which limit."""


class BudgetSpent(Unsafe):
    """A wear or call budget holds the command back until `after`."""

    def __init__(self, message: str, *, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after
