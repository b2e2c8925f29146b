"""Which model a unit is."""

from __future__ import annotations

import pytest

from ohmstead.families.givenergy.models import Model, resolve
from ohmstead.families.givenergy.ratings import battery_max_power_w, inverter_max_power_w


@pytest.mark.parametrize(
    ("code", "firmware", "model"),
    [
        ("2001", 449, Model.HYBRID_GEN1),
        ("2001", None, Model.HYBRID_GEN1),
        ("2001", 302, Model.HYBRID_GEN3),
        ("2001", 920, Model.HYBRID_GEN2),
        ("2003", 899, Model.HYBRID_GEN2),
        ("2102", 0, Model.POLAR),
        ("2201", 0, Model.HYBRID),
        ("3001", 282, Model.AC),
        ("4001", 0, Model.HYBRID_3PH),
        ("4101", 0, Model.AIO_COMMERCIAL),
        ("5001", 1036, Model.EMS),
        ("5101", 0, Model.EMS_COMMERCIAL),
        ("6001", 0, Model.AC_3PH),
        ("7001", 14, Model.GATEWAY),
        ("8001", 612, Model.ALL_IN_ONE),
        ("8102", 0, Model.HYBRID_HV_GEN3),
        ("8201", 0, Model.ALL_IN_ONE_HYBRID),
        ("8301", 0, Model.HYBRID_GEN4),
    ],
)
def test_code_and_firmware_make_the_model(code: str, firmware: int | None, model: Model) -> None:
    found = resolve(code, firmware)
    assert found is model


@pytest.mark.parametrize("code", ["0000", "9001", "1001", "ffff"])
def test_a_code_of_no_family_is_no_model(code: str) -> None:
    assert resolve(code, 449) is None


def test_the_hybrid_family_equals_its_models_and_nothing_else_does() -> None:
    assert Model.HYBRID_GEN1 == Model.HYBRID
    assert Model.HYBRID == Model.POLAR
    assert Model.HYBRID_GEN1 != Model.HYBRID_GEN2
    assert Model.HYBRID_GEN3 != Model.POLAR
    assert Model.ALL_IN_ONE != Model.HYBRID_HV_GEN3
    assert Model.HYBRID_3PH != Model.AIO_COMMERCIAL
    assert Model.HYBRID != Model.HYBRID_3PH
    assert Model.HYBRID != "HYBRID"


def test_equal_models_have_one_hash() -> None:
    assert hash(Model.HYBRID) == hash(Model.HYBRID_GEN1) == hash(Model.POLAR)


def test_families_are_compared_by_the_first_digit() -> None:
    assert Model.HYBRID_HV_GEN3.same_family(Model.ALL_IN_ONE)
    assert not Model.AC.same_family(Model.AC_3PH)
    assert Model.HYBRID_GEN2.family is Model.HYBRID


@pytest.mark.parametrize(
    ("stored", "model"),
    [
        ("HYBRID_GEN1", Model.HYBRID_GEN1),
        ("2", Model.HYBRID),
        (3, Model.AC),
        ("20g2", Model.HYBRID_GEN2),
        ("83", Model.HYBRID_GEN4),
        (8, Model.ALL_IN_ONE),
    ],
)
def test_stored_models_are_read_in_every_form_there_was(stored: str | int, model: Model) -> None:
    assert Model.parse(stored) is model


@pytest.mark.parametrize("stored", ["", "TOASTER", 9, True])
def test_a_stored_model_that_is_none_is_refused(stored: str | int) -> None:
    with pytest.raises(ValueError, match="names no model"):
        Model.parse(stored)


def test_rated_power_comes_from_the_code_and_else_from_the_module_word() -> None:
    assert inverter_max_power_w("2001", "00030832") == 5000
    assert inverter_max_power_w("2999", "00030824") == 3600
    assert inverter_max_power_w("2999", None) is None


@pytest.mark.parametrize(
    ("code", "firmware", "power_w"),
    [("2001", 449, 2600), ("2001", 920, 3600), ("8102", None, 8000), ("4001", 0, None)],
)
def test_battery_power_is_none_where_nobody_knows_it(
    code: str, firmware: int | None, power_w: int | None
) -> None:
    assert battery_max_power_w(code, firmware) == power_w
