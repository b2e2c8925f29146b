"""What stands below a field is what manuals and forms say of it."""

from __future__ import annotations

import msgspec
import pytest

from ohmstead.kit.registry import families, load
from ohmstead.kit.registry.meanings import meanings
from ohmstead.model import DeviceConfig


class Roof(msgspec.Struct):
    tilt_deg: float = 35.0
    """Of its panels, upward
    from the horizon."""
    name: str = ""
    # no meaning, but a comment
    colour: str = "red"


class Garage(Roof):
    colour: str = "grey"
    """Of its door."""

    def open(self) -> str:
        """Not a field."""
        return self.name


def test_a_meaning_is_one_line_and_inherited() -> None:
    assert meanings(Roof) == {"tilt_deg": "Of its panels, upward from the horizon."}
    assert meanings(Garage) == {
        "tilt_deg": "Of its panels, upward from the horizon.",
        "colour": "Of its door.",
    }


def test_without_a_source_nothing_is_said() -> None:
    assert meanings(msgspec.defstruct("Made", [("a", int, 1)])) == {}


@pytest.mark.parametrize("name", sorted(families()))
def test_every_setting_of_every_family_says_what_it_is(name: str) -> None:
    config: type[DeviceConfig] = load(families()[name].config)

    assert set(config.__struct_fields__) - set(meanings(config)) == set()
