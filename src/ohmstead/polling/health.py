"""How a source is doing, in words. Pure: an error and the time in, the next health out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.model import (
    AuthFailed,
    Busy,
    ConnectionLost,
    OhmsteadError,
    Refused,
    TimedOut,
    TurnedAway,
    Unreachable,
)


class HealthState(StrEnum):
    STARTING = "starting"
    GOOD = "good"
    STALE = "stale"
    """One poll failed; the last values are still fresh and the next try is near."""
    UNREACHABLE = "unreachable"
    BUSY_ELSEWHERE = "busy_elsewhere"
    REFUSED = "refused"
    FAILING = "failing"
    """It answers, but not with anything we can use."""
    ASLEEP = "asleep"
    """Solar equipment without sun."""


class Health(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    state: HealthState
    since: datetime
    reason: str = ""
    next_try_at: datetime | None = None
    """None: no more tries until a restart."""
    last_good_at: datetime | None = None
    failures: int = 0
    """In a row."""


STATES: Final[tuple[tuple[type[Exception], HealthState], ...]] = (
    (Busy, HealthState.BUSY_ELSEWHERE),
    (Refused, HealthState.REFUSED),
    (Unreachable, HealthState.UNREACHABLE),
    (TimedOut, HealthState.UNREACHABLE),
    (ConnectionLost, HealthState.UNREACHABLE),
    (Exception, HealthState.FAILING),
)
"""What each error says of a source; the first line that fits."""

DARK: Final = "the sun is down, and it lives on the power of its panels"
"""Why equipment is asleep: nothing is wrong with it, and its panels give nothing."""

LASTING: Final = (Busy, AuthFailed, Refused)
"""Errors that a single lost exchange cannot explain: shown at once. That we are turned away, it can."""

SILENCE: Final = (Unreachable, TimedOut, ConnectionLost)
"""What equipment without power looks like."""


def after_success(health: Health, at: datetime, next_try_at: datetime, reason: str = "") -> Health:
    was_good = health.state is HealthState.GOOD
    return Health(
        state=HealthState.GOOD,
        since=health.since if was_good else at,
        reason=reason,
        next_try_at=next_try_at,
        last_good_at=at,
    )


def after_failure(health: Health, error: Exception, at: datetime, next_try_at: datetime | None) -> Health:
    """One lost poll of a good source is only `stale`: a single broken exchange is no outage."""
    state = next(state for kind, state in STATES if isinstance(error, kind))
    is_lasting = isinstance(error, LASTING) and not isinstance(error, TurnedAway)
    if health.state is HealthState.GOOD and not is_lasting:
        state = HealthState.STALE
    return Health(
        state=state,
        since=health.since if state is health.state else at,
        reason=words(error),
        next_try_at=next_try_at,
        last_good_at=health.last_good_at,
        failures=health.failures + 1,
    )


def while_dark(health: Health, at: datetime, next_try_at: datetime) -> Health:
    """For a source that lives on its panels' power, and was not heard without sun."""
    is_asleep = health.state is HealthState.ASLEEP
    return Health(
        state=HealthState.ASLEEP,
        since=health.since if is_asleep else at,
        reason=DARK,
        next_try_at=next_try_at,
        last_good_at=health.last_good_at,
        failures=health.failures + 1,
    )


def words(error: Exception) -> str:
    """Our own errors speak for themselves; anything else is a fault in our code and says so."""
    if isinstance(error, OhmsteadError):
        return str(error) or type(error).__name__
    return f"unexpected {type(error).__name__}: {error}. This is a fault in Ohmstead; the log has more."
