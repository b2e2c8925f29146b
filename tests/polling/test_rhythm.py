from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.model import PollingContract
from ohmstead.polling import Missed, Rhythm, interval

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("contract", "speed", "expected_s"),
    [
        (PollingContract(interval_s=30, shortest_s=5), 1, 30),
        (PollingContract(interval_s=30, shortest_s=5), 60, 60),
        (PollingContract(interval_s=300, shortest_s=5), 60, 300),
        (PollingContract(interval_s=0.5, shortest_s=0.1), 1, 1),
        (PollingContract(interval_s=10, shortest_s=30), 1, 30),
        (PollingContract(interval_s=10, shortest_s=1, calls_per_hour=120), 1, 30),
        (None, 1, 30),
        (None, 600, 600),
    ],
)
def test_the_interval_keeps_contract_budget_and_one_wire_second(
    contract: PollingContract | None, speed: float, expected_s: float
) -> None:
    assert interval(contract, speed) == timedelta(seconds=expected_s)


@given(
    steps=st.lists(
        st.tuples(st.floats(min_value=-7200, max_value=100_000), st.booleans()), min_size=1, max_size=50
    )
)
def test_after_any_jumps_of_the_clock_the_due_slot_is_near(steps: list[tuple[float, bool]]) -> None:
    rhythm, now = Rhythm(NOON, timedelta(seconds=30)), NOON
    for moved_s, is_served in steps:
        now += timedelta(seconds=moved_s)
        rhythm.skip_missed(now)
        assert rhythm.due <= now + rhythm.every
        assert rhythm.slot_ends > now
        if is_served:
            rhythm.served(now)


def test_slots_that_ended_unserved_are_counted_once() -> None:
    rhythm = Rhythm(NOON, timedelta(seconds=30))
    assert rhythm.skip_missed(NOON + timedelta(seconds=95)) == Missed(
        first_at=NOON, last_at=NOON + timedelta(seconds=60), polls=3
    )
    assert rhythm.skip_missed(NOON + timedelta(seconds=95)) is None
    assert rhythm.due == NOON + timedelta(seconds=90)
