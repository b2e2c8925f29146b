"""The client: sessions, paging, commands and the guard in front of the flash."""

from __future__ import annotations

from ohmstead.families.hoymiles.client.client import Client
from ohmstead.families.hoymiles.client.commands import CommandResult
from ohmstead.families.hoymiles.client.limits import ENVELOPE, LimitResult
from ohmstead.families.hoymiles.client.pacing import Pace
from ohmstead.families.hoymiles.client.reception import SILENCE_S
from ohmstead.families.hoymiles.client.settings import ConfigResult

__all__ = [
    "ENVELOPE",
    "SILENCE_S",
    "Client",
    "CommandResult",
    "ConfigResult",
    "LimitResult",
    "Pace",
]
