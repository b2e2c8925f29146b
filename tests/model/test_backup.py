"""What the model says of homes that can do without the grid."""

from __future__ import annotations

from ohmstead.model import ABILITIES


def test_a_home_can_be_told_its_mode_to_leave_the_grid_and_to_start_its_generator_by_itself() -> None:
    verbs = {name: ABILITIES[name].verb for name in ("selects_mode", "leaves_grid", "runs_automatically")}

    assert verbs == {
        "selects_mode": "select_mode",
        "leaves_grid": "leave_grid",
        "runs_automatically": "run_automatically",
    }
