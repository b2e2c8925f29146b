"""The generator module: its record typed, what may be written to it, and its alarms in words."""

from __future__ import annotations

from ohmstead.families.franklinwh.generator.alarms import Alarm, generator_alarms
from ohmstead.families.franklinwh.generator.record import (
    Exercise,
    GeneratorDetail,
    GeneratorVehicle,
    Window,
    generator_detail,
)

__all__ = [
    "Alarm",
    "Exercise",
    "GeneratorDetail",
    "GeneratorVehicle",
    "Window",
    "generator_alarms",
    "generator_detail",
]
