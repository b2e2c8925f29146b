"""What the gateway tells its faces: one snapshot type for a device, one for the site, one for a change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ohmstead.model import ChargePointFacts, Detail, DeviceId, Envelope, Flows, PollingContract, Reading, Site
from ohmstead.polling import HealthState, Rejected


class DeviceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One device as it is known now. A source that has never opened is one device named like the source."""

    id: DeviceId
    source: str
    family: str
    model: str = ""
    serial: str = ""
    firmware: str = ""
    name: str = ""
    health: HealthState
    reason: str = ""
    since: datetime
    next_try_at: datetime | None = None
    last_good_at: datetime | None = None
    failures: int = 0
    contract: PollingContract | None = None
    readings: tuple[Reading, ...] = ()
    """The newest of each role; `stale` once it is too old to count."""
    details: tuple[Detail, ...] = ()
    charge_point: ChargePointFacts | None = None
    abilities: Mapping[str, Envelope] = msgspec.field(default_factory=dict)
    control: bool = False
    """Whether its owner lets us write to it."""
    rejected: tuple[Rejected, ...] = ()
    """The newest values the gate kept aside, newest first."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    site: Site
    flows: Flows
    devices: tuple[DeviceStatus, ...]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What changed since the last one this watcher took."""

    at: datetime
    flows: Flows
    devices: tuple[DeviceStatus, ...]
    gone: frozenset[DeviceId] = frozenset()
    """Devices that left the site since then."""
