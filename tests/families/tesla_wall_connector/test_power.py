"""Power on any wiring, against samples of real units."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ohmstead.families.tesla_wall_connector.bodies import read
from ohmstead.families.tesla_wall_connector.documents import Version, Vitals
from ohmstead.families.tesla_wall_connector.power import Wiring, power, presumed, recognised

SAMPLES = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))["rest"][
    "vitals"
]
WIRINGS = {
    "unknown_while_open": None,
    "phase_sum": Wiring.PHASES,
    "split_phase_v1": Wiring.SPLIT_1,
    "split_phase_v2": Wiring.SPLIT_2,
}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_the_power_of_a_captured_sample(sample: dict[str, Any]) -> None:
    vitals = read(Vitals, sample["raw"].encode())
    wiring = recognised(vitals)
    found = power(vitals, wiring or Wiring.PHASES)

    assert wiring is WIRINGS[sample["expect"]["topology"]]
    assert found is not None
    assert found.power_va == pytest.approx(sample["expect"]["power_va"], abs=0.06)
    assert found.power_ref_va == pytest.approx(sample["expect"]["grid_times_vehicle_va"], abs=0.06)


def closed(**fields: float) -> Vitals:
    return Vitals(contactor_closed=True, vehicle_connected=True, **fields)  # type: ignore[arg-type]


def test_one_live_phase_counts_alone() -> None:
    vitals = closed(
        grid_v=230.0,
        vehicle_current_a=16.0,
        currentA_a=16.0,
        currentB_a=0.5,
        voltageA_v=229.0,
        voltageB_v=9.0,
    )

    found = power(vitals, Wiring.PHASES)

    assert recognised(vitals) is Wiring.PHASES
    assert found is not None
    assert (found.power_va, found.phases) == (229.0 * 16.0, 1)


@pytest.mark.parametrize(
    ("wiring", "power_va"),
    [(Wiring.PHASES, 230.0 * 30.0), (Wiring.SPLIT_1, 2300.0), (Wiring.SPLIT_2, 2300.0)],
)
def test_right_after_closing_the_supply_voltage_stands_in(wiring: Wiring, power_va: float) -> None:
    vitals = closed(grid_v=230.0, vehicle_current_a=10.0, currentA_a=10.0, currentB_a=10.0, currentC_a=10.0)

    found = power(vitals, wiring)

    assert recognised(vitals) is None
    assert found is not None
    assert found.power_va == power_va


def test_right_after_opening_no_current_counts() -> None:
    vitals = msgspec.structs.replace(
        closed(grid_v=230.0, vehicle_current_a=0.4, currentA_a=35.8), contactor_closed=False
    )

    found = power(vitals, Wiring.PHASES)

    assert found is not None
    assert found.power_va == 0.0


def test_without_its_fields_there_is_no_power() -> None:
    assert power(Vitals(contactor_closed=True), Wiring.PHASES) is None
    assert power(Vitals(grid_v=230.0, vehicle_current_a=16.0), Wiring.PHASES) is None


@pytest.mark.parametrize(
    ("part_number", "grid_hz", "wiring"),
    [
        ("1457768-02-G", 50.0, Wiring.SPLIT_2),
        ("1734412-02-D", 60.0, Wiring.SPLIT_2),
        ("1529455-02-D", 60.0, Wiring.PHASES),
        (None, 59.9, Wiring.SPLIT_2),
        (None, 50.1, Wiring.PHASES),
        (None, None, Wiring.PHASES),
    ],
)
def test_before_anything_is_learnt_part_number_and_frequency_say_what_to_presume(
    part_number: str | None, grid_hz: float | None, wiring: Wiring
) -> None:
    assert presumed(Version(part_number=part_number), Vitals(grid_hz=grid_hz)) is wiring
