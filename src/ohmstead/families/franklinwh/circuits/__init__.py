"""Smart circuits: what their record says, and the whole-record writes that change one of them."""

from __future__ import annotations

from ohmstead.families.franklinwh.circuits.record import Circuit, circuits, is_merged, is_newer_merged
from ohmstead.families.franklinwh.circuits.schedule import UNSET_DATES, Times, schedule_fields
from ohmstead.families.franklinwh.circuits.writing import (
    limited,
    newer_switched,
    patched,
    scheduled,
    switched,
    with_cutoff,
)

__all__ = [
    "UNSET_DATES",
    "Circuit",
    "Times",
    "circuits",
    "is_merged",
    "is_newer_merged",
    "limited",
    "newer_switched",
    "patched",
    "schedule_fields",
    "scheduled",
    "switched",
    "with_cutoff",
]
