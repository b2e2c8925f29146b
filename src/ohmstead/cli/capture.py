"""`ohmstead capture`: record what passes between us and a device, secrets blanked, to decode it later."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

import ohmstead
from ohmstead.cli.parameters import POSITIVE
from ohmstead.kit.console import command, duration, note, require_new, sentence, stop_signal
from ohmstead.kit.link import CaptureHeader, CaptureWriter
from ohmstead.kit.registry import LocalServices, family_of_url, load
from ohmstead.model import ConfigError, DeviceError, Family, Source

REDACTION: Final = "serials, addresses and secrets blanked frame by frame; bytes outside frames left out"


@command()
@click.argument("url")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--duration",
    "duration_s",
    type=POSITIVE,
    metavar="S",
    help="End so many seconds after the first contact; until interrupted if not given.",
)
async def capture(url: str, file: Path, duration_s: float | None) -> None:
    """Record the traffic with the device behind URL in FILE, secrets blanked.

    The device is read at its own pace meanwhile. An existing FILE is never overwritten.
    """
    card = family_of_url(url)
    if not card.capture:
        raise ConfigError(f"the traffic of {card.title} cannot be recorded yet.")
    require_new(file)
    header = await introduced(url, card)
    services_clock = LocalServices().clock
    codec = load(card.capture)()
    # From the moment there is a file, being told to stop must leave it whole.
    with stop_signal() as stop, closing(CaptureWriter(file, header, codec, services_clock)) as writer:
        await record(url, LocalServices(services_clock, writer.tap), duration_s, stop)
    recorded = duration(services_clock.now() - header.started_at)
    note(f"Recorded {recorded} of {header.device} in {file}; `ohmstead replay {file}` says what it contains.")


async def introduced(url: str, card: Family) -> CaptureHeader:
    """Who is there, asked on a connection of its own: the recorded one then holds a whole first contact."""
    async with ohmstead.connect(url) as source:
        devices = source.devices().values()
        return CaptureHeader(
            device=listed(device.model for device in devices) or card.title,
            family=card.name,
            firmware=listed(device.firmware for device in devices),
            recorded_by=f"ohmstead {ohmstead.__version__}",
            started_at=datetime.now(UTC),
            redaction=REDACTION,
        )


def listed(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))


async def record(url: str, services: LocalServices, duration_s: float | None, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with ohmstead.connect(url, services) as source, asyncio.timeout(duration_s):
            while not stop.is_set():
                await read_and_wait(source, stop)


async def read_and_wait(source: Source, stop: asyncio.Event) -> None:
    """One read, and the device's own pause after it. Trouble belongs into a recording, so it does not end it."""
    try:
        await source.read()
    except DeviceError as error:
        if not error.retryable:
            raise
        note(sentence(error))
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), source.contract.interval_s)
