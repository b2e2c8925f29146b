"""What a client has asked so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.session import Session


class Metrics(msgspec.Struct, frozen=True, kw_only=True):
    calls: Mapping[str, int]
    """By the name of the endpoint."""
    total: int
    logins: int
    answered_from_cache: int
    seconds_waited: float
    """For the cloud, all calls together."""
    quiet_s: float
    """For how long the cloud still wants to be left alone."""


def metrics(session: Session, lines: Iterable[Line]) -> Metrics:
    return Metrics(
        calls=dict(session.counts),
        total=session.counts.total(),
        logins=session.tokens.logins,
        answered_from_cache=sum(line.cache.hits for line in lines),
        seconds_waited=session.waited_s,
        quiet_s=max(0.0, session.spending.quiet_s()),
    )
