"""What the API says: the gateway's values, without secrets, with types that spell out every role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ohmstead.gateway import DeviceStatus, Gateway
from ohmstead.history import Point, Series, Signal
from ohmstead.kit.registry import families
from ohmstead.model import AnyReading, Detail, DeviceId, Envelope, Flows, PollingContract, Site
from ohmstead.polling import Finding, HealthState, Rejected


class DeviceView(msgspec.Struct, frozen=True, kw_only=True):
    id: DeviceId
    source: str
    family: str
    family_title: str
    """The family's name as its makers write it."""
    model: str
    serial: str
    firmware: str
    name: str
    health: HealthState
    reason: str
    """Why the health is what it is, in a sentence; empty when there is nothing to say."""
    since: datetime
    next_try_at: datetime | None
    last_good_at: datetime | None
    failures: int
    contract: PollingContract | None
    readings: tuple[AnyReading, ...]
    details: tuple[Detail, ...]
    """Every field the device tells. The value of a secret one is never sent."""
    abilities: Mapping[str, Envelope]
    control: bool
    """Whether the device's owner lets anybody write to it."""
    rejected: tuple[Rejected, ...]


class SiteView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    time_zone: str
    currency: str
    masters: Mapping[str, tuple[str, ...]]


class StateView(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    """The time at the site: that of everything here."""
    speed: float
    """Seconds at the site per second; 1 in a real home."""
    site: SiteView
    flows: Flows
    devices: tuple[DeviceView, ...]


class HealthView(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    version: str
    is_good: bool
    """Whether every source answers, samples reach the disk, and the site file is in force."""
    devices: Mapping[str, int]
    """How many devices are in which health."""
    history_error: str
    """Empty while samples reach the disk."""
    config_problem: str
    """Why the site file as it stands is not in force; empty when it is."""
    findings: tuple[Finding, ...]
    """What does not fit between the home's meters, as far as it is sure."""


class SignalView(msgspec.Struct, frozen=True, kw_only=True):
    device: DeviceId
    signal: str
    """To ask the history with."""
    unit: str
    first_at: datetime
    last_at: datetime
    samples: int


class SeriesView(msgspec.Struct, frozen=True, kw_only=True):
    device: DeviceId
    signal: str
    unit: str
    start: datetime
    end: datetime
    step_s: float
    """Of days and months, the shortest they usually are: each point says when its own begins."""
    points: tuple[Point, ...]
    """A step without a sample has no point."""
    words: Mapping[int, str]
    """What the numbers mean, for a signal that is said in words."""


def device_view(status: DeviceStatus) -> DeviceView:
    card = families().get(status.family)
    own = {"family_title", "details"}
    same = {name: getattr(status, name) for name in DeviceView.__struct_fields__ if name not in own}
    return DeviceView(
        family_title=card.title if card else status.family,
        details=tuple(map(_without_secret, status.details)),
        **same,
    )


def _without_secret(detail: Detail) -> Detail:
    return msgspec.structs.replace(detail, value=None) if detail.secret else detail


def site_view(site: Site) -> SiteView:
    return SiteView(name=site.name, time_zone=site.time_zone, currency=site.currency, masters=site.masters)


def state_view(gateway: Gateway) -> StateView:
    state = gateway.state()
    return StateView(
        at=state.at,
        speed=gateway.clock.speed,
        site=site_view(state.site),
        flows=state.flows,
        devices=tuple(map(device_view, state.devices)),
    )


def signal_view(signal: Signal) -> SignalView:
    return SignalView(
        device=signal.device,
        signal=signal.name,
        unit=signal.unit,
        first_at=signal.first_at,
        last_at=signal.last_at,
        samples=signal.samples,
    )


def series_view(series: Series, start: datetime, end: datetime, step_s: float) -> SeriesView:
    return SeriesView(
        device=series.device,
        signal=series.signal,
        unit=series.unit,
        start=start,
        end=end,
        step_s=step_s,
        points=series.points,
        words=series.words,
    )
