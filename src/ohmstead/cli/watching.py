"""What there is to watch, as a stream of pictures: of a running gateway, or of one device read directly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Final

import aiohttp
import msgspec

import ohmstead
from ohmstead.cli.examining import UNAUTHORISED, closed, stranger
from ohmstead.kit.console import sentence
from ohmstead.model import (
    AnyReading,
    ConfigError,
    DeviceError,
    DeviceId,
    Flows,
    Reading,
    Site,
    Source,
    Unreachable,
    flows,
)
from ohmstead.polling import HealthState

AGAIN_S: Final = 3.0
"""Between two tries to reach a gateway that went away."""
SILENCE_S: Final = 30.0
"""A gateway says something each ten seconds."""


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A device as far as it is shown; the part of the gateway's answer that matters here."""

    id: DeviceId
    source: str = ""
    name: str = ""
    health: HealthState
    reason: str = ""
    last_good_at: datetime | None = None
    readings: tuple[AnyReading, ...] = ()


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A home, or one device, at a moment."""

    at: datetime
    title: str
    flows: Flows
    devices: tuple[Watched, ...]
    trouble: str = ""
    """Why the picture is not of now."""


class _Place(msgspec.Struct, frozen=True):
    name: str = "Home"


class _State(msgspec.Struct, frozen=True, tag="state"):
    at: datetime
    site: _Place
    flows: Flows
    devices: tuple[Watched, ...]


class _Change(msgspec.Struct, frozen=True, tag="change"):
    at: datetime
    flows: Flows
    devices: tuple[Watched, ...]
    gone: tuple[DeviceId, ...] = ()


class _Tick(msgspec.Struct, frozen=True, tag="tick"):
    at: datetime


DECODER: Final = msgspec.json.Decoder(_State | _Change | _Tick)


async def of_gateway(url: str) -> AsyncIterator[Picture]:
    """Until the caller stops. A gateway that goes away is waited for; one that never was raises `Unreachable`.

    Raises `ConfigError` for a stranger, and `AuthFailed` for a gateway that asks its own machine for a token too.
    """
    picture: Picture | None = None
    while True:
        try:
            async for newer in _session(url):
                picture = newer
                yield newer
            trouble = "the gateway ended the connection"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(error, aiohttp.WSServerHandshakeError) and error.status == UNAUTHORISED:
                raise closed(url) from error
            if picture is None:
                raise Unreachable(
                    f"no gateway answers at {url}; start one with `ohmstead run`, or say which with --gateway."
                ) from error
            trouble = "the gateway does not answer"
        if picture is not None:
            yield msgspec.structs.replace(picture, trouble=f"{trouble}; trying again")
        await asyncio.sleep(AGAIN_S)


async def _session(url: str) -> AsyncIterator[Picture]:
    picture: Picture | None = None
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=5)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.ws_connect(f"{url.rstrip('/')}/api/v1/live", max_msg_size=0) as live,
    ):
        while True:
            message = await live.receive(timeout=SILENCE_S)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return
            try:
                said = DECODER.decode(message.data)
            except msgspec.DecodeError as error:
                raise stranger(url) from error
            picture = _next(picture, said)
            yield picture


def _next(before: Picture | None, said: _State | _Change | _Tick) -> Picture:
    if isinstance(said, _State):
        return Picture(at=said.at, title=said.site.name, flows=said.flows, devices=said.devices)
    if before is None:
        raise ConfigError("the gateway's first message was not its state; is it of another version?")
    if isinstance(said, _Tick):
        return msgspec.structs.replace(before, at=said.at, trouble="")
    gone = {*said.gone, *(device.source for device in said.devices if device.id != device.source)}
    devices = {device.id: device for device in before.devices if device.id not in gone}
    devices |= {device.id: device for device in said.devices}
    return msgspec.structs.replace(
        before, at=said.at, flows=said.flows, devices=tuple(devices.values()), trouble=""
    )


async def of_device(url: str) -> AsyncIterator[Picture]:
    """Read directly, at the device's own pace. The first read raises what it meets; later ones are tried again."""
    async with ohmstead.connect(url) as source:
        newest: dict[tuple[DeviceId, type[Reading]], Reading] = {}
        at: datetime | None = None
        while True:
            trouble = ""
            try:
                sample = await source.read()
                at = sample.at
                newest |= {(reading.device, type(reading)): reading for reading in sample.readings}
            except DeviceError as error:
                if at is None or not error.retryable:
                    raise
                trouble = f"{sentence(error)} Trying again."
            yield _picture(source, newest, at, trouble)
            await asyncio.sleep(source.contract.interval_s)


def _picture(
    source: Source, newest: Mapping[tuple[DeviceId, type[Reading]], Reading], at: datetime, trouble: str
) -> Picture:
    devices = tuple(
        Watched(
            id=device,
            name=info.name or info.model,
            health=HealthState.STALE if trouble else HealthState.GOOD,
            last_good_at=at,
            readings=tuple(reading for (of, _), reading in newest.items() if of == device),  # type: ignore[misc]  # every reading is one of its roles
        )
        for device, info in source.devices().items()
    )
    found = flows(newest.values(), Site(), at)
    return Picture(at=at, title=source_title(source), flows=found, devices=devices, trouble=trouble)


def source_title(source: Source) -> str:
    return ", ".join(dict.fromkeys(info.model for info in source.devices().values() if info.model))
