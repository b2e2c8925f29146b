"""What decides how much may be drawn, and whether an EVSE works at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.everest.simulator.enabling import Enabling, Say
from ohmstead.families.everest.simulator.sharing import SourceLimit, shared, smallest

NOW = datetime(2026, 6, 21, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ({}, True),
        ({"OCPP": Say(False, 5000)}, False),
        ({"OCPP": Say(False, 5000), "LocalAPI": Say(True, 100)}, True),
        ({"OCPP": Say(True, 100), "LocalAPI": Say(False, 100)}, False),
    ],
)
def test_the_strongest_say_counts_and_a_no_among_equals(says: dict[str, Say], expected: bool) -> None:
    enabling = Enabling()
    for source, say in says.items():
        enabling.say(source, say)
    assert enabling.is_enabled is expected


def test_each_source_has_one_say() -> None:
    enabling = Enabling()
    enabling.say("LocalAPI", Say(False, 0))
    enabling.say("LocalAPI", Say(True, 10_000))
    assert enabling.is_enabled


def test_a_limit_that_has_run_out_counts_no_more() -> None:
    limits = {"hardware": SourceLimit(32.0), "api": SourceLimit(10.0, NOW + timedelta(seconds=60))}

    assert smallest(limits, NOW) == ("api", 10.0)
    assert smallest(limits, NOW + timedelta(seconds=60)) == ("hardware", 32.0)


@pytest.mark.parametrize(
    ("fuse_a", "wanted_a", "expected_a"),
    [
        (40, [32], [32]),
        (40, [32, 32], [20, 20]),
        (40, [10, 32], [10, 30]),
        (40, [32, 0], [32, 0]),
        (10, [32, 32, 2], [4, 4, 2]),
    ],
)
def test_a_fuse_is_shared_fairly(fuse_a: float, wanted_a: list[float], expected_a: list[float]) -> None:
    assert shared(fuse_a, wanted_a) == pytest.approx(expected_a)


@given(st.floats(0, 100), st.lists(st.floats(0, 100), max_size=6))
def test_shares_never_exceed_fuse_or_wish(fuse_a: float, wanted_a: list[float]) -> None:
    parts_a = shared(fuse_a, wanted_a)
    assert sum(parts_a) <= fuse_a + 1e-9
    assert all(part <= wanted for part, wanted in zip(parts_a, wanted_a, strict=True))
