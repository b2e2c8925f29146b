"""What can go wrong, as RFC 9457 problem documents: one table from our errors to statuses, and no trace in any body."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec

from ohmstead.gateway import CannotRecord, LedgerError
from ohmstead.history import HistoryError
from ohmstead.model import (
    AuthFailed,
    BudgetSpent,
    Busy,
    DeviceError,
    OhmsteadError,
    Outcome,
    OutcomeUnknown,
    Receipt,
    Refused,
    TimedOut,
    Unsafe,
    Unsupported,
)

CONTENT_TYPE: Final = "application/problem+json"


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    receipt: Receipt | None = None
    """Of a command that was refused."""


class Declined(OhmsteadError):
    """A request that cannot be answered, with the status that says why."""

    def __init__(self, status: HTTPStatus, detail: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.retry_after_s = retry_after_s


class CommandRefused(Declined):
    """Nothing was changed; the receipt says what stood in the way."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(HTTPStatus.UNPROCESSABLE_ENTITY, receipt.reason)
        self.receipt = receipt


STATUSES: Final[tuple[tuple[type[OhmsteadError], HTTPStatus], ...]] = (
    (BudgetSpent, HTTPStatus.CONFLICT),
    (CannotRecord, HTTPStatus.CONFLICT),
    (Unsafe, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Unsupported, HTTPStatus.UNPROCESSABLE_ENTITY),
    (AuthFailed, HTTPStatus.BAD_GATEWAY),
    (Refused, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Busy, HTTPStatus.SERVICE_UNAVAILABLE),
    (TimedOut, HTTPStatus.GATEWAY_TIMEOUT),
    (OutcomeUnknown, HTTPStatus.GATEWAY_TIMEOUT),
    (DeviceError, HTTPStatus.BAD_GATEWAY),
    (HistoryError, HTTPStatus.SERVICE_UNAVAILABLE),
    (LedgerError, HTTPStatus.SERVICE_UNAVAILABLE),
)
"""The first line that fits counts. An error of ours that is not here is a fault in this program."""


def problem_of(error: Exception) -> Problem:
    """The problem document of any error. What is not ours to explain stays in the log."""
    if isinstance(error, Declined):
        receipt = error.receipt if isinstance(error, CommandRefused) else None
        return problem(error.status, str(error), receipt)
    for kind, status in STATUSES:
        if isinstance(error, kind):
            return problem(status, str(error))
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "This is a fault in Ohmstead; its log says more.")


def retry_after_s(error: Exception) -> int | None:
    """When asking again makes sense, if that is known."""
    if isinstance(error, Declined):
        return error.retry_after_s
    if isinstance(error, Busy | BudgetSpent) and error.after is not None:
        return max(1, round(error.after.total_seconds()))
    return None


def problem(status: HTTPStatus, detail: str, receipt: Receipt | None = None) -> Problem:
    return Problem(title=status.phrase, status=status.value, detail=detail, receipt=receipt)


def require_done(receipt: Receipt) -> Receipt:
    """The receipt of a command that left. Raises `CommandRefused` for one that did not."""
    if receipt.outcome is Outcome.REFUSED:
        raise CommandRefused(receipt)
    return receipt
