"""The hardware catalogue."""

from __future__ import annotations

import pytest

from ohmstead.families.franklinwh.facts.codes import AccessoryKind, Country
from ohmstead.families.franklinwh.facts.hardware import (
    ACCESSORIES,
    GATEWAYS,
    PACKS,
    accessory_id,
    gateway_model,
)

GENERATOR, CIRCUITS = AccessoryKind.GENERATOR, AccessoryKind.CIRCUITS


@pytest.mark.parametrize(
    ("kind", "country", "generation", "number"),
    [
        (GENERATOR, Country.UNITED_STATES, 1, 201),
        (CIRCUITS, Country.UNITED_STATES, 1, 202),
        (GENERATOR, Country.UNITED_STATES, 2, 203),
        (CIRCUITS, Country.UNITED_STATES, 2, 204),
        (GENERATOR, Country.AUSTRALIA, 1, 301),
        (CIRCUITS, Country.AUSTRALIA, 1, 302),
        (CIRCUITS, Country.CHINA, 2, 202),
    ],
)
def test_an_accessory_is_told_by_country_and_generation(
    kind: AccessoryKind, country: Country, generation: int, number: int
) -> None:
    assert accessory_id(kind, country, generation) == number
    assert ACCESSORIES[number].kind is kind


def test_circuits_are_counted_by_the_module_that_is_fitted() -> None:
    assert {number: ACCESSORIES[number].circuits for number in (202, 204, 302)} == {202: 2, 204: 3, 302: 2}


@pytest.mark.parametrize(
    ("version", "found"), [("101", 101), (103, 103), (" 102 ", 102), ("999", None), (None, None), ("²", None)]
)
def test_a_gateway_is_found_by_number_or_text(version: object, found: int | None) -> None:
    assert getattr(gateway_model(version), "id", None) == found


def test_the_catalogue_knows_what_each_can_give() -> None:
    assert (PACKS[20].capacity_wh, PACKS[20].charge_w, PACKS[20].discharge_w) == (15_000, 8_000, 10_000)
    assert {model.generation for model in GATEWAYS.values()} == {1, 2}
    for accessory in ACCESSORIES.values():
        assert set(accessory.gateways) <= set(GATEWAYS)
