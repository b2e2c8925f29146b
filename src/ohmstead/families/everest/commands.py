"""`ohmstead everest …`: what only this family can do from the command line."""

from __future__ import annotations

from ohmstead.families.everest.terminal.root import everest

__all__ = ["everest"]
