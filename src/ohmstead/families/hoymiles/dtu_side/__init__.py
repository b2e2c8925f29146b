"""The DTU's end of the cloud link: a unit that reports, keeps what it could not report, and takes commands."""

from __future__ import annotations

from ohmstead.families.hoymiles.dtu_side.outbox import Outbox, Upload
from ohmstead.families.hoymiles.dtu_side.session import (
    HEARTBEAT_S,
    RETRY_S,
    SILENCE_S,
    CloudSession,
    CloudState,
)
from ohmstead.families.hoymiles.dtu_side.unit import ReportingUnit

__all__ = [
    "HEARTBEAT_S",
    "RETRY_S",
    "SILENCE_S",
    "CloudSession",
    "CloudState",
    "Outbox",
    "ReportingUnit",
    "Upload",
]
