"""`ohmstead franklinwh …`: what only this family can do from the command line."""

from __future__ import annotations

from ohmstead.families.franklinwh.command_line import franklinwh

__all__ = ["franklinwh"]
