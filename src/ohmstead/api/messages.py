"""The messages of the live stream, encoded and framed once for everybody who listens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Final

import msgspec

from ohmstead.api.views import DeviceView, SiteView, StateView, device_view, state_view
from ohmstead.gateway import Change, Gateway
from ohmstead.kit.wire.websocket import Message, message_frame
from ohmstead.model import DeviceId, Flows


class StateMessage(msgspec.Struct, frozen=True, kw_only=True, tag="state"):
    """The first message: everything, as `state` answers it."""

    at: datetime
    speed: float
    site: SiteView
    flows: Flows
    devices: tuple[DeviceView, ...]


class ChangeMessage(msgspec.Struct, frozen=True, kw_only=True, tag="change"):
    """The devices that changed since the last message, whole, and the flows."""

    at: datetime
    flows: Flows
    devices: tuple[DeviceView, ...]
    gone: tuple[DeviceId, ...]
    """Devices that have left the site."""


class TickMessage(msgspec.Struct, frozen=True, kw_only=True, tag="tick"):
    """Nothing changed for some seconds. A client that hears nothing at all for thrice as long has lost the line."""

    at: datetime


LiveMessage = StateMessage | ChangeMessage | TickMessage


class _Encoded(msgspec.Struct, frozen=True, kw_only=True, tag="change"):
    """A `ChangeMessage` whose parts are JSON already."""

    at: datetime
    flows: msgspec.Raw
    devices: tuple[msgspec.Raw, ...]
    gone: tuple[DeviceId, ...]


ENCODER: Final = msgspec.json.Encoder()


class Batch:
    """Changes that wait to be sent. Parts are encoded once; a newer state of a device replaces the one before."""

    def __init__(
        self,
        at: datetime,
        flows: msgspec.Raw,
        devices: Mapping[DeviceId, msgspec.Raw],
        gone: frozenset[DeviceId],
    ) -> None:
        self.at = at
        self.flows = flows
        self.devices = devices
        self.gone = gone

    @cached_property
    def frame(self) -> bytes:
        devices, gone = tuple(self.devices.values()), tuple(sorted(self.gone))
        return _framed(_Encoded(at=self.at, flows=self.flows, devices=devices, gone=gone))

    def followed_by(self, newer: Batch) -> Batch:
        devices = {device: raw for device, raw in self.devices.items() if device not in newer.gone}
        gone = (self.gone - newer.devices.keys()) | newer.gone
        return Batch(newer.at, newer.flows, {**devices, **newer.devices}, gone)


def batch_of(change: Change) -> Batch:
    devices = {status.id: msgspec.Raw(ENCODER.encode(device_view(status))) for status in change.devices}
    return Batch(change.at, msgspec.Raw(ENCODER.encode(change.flows)), devices, change.gone)


def state_frame(gateway: Gateway) -> bytes:
    view: StateView = state_view(gateway)
    return _framed(
        StateMessage(at=view.at, speed=view.speed, site=view.site, flows=view.flows, devices=view.devices)
    )


def tick_frame(at: datetime) -> bytes:
    return _framed(TickMessage(at=at))


def _framed(message: msgspec.Struct) -> bytes:
    """As it travels, which is the same for everybody."""
    return message_frame(Message(ENCODER.encode(message), is_text=True))
