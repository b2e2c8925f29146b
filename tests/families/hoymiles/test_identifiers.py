from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.hoymiles import identifiers

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
MODELS = {
    "dtu": identifiers.dtu_model,
    "inverter": identifiers.inverter_model,
    "meter": identifiers.meter_model,
}


@pytest.mark.parametrize("vector", VECTORS["serials"], ids=lambda vector: vector["id"])
def test_a_serial_reads_as_it_is_printed(vector: dict[str, Any]) -> None:
    number = int(vector["value"])
    assert identifiers.serial_text(number) == vector["text"]
    assert identifiers.serial_number(vector["text"].lower()) == number
    assert identifiers.displayed_serial(number) == vector["display"]


def test_a_serial_is_padded_with_zeros() -> None:
    assert identifiers.serial_text(0xABC) == "000000000ABC"
    assert identifiers.serial_number("abc") == 0xABC


@pytest.mark.parametrize("text", ["", "1412A03344556", "1412-A033445", "+12", "0x1412", "not a serial"])
def test_what_is_no_serial_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no serial"):
        identifiers.serial_number(text)


@pytest.mark.parametrize("vector", VECTORS["models"], ids=lambda vector: vector["id"])
def test_a_serial_names_its_model(vector: dict[str, Any]) -> None:
    assert MODELS[vector["device"]](vector["serial"]) == vector["text"]


def test_a_serial_that_is_no_hex_has_no_model_and_raises_nothing() -> None:
    assert identifiers.inverter_model("14zz00000000") == "unknown (14ZZ)"
    assert identifiers.inverter_model("") == "unknown ()"


@pytest.mark.parametrize("vector", VECTORS["versions"], ids=lambda vector: vector["id"])
def test_a_version_reads_as_in_the_vendors_app(vector: dict[str, Any]) -> None:
    assert identifiers.version_text(vector["scheme"], int(vector["value"])) == vector["text"]


def test_a_grid_profile_version_is_made_of_nibbles() -> None:
    assert identifiers.grid_profile_version_text(0x2001) == "2.0.1"
