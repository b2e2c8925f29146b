"""What can go wrong, under the names that users of these devices know, each also one of the house's own errors.

So `except DeviceError`, the house's retry policy and a caller who has only read a user guide all get what they expect.
Those that carry a plant stand beside what raises them, in `client/outcomes.py`.
"""

from __future__ import annotations

from ohmstead import model
from ohmstead.families.givenergy.wire import TransparentRequest
from ohmstead.model import DeviceError, DeviceId, Misused, Refused, Unreachable, Unsafe, WireError


class ExceptionBase(DeviceError):
    """Everything of this family."""

    def __init__(self, message: str, *, device: DeviceId | None = None) -> None:
        super().__init__(message, device=device)
        self.message = message


class InvalidPduState(ExceptionBase, Unsafe):
    """A request that may not be sent. Nothing of its batch was."""

    def __init__(
        self, message: str, pdu: TransparentRequest | None = None, *, device: DeviceId | None = None
    ) -> None:
        super().__init__(message, device=device)
        self.pdu = pdu


class InvalidFrame(ExceptionBase, WireError):
    """Bytes that are no frame."""

    def __init__(self, message: str, frame: bytes = b"", *, device: DeviceId | None = None) -> None:
        super().__init__(message, device=device)
        self.frame = self.data = frame


class CommunicationError(ExceptionBase, Unreachable):
    """No connection, or nobody who says what it is."""

    retryable = True


class ConnectionLost(CommunicationError, model.ConnectionLost, TimeoutError):
    """The connection ended while something was due."""

    retryable = True


class NotConnected(ConnectionLost, Misused):
    """Asked before the first `connect()` or after `close()`, or outside the `async with` block: nothing was sent."""

    retryable = False


class TurnedAway(ConnectionLost, model.TurnedAway):
    """The adapter ended the connection before it said anything: it serves as many clients as it can."""


class PlantNotDetected(CommunicationError):
    """Polled before it was known what is there."""

    retryable = False


class TimedOut(model.TimedOut, TimeoutError):
    """A request had no usable answer in any of its attempts."""


class RequestRefused(TimedOut, Refused):
    """The device said no each time, for no stated reason: an unknown register, an invalid value, or busy."""

    retryable = True


class StoredDifferently(ExceptionBase, Refused):
    """The device keeps another value than was written: it clamped ours, or somebody else wrote after us."""

    def __init__(self, message: str, request: TransparentRequest, stored: int) -> None:
        super().__init__(message)
        self.request = request
        self.code = self.stored = stored
