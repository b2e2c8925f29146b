"""`ohmstead givenergy …`: what only this family can do from the command line."""

from __future__ import annotations

from ohmstead.families.givenergy.command_line import ems, looking, settings
from ohmstead.families.givenergy.command_line.root import givenergy

__all__ = ["ems", "givenergy", "looking", "settings"]
