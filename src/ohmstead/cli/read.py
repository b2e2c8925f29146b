"""`ohmstead read`: one source, one sample."""

from __future__ import annotations

import asyncio

import click

import ohmstead
from ohmstead.cli.samples import sample_document, sample_tables
from ohmstead.kit.console import command, json_option, note, sentence, show
from ohmstead.model import DeviceError, Source


@command()
@click.argument("url")
@json_option
@click.option("--watch", is_flag=True, help="Read again at the device's own pace until interrupted.")
async def read(url: str, as_json: bool, watch: bool) -> None:  # noqa: FBT001 - click passes by name
    """Read the device behind URL, such as hoymiles://192.0.2.7, and print what it says.

    With --json: one document; with --watch as well: one document a line.
    """
    async with ohmstead.connect(url) as source:
        await read_once(source, as_json=as_json)
        while watch:
            await asyncio.sleep(source.contract.interval_s)
            try:
                await read_once(source, as_json=as_json)
            except DeviceError as error:
                if not error.retryable:
                    raise
                note(f"{sentence(error)} Trying again.")


async def read_once(source: Source, *, as_json: bool) -> None:
    sample = await source.read()
    document = sample_document(source.devices(), sample)
    show(document, lambda: sample_tables(document), as_json=as_json)
