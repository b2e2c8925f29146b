"""What a restart still knows of each source: its pace, its devices and what they said last, before it is asked again."""

from __future__ import annotations

from typing import Final

import msgspec

from ohmstead.model import AnyReading, DeviceConfig, DeviceInfo, PollingContract

KEY: Final = "source/"


class Acquaintance(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    """Another address may be another device: then nothing is known."""
    contract: PollingContract
    devices: tuple[DeviceInfo, ...]
    readings: tuple[AnyReading, ...]
    """The newest of each device and role."""


def key_of(config: DeviceConfig) -> str:
    """Under which the gateway's memory keeps it."""
    return KEY + config.name


def told(acquaintance: Acquaintance) -> str:
    return msgspec.json.encode(acquaintance).decode()


def recalled(text: str | None, config: DeviceConfig) -> Acquaintance | None:
    """None for nothing, for another address, and for what an earlier version wrote in a shape of its own."""
    if text is None:
        return None
    try:
        found = msgspec.json.decode(text, type=Acquaintance)
    except msgspec.DecodeError:
        return None
    return found if found.url == config.url else None
