"""Commands that only look: all registers, all settings, the traffic."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from ohmstead.families.givenergy.client import Client, RefreshError
from ohmstead.families.givenergy.command_line.root import givenergy
from ohmstead.families.givenergy.command_line.sending import session
from ohmstead.families.givenergy.compact import to_compact
from ohmstead.families.givenergy.config import address
from ohmstead.families.givenergy.details import plain
from ohmstead.families.givenergy.plant import Plant
from ohmstead.kit.console import ExitCode, FiniteType, Table, json_option, note, quantity, require_new, show
from ohmstead.model import DeviceError

NAMES_A_DEVICE: Final = "serial"
POLL_S: Final = 5.0


@givenergy.command()
@click.argument("host")
@click.option("--compact", is_flag=True, help="Print text that is short enough to paste.")
@click.option("--no-redact", is_flag=True, help="Leave serial numbers in. Not for sharing.")
@json_option
async def probe(host: str, *, compact: bool, no_redact: bool, as_json: bool) -> None:
    """Read every register of all devices at HOST: to share, to ask about, to simulate from.

    Without --compact it is one JSON document. Serial numbers lose their unit numbers. Ends with 1 when some reads
    failed, after printing the others, and with 2 when no device answered.
    """
    if compact and as_json:
        raise click.UsageError("--compact is no JSON; leave one of them out")
    async with Client(*address(host)) as client:
        is_whole = await _read_all(client)
        plant = client.plant if no_redact else client.plant.redact()
    if no_redact:
        note("This names your devices: keep it to yourself.")
    click.echo(compact_text(plant) if compact else registers_json(plant), nl=not compact)
    if not is_whole:
        raise click.exceptions.Exit(ExitCode.SAID_NO)


async def _read_all(client: Client) -> bool:
    """Whether everything could be read. What could not is told on stderr."""
    try:
        await client.detect()
    except DeviceError as error:
        note(str(error))
        raise click.exceptions.Exit(ExitCode.WRONG_USE) from error
    failures = 0
    for read in (client.load_config, client.refresh):
        try:
            await read()
        except RefreshError as error:
            note(str(error))
            failures += len(error.failures)
    return not failures


def compact_text(plant: Plant) -> str:
    inverter = plant.inverter
    found = plant.capabilities
    model = "unknown" if found is None else found.device_type.name
    return f"# {model}, firmware {inverter.firmware_version or 'unknown'}\n" + to_compact(
        plant.register_caches
    )


def registers_json(plant: Plant) -> str:
    caches = {f"0x{a:02x}": dict(cache) for a, cache in sorted(plant.register_caches.items()) if cache}
    return msgspec.json.encode(caches).decode()


@givenergy.command()
@click.argument("host")
@json_option
async def config(host: str, *, as_json: bool) -> None:
    """Show all settings of the plant at HOST."""
    async with session(host) as client:
        found = settings(await client.load_config())
    rows = tuple((name.replace("_", " "), quantity(value, unit)) for name, (value, unit) in found.items())
    show(
        {name: value for name, (value, _) in found.items()},
        lambda: [Table(title="Settings", columns=("Setting", "Value"), rows=rows)],
        as_json=as_json,
    )


def settings(plant: Plant) -> Mapping[str, tuple[Any, str]]:  # Any: a plain value
    """Every holding register that is known, by name, with its unit. What names a device is left out."""
    view = plant.ems or plant.inverter
    values = view.values
    return {
        name: (plain(values[name]), line.unit)
        for name, line in view.lines.items()
        if line.bank == "HR"
        and values[name] is not None
        and NAMES_A_DEVICE not in name
        and not line.facts.secret
    }


@givenergy.command()
@click.argument("host")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option(
    "--duration", type=FiniteType(min=0, min_open=True), default=60.0, show_default=True, help="Seconds."
)
async def capture(host: str, file: Path, *, duration: float) -> None:
    """Record the traffic of the adapter at HOST, redacted, one frame a line, while reading everything now and then.

    An existing FILE is never overwritten.
    """
    require_new(file)
    async with Client(*address(host)) as client:
        with file.open("x", encoding="utf-8") as out:

            def write(direction: str, frame: bytes) -> None:
                out.write(f"{datetime.now(UTC).isoformat()} {direction} {frame.hex()}\n")

            async with asyncio.TaskGroup() as tasks:
                polling = tasks.create_task(_poll(client))
                await client.capture_frames(write, duration)
                polling.cancel()
    note(f"{file} holds what passed, without the numbers of your units.")


async def _poll(client: Client) -> None:
    await client.detect()
    while True:
        for read in (client.load_config, client.refresh):
            try:
                await read()
            except RefreshError as error:
                note(str(error))
        await asyncio.sleep(POLL_S)
