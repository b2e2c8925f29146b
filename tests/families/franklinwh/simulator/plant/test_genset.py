from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from ohmstead.families.franklinwh.facts.codes import GeneratorState
from ohmstead.families.franklinwh.simulator.plant.genset import MOVES, Genset, ManualModel

NOON = datetime(2026, 6, 20, 12, 0)  # noqa: DTZ001 - wall-clock time


def test_every_state_can_be_reached_and_left() -> None:
    reached = {follower for moves in MOVES.values() for follower in moves.values()}

    assert reached == set(GeneratorState) == set(MOVES)
    assert all(MOVES.values())


def test_without_a_module_nothing_starts_it() -> None:
    genset = Genset(is_fitted=False)

    assert not genset.start()
    assert genset.record["genEn"] == 0


def test_switched_off_it_does_not_start_either() -> None:
    genset = Genset(is_fitted=True)
    genset.write({"genEn": 0})

    assert not genset.start()


@pytest.mark.parametrize(
    ("written", "is_automatic"),
    [({"manuSw": 2}, False), ({"mode": 2}, False), ({"manuSw": 1}, True), ({"manuSw": 7}, True)],
)
def test_either_switch_sets_the_mode(written: dict[str, Any], is_automatic: bool) -> None:
    genset = Genset(is_fitted=True)
    genset.write(written)

    assert genset.is_automatic is is_automatic
    assert genset.record.items() >= written.items()


def test_a_push_button_is_no_mode() -> None:
    genset = Genset(is_fitted=True, manual_model=ManualModel.MOMENTARY)
    genset.start()
    genset.write({"manuSw": 2})

    assert (genset.is_automatic, genset.record["manuSw"], genset.state) == (True, 0, GeneratorState.COOLDOWN)


@pytest.mark.parametrize("value", ["soon", 10**9, None, [1], 1.5])
def test_what_no_gateway_would_take_is_dropped(value: object) -> None:
    genset = Genset(is_fitted=True)
    genset.write({"startDelTime": value, "unheard": 1})

    assert genset.record["startDelTime"] == 1800
    assert "unheard" not in genset.record


def test_started_by_hand_it_runs_off_grid_until_the_street_is_back() -> None:
    genset = Genset(is_fitted=True)
    genset.start()
    for _ in range(30):
        genset.step(1.0, 50.0, NOON, is_outage=False, is_off_grid=True, is_blocked=False)
        genset.run(3000.0, 1.0)
    assert (genset.can_carry, genset.power_w) == (True, 3000.0)
    genset.step(1.0, 50.0, NOON, is_outage=False, is_off_grid=False, is_blocked=False)

    assert genset.state is GeneratorState.COOLDOWN
