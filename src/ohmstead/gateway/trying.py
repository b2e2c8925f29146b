"""Opens a device once, to see what it is, before it becomes part of the site."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ohmstead.gateway.secrets import Secrets
from ohmstead.gateway.sources import connect_device
from ohmstead.kit.registry import LocalServices, config_from_table
from ohmstead.model import Clock, ConfigError, DeviceInfo, Sample, TimedOut

TRY_S: Final = 30.0
"""Wire time. The slowest, an inverter with many packs behind it, takes half of it to say what it is."""
NAME: Final = "tried"


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    devices: tuple[DeviceInfo, ...]
    sample: Sample
    secrets: tuple[str, ...]
    """The references under which it asked for secrets."""


class TrialServices(LocalServices):
    """What is budgeted and remembered is forgotten again. The one secret that was given answers every question."""

    def __init__(self, clock: Clock, secrets: Secrets, given: str) -> None:
        super().__init__(clock)
        self.asked: list[str] = []
        self._site = secrets
        self._given = given

    def secret(self, reference: str) -> str:
        self.asked.append(reference)
        if self._given:
            return self._given
        try:
            return self._site.secret(reference)
        except ConfigError:
            raise ConfigError("this device needs a password or token, and none was given.") from None


async def try_device(
    url: str,
    settings: Mapping[str, Any],  # Any: as in the site file
    given: str,
    *,
    clock: Clock,
    secrets: Secrets,
) -> Tried:
    """One session, one sample. Raises `ConfigError` for wrong settings and `DeviceError` for what the device does."""
    config = config_from_table({**settings, "url": url, "name": NAME})
    services = TrialServices(clock, secrets, given)
    try:
        async with asyncio.timeout(TRY_S) as limit, connect_device(config, services) as source:
            sample = await source.read()
            devices = tuple(source.devices().values())
    except TimeoutError:
        if not limit.expired():
            raise
        raise TimedOut(f"it answers, but did not say what it is within {TRY_S:g} s.") from None
    return Tried(devices=devices, sample=sample, secrets=tuple(dict.fromkeys(services.asked)))
