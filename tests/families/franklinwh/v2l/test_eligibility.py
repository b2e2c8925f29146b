"""Which hardware has a vehicle port that works."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.franklinwh.facts.codes import AccessoryKind
from ohmstead.families.franklinwh.facts.hardware import gateway_model
from ohmstead.families.franklinwh.v2l import Hardware, Reason, eligibility


def hardware(row: dict[str, Any]) -> Hardware:
    model = gateway_model(row["sysHdVersion"])
    assert model is not None
    return Hardware(
        has_circuits=AccessoryKind.CIRCUITS in row["accessoryTypes"],
        has_generator=AccessoryKind.GENERATOR in row["accessoryTypes"] or row["genEn"] == 1,
        country=row["countryId"],
        generation=model.generation,
        is_licensed=row["v2lModeEnable"] == 1,
    )


@pytest.mark.parametrize("number", range(13))
def test_every_combination_has_its_reason(number: int, vectors: Any) -> None:
    row = vectors["discover_truth_table"][number]

    found = eligibility(hardware(row))

    assert (found.eligible, found.reason.value) == (
        row["expect"]["v2l_eligible"],
        row["expect"]["v2l_reason"],
    )
    assert found.note


def test_an_australian_gateway_with_the_newer_module_has_no_port() -> None:
    found = eligibility(
        Hardware(has_circuits=True, has_generator=True, country=3, generation=2, is_licensed=True)
    )

    assert (found.eligible, found.reason) == (False, Reason.AU_NO_PORT)


@pytest.mark.parametrize("is_licensed", [True, False])
def test_in_another_region_the_licence_decides(is_licensed: bool) -> None:
    found = eligibility(
        Hardware(has_circuits=True, has_generator=False, country=1, generation=1, is_licensed=is_licensed)
    )

    assert (found.eligible, found.reason) == (is_licensed, Reason.UNKNOWN_REGION)


def test_the_licence_says_nothing_about_hardware() -> None:
    found = eligibility(
        Hardware(has_circuits=False, has_generator=True, country=2, generation=2, is_licensed=True)
    )

    assert (found.eligible, found.reason) == (False, Reason.NO_CIRCUITS)
