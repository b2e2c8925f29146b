"""What has to hold before the vehicle port is switched on."""

from __future__ import annotations

import pytest

from ohmstead.families.franklinwh.facts.codes import GridConnectionState
from ohmstead.families.franklinwh.v2l import Check, Hardware, Situation, eligibility, failing_checks

WITH_PORT = eligibility(
    Hardware(has_circuits=True, has_generator=False, country=2, generation=2, is_licensed=True)
)
WITHOUT = eligibility(
    Hardware(has_circuits=True, has_generator=False, country=2, generation=1, is_licensed=True)
)


def test_all_is_ready_off_grid_with_port_and_licence() -> None:
    situation = Situation(
        eligibility=WITH_PORT,
        is_licensed=True,
        grid=GridConnectionState.SIMULATED_OFF_GRID,
        generator_state=0,
    )

    assert failing_checks(situation) == ()


def test_everything_that_fails_is_told_with_its_reason() -> None:
    situation = Situation(
        eligibility=WITHOUT, is_licensed=False, grid=GridConnectionState.CONNECTED, generator_state=1
    )

    found = failing_checks(situation)

    assert [(failing.check, failing.reason) for failing in found] == [
        (Check.HARDWARE, "v1_needs_generator"),
        (Check.LICENCE, "licence"),
        (Check.OFF_GRID, "off_grid"),
        (Check.GENERATOR_OFF, "generator_off"),
    ]
    assert found[0].message == WITHOUT.note
    assert "v2lModeEnable" in found[1].message


def test_what_nobody_knows_fails_no_check() -> None:
    assert failing_checks(Situation()) == ()


@pytest.mark.parametrize(
    ("state", "fails"),
    [
        (GridConnectionState.CONNECTED, True),
        (GridConnectionState.OUTAGE, False),
        (GridConnectionState.NOT_GRID_TIED, False),
        (GridConnectionState.SIMULATED_OFF_GRID, False),
    ],
)
def test_only_the_grid_itself_is_in_the_way(state: GridConnectionState, fails: bool) -> None:
    assert bool(failing_checks(Situation(grid=state))) is fails


@pytest.mark.parametrize(("state", "fails"), [(0, False), (1, True), (2, False), (3, False), (9, False)])
def test_only_a_running_generator_is_in_the_way(state: int, fails: bool) -> None:
    assert bool(failing_checks(Situation(generator_state=state))) is fails
