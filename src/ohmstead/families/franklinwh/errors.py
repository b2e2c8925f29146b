"""What may go wrong, under the documented names. Each is also one of the model's errors, and says whether trying again
can help; none carries a secret, a token or an e-mail address.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ohmstead.model import (
    AuthFailed,
    BadAnswer,
    Busy,
    DeviceError,
    Refused,
    TimedOut,
    Unreachable,
    Unsupported,
)


class FranklinError(DeviceError):
    """Everything the cloud or a gateway says no with."""


class LoginError(FranklinError, AuthFailed):
    """The login was refused. `code` is the cloud's own, 0 where it gave none."""

    def __init__(self, message: str, *, code: int = 0) -> None:
        AuthFailed.__init__(self, message, code=code)


class LoginUnanswered(LoginError):
    """What came was no answer to a login, as a page of HTML is none: nobody has refused it."""

    retryable = True


class InvalidCredentials(LoginError):
    """E-mail or password is wrong."""

    counts = True


class AccountLocked(LoginError):
    """The account is locked, or about to be: never tried again by itself, but once where the cloud says when it unlocks.

    `attempts_left` above 0 is a warning; at 0 the cloud wants to be left alone for `retry_after` seconds.
    """

    counts = True

    def __init__(self, message: str, *, attempts_left: int, retry_after: float | None = None) -> None:
        super().__init__(message, code=400)
        self.attempts_left = attempts_left
        self.retry_after = retry_after
        self.after = None if retry_after is None else timedelta(seconds=retry_after)


class TokenExpired(FranklinError, AuthFailed):
    """The token is not accepted, and a new one could not be had or did not help."""


class RateLimited(FranklinError, Busy):
    """Too many calls: leave the cloud alone for `retry_after` seconds."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        Busy.__init__(self, message, after=timedelta(seconds=retry_after))
        self.retry_after = retry_after


class DeviceTimeout(FranklinError, TimedOut):
    """The gateway did not answer the cloud in time."""


class GatewayOffline(FranklinError, Unreachable):
    """The cloud has no connection to the gateway."""


class PermissionDenied(FranklinError, Refused):
    """Not for this account, accessory or firmware."""


class InvalidResponse(FranklinError, BadAnswer):
    """An answer that is none: a page of HTML, JSON cut short. `body` is its beginning."""

    def __init__(self, message: str, *, status_code: int, body: str = "") -> None:
        super().__init__(message)
        self.status_code = status_code
        self.body = body


class ApiError(FranklinError, Refused):
    """The cloud says no in a way that has no name here."""

    def __init__(self, code: int, message: str) -> None:
        Refused.__init__(self, f"the cloud answered with code {code}: {message or 'no message'}.", code=code)
        self.message = message


class GatewaySelectionError(FranklinError):
    """The account has several gateways, and none is named, or it has none. `gateways` are the serials it has."""

    def __init__(self, message: str, gateways: Sequence[str]) -> None:
        super().__init__(message)
        self.gateways = tuple(gateways)


class NotSupported(FranklinError, Unsupported):
    """This hardware, firmware or state does not allow it; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
