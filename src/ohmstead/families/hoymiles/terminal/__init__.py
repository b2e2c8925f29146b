"""What the command line does with one DTU: reading, ordering, and storage gateways."""

from __future__ import annotations

from ohmstead.families.hoymiles.terminal import ordering, reading, storing
from ohmstead.families.hoymiles.terminal.root import hoymiles

__all__ = ["hoymiles", "ordering", "reading", "storing"]
