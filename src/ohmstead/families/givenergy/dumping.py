"""The parts of a plant as plain values."""

from __future__ import annotations

from types import MappingProxyType

from ohmstead.families.givenergy.views import Battery, BatteryModule, HvStack, Meter, View

Part = View | list[Battery] | list[BatteryModule] | list[HvStack] | dict[int, Meter] | None
"""What a dump has under one name."""


def dumped(part: Part, *, enum_names: bool = False) -> object:
    if isinstance(part, list):
        return [view.model_dump(enum_names=enum_names) for view in part]
    if isinstance(part, dict):
        return {key: view.model_dump(enum_names=enum_names) for key, view in part.items()}
    return None if part is None else part.model_dump(enum_names=enum_names)


def frozen(value: object) -> object:
    """The same, so that nobody can change it: down to the values of each view."""
    if isinstance(value, list):
        return tuple(frozen(entry) for entry in value)
    return MappingProxyType(value) if isinstance(value, dict) else value
