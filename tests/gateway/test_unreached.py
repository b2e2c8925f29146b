from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.gateway.unreached import Unreached
from ohmstead.model import ScaledClock
from ohmstead.testing import elapse, warped

NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)
BROKER = "The broker at home"


@warped
async def test_who_cannot_be_reached_is_found_since_it_began_and_logged_when_the_reason_changes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    unreached = Unreached(ScaledClock(NOON))
    unreached.lost(BROKER, "it is away")
    await elapse(60)
    unreached.lost(BROKER, "it is away")
    unreached.lost(BROKER, "it does not know us.")

    (found,) = unreached.findings()
    assert found.words == "The broker at home cannot be told: it does not know us. It is tried again."
    assert found.since - NOON < timedelta(seconds=1)
    assert len(caplog.messages) == 2

    unreached.reached(BROKER)
    assert unreached.findings() == ()
