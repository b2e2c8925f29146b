from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.kit.world import Engine, EnginePhase, EngineRating
from ohmstead.kit.world.engine import MOVES

RATING = EngineRating(start_delay_s=3.0, warm_up_s=2.0, cool_down_s=4.0)


def ready() -> Engine:
    engine = Engine(RATING)
    engine.start()
    for _ in range(5):
        engine.run(0.0, 1.0)
    return engine


def test_every_phase_can_be_reached_and_left() -> None:
    assert set(MOVES) == set(EnginePhase)
    assert {follower for moves in MOVES.values() for follower in moves.values()} == set(EnginePhase)


def test_it_cranks_and_warms_up_before_it_carries_load() -> None:
    engine = Engine(RATING)
    engine.start()

    assert [engine.run(2_000.0, 1.0) for _ in range(6)] == [0.0, 0.0, 0.0, 0.0, 0.0, 2_000.0]


def test_load_stays_between_its_least_and_its_most() -> None:
    engine = ready()

    assert [engine.run(wanted_w, 1.0) for wanted_w in (0.0, 100.0, 3_000.0, 9_000.0)] == [
        0.0,
        500.0,
        3_000.0,
        5_000.0,
    ]


def test_it_cools_down_unloaded_before_it_stops() -> None:
    engine = ready()
    engine.stop()

    phases = []
    for _ in range(4):
        assert engine.run(2_000.0, 1.0) == 0.0
        phases.append(engine.phase)
    assert phases == [EnginePhase.COOLING, EnginePhase.COOLING, EnginePhase.COOLING, EnginePhase.OFF]


def test_started_again_while_it_cools_it_works_at_once() -> None:
    engine = ready()
    engine.stop()
    engine.run(0.0, 1.0)
    engine.start()

    assert engine.run(2_000.0, 1.0) == 2_000.0


def test_stopped_while_cranking_it_never_ran() -> None:
    engine = Engine(RATING)
    engine.start()
    engine.run(0.0, 1.0)
    engine.stop()
    engine.run(0.0, 1.0)

    assert (engine.phase, engine.burnt_l, engine.run_s) == (EnginePhase.OFF, 0.0, 0.0)


def test_an_hour_at_half_load_burns_what_the_rating_says() -> None:
    engine = ready()
    burnt_l = engine.burnt_l
    engine.run(2_500.0, 3600.0)

    assert engine.burnt_l - burnt_l == pytest.approx(0.6 + 2.5 * 0.32)
    assert engine.produced_wh == pytest.approx(2_500.0)


def test_it_stops_where_the_fuel_ends_and_starts_after_refuelling() -> None:
    engine = ready()
    engine.fuel_l = 0.7
    delivered_w = engine.run(2_500.0, 3600.0)

    assert delivered_w == pytest.approx(1_250.0)
    assert (engine.phase, engine.fuel_l) == (EnginePhase.OFF, 0.0)
    engine.refuel(99.0)
    assert engine.fuel_l == 25.0


@given(st.lists(st.tuples(st.sampled_from(["start", "stop", "run"]), st.floats(0.0, 9_000.0)), max_size=60))
def test_fuel_becomes_power_and_heat_and_nothing_else(orders: list[tuple[str, float]]) -> None:
    engine = Engine(RATING, fuel_l=0.5)
    for order, wanted_w in orders:
        if order == "start":
            engine.start()
        elif order == "stop":
            engine.stop()
        before_wh = engine.losses_wh
        assert 0.0 <= engine.run(wanted_w, 60.0) <= 5_000.0
        assert engine.losses_wh >= before_wh

    assert engine.fuel_l + engine.burnt_l == pytest.approx(0.5)
    assert engine.fuel_l >= 0.0
