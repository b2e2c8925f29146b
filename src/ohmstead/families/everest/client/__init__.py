"""The interface's asking end: every method typed, everything announced kept, and a connection that comes back."""

from __future__ import annotations

from ohmstead.families.everest.client.client import Client, Outcome, connected
from ohmstead.families.everest.client.mirror import EvseView, Mirror

__all__ = ["Client", "EvseView", "Mirror", "Outcome", "connected"]
