"""The interface's asking end: every method typed, everything announced kept, and a connection that comes back."""

from __future__ import annotations

from ohmstead.families.everest.client.client import Client, connected
from ohmstead.families.everest.client.known import Known, read_known
from ohmstead.families.everest.client.line import Greeting
from ohmstead.families.everest.client.mirror import EvseView, Mirror
from ohmstead.families.everest.client.outcome import Outcome, Terms

__all__ = ["Client", "EvseView", "Greeting", "Known", "Mirror", "Outcome", "Terms", "connected", "read_known"]
