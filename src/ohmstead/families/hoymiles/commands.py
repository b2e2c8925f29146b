"""`ohmstead hoymiles …`: what only this family can do from the command line."""

from __future__ import annotations

from ohmstead.families.hoymiles.terminal import hoymiles

__all__ = ["hoymiles"]
