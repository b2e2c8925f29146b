"""`ohmstead hoymiles …`: what only this family can do from the command line."""

from __future__ import annotations

from ohmstead.families.hoymiles.commands import ordering, reading, storing
from ohmstead.families.hoymiles.commands.root import hoymiles

__all__ = ["hoymiles", "ordering", "reading", "storing"]
