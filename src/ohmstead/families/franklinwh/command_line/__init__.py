"""The command group, and the files that hold its commands."""

from __future__ import annotations

from ohmstead.families.franklinwh.command_line import (  # noqa: F401 - they register their commands
    deciding,
    energy,
    looking,
    raw,
    sharing,
    switching,
    vehicle,
)
from ohmstead.families.franklinwh.command_line.root import franklinwh

__all__ = ["franklinwh"]
