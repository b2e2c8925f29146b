"""What requests of the first-run wizard and of the settings page bring, and what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ohmstead.api.contract import Ask
from ohmstead.model import AnyReading, DeviceId

Url = Annotated[str, Meta(min_length=1, max_length=500, description="Such as hoymiles://192.168.1.7.")]
Secret = Annotated[str, Meta(max_length=1000)]
Settings = Mapping[Annotated[str, Meta(max_length=100)], Any]  # Any: each family's own; its type decides


class DiscoverAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    network: Annotated[
        str,
        Meta(
            max_length=500,
            description="Private networks of at most 1024 addresses, with commas between them; each may name a port, as in "
            "192.168.1.7:8080. This machine's own if not said.",
        ),
    ] = ""


class FoundView(msgspec.Struct, frozen=True, kw_only=True):
    family: str
    url: str
    """What it needs stands in it in braces, to be filled in."""
    title: str
    serial: str
    needs: tuple[str, ...]
    """What the user still has to give, such as a password."""
    is_known: bool
    """Whether it is part of the site already."""


class TryAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: Url
    settings: Settings = msgspec.field(default_factory=dict)
    secret: Secret = ""
    """A password or token, if it needs one. It is not kept."""


class TriedDevice(msgspec.Struct, frozen=True, kw_only=True):
    id: DeviceId
    model: str
    serial: str
    firmware: str
    readings: tuple[AnyReading, ...]


class TryView(msgspec.Struct, frozen=True, kw_only=True):
    devices: tuple[TriedDevice, ...]
    secrets: tuple[str, ...]
    """Under which names it asked for secrets: those to save them under."""


class DeviceEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[device]]` table."""

    name: Annotated[str, Meta(max_length=100)] = ""
    """Short and unique; device ids start with it. Empty: the URL's host."""
    url: Url
    control: bool = False
    """Nothing is written to it until its owner sets this."""
    serial: Annotated[str, Meta(max_length=100)] = ""
    """That is expected there; empty: that of the first contact."""
    settings: Settings = msgspec.field(default_factory=dict)
    """The family's own, but for those at their defaults."""


class FamilyView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str
    schemes: tuple[str, ...]
    settings: Mapping[str, Any]  # Any: a JSON Schema
    """Schema of a device's `settings`. What is `readOnly` in it is set in the file by hand."""


class SiteDocument(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    time_zone: str
    currency: str
    latitude_deg: float | None
    longitude_deg: float | None
    devices: tuple[DeviceEntry, ...]
    families: tuple[FamilyView, ...]
    can_undo: bool


class SiteAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the site is to be. What the file says beyond this stays."""

    name: Annotated[str, Meta(max_length=200)]
    time_zone: Annotated[str, Meta(max_length=100)]
    currency: Annotated[str, Meta(max_length=3)]
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    devices: Annotated[tuple[DeviceEntry, ...], Meta(max_length=200)]
    secrets: Annotated[
        Mapping[Annotated[str, Meta(min_length=1, max_length=300)], Secret], Meta(max_length=200)
    ] = msgspec.field(default_factory=dict)
    """Passwords and tokens by the names under which devices ask for them. They are kept, and never told again."""
    families: Any = None  # Any: it is not looked at
    """Of no effect: what `GET` answered may be sent back as it is."""
    can_undo: bool = False
    """Of no effect, as above."""
