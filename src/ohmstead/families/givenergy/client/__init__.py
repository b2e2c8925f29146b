"""The client: asks the devices behind one adapter, and keeps what it hears."""

from __future__ import annotations

from ohmstead.families.givenergy.client.banks import ExtraBlock
from ohmstead.families.givenergy.client.client import Client
from ohmstead.families.givenergy.client.exchange import Priority
from ohmstead.families.givenergy.client.outcomes import (
    FailedRead,
    PlantTopologyMismatch,
    RefreshError,
    RefreshFailed,
    RefreshPartiallySucceeded,
)

__all__ = [
    "Client",
    "ExtraBlock",
    "FailedRead",
    "PlantTopologyMismatch",
    "Priority",
    "RefreshError",
    "RefreshFailed",
    "RefreshPartiallySucceeded",
]
