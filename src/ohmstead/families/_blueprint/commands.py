"""`ohmstead blueprint …`: what only this family can do from the command line."""

from __future__ import annotations

import click
import msgspec

from ohmstead.families._blueprint.client import PORT, Client
from ohmstead.families._blueprint.codec import words
from ohmstead.families._blueprint.messages import Message
from ohmstead.kit.console import Table, blank, group, json_option, quantity, show

port_option = click.option("--port", default=PORT, show_default=True, help="Where the inverter listens.")


@group()
def blueprint() -> None:
    """Talk to one inverter directly."""


@blueprint.command()
@click.argument("host")
@port_option
@json_option
async def info(host: str, port: int, *, as_json: bool) -> None:
    """Say who the inverter at HOST is."""
    async with Client(host, port) as client:
        found = await client.info()
    show(msgspec.to_builtins(found), lambda: [_table(found)], as_json=as_json)


@blueprint.command()
@click.argument("host")
@click.argument("percent", type=click.IntRange(0, 100))
@port_option
@json_option
async def limit(host: str, percent: int, port: int, *, as_json: bool) -> None:
    """Hold the inverter at HOST to PERCENT of its rating, until the sun sets."""
    async with Client(host, port) as client:
        found = await client.set_limit(percent)
    show(msgspec.to_builtins(found), lambda: [_table(found)], as_json=as_json)


def _table(message: Message) -> Table:
    rows = [
        (word.label, blank("secret") if word.secret else quantity(getattr(message, name), word.unit))
        for name, word in words(type(message)).items()
    ]
    return Table(columns=("Field", "Value"), rows=tuple(rows), right=frozenset({"Value"}))
