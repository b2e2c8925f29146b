"""The command group, and what its commands share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager

import click

from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator, open_configurator
from ohmstead.families.tesla_wall_connector.config import address
from ohmstead.families.tesla_wall_connector.decode import Node
from ohmstead.kit.console import Table, group

ACCESS_POINT = click.option(
    "--access-point",
    default="192.168.92.1",
    show_default=True,
    metavar="HOST[:PORT]",
    help="The unit in its own Wi-Fi.",
)


@group(name="tesla-wall-connector")
def tesla_wall_connector() -> None:
    """Talk to one Wall Connector directly. HOST may have a port: 192.0.2.7:8080."""


@asynccontextmanager
async def configuring(access_point: str) -> AsyncIterator[Configurator]:
    async with open_configurator(*address(access_point)) as configurator:
        yield configurator


def field_table(title: str, fields: Iterable[Node]) -> Table:
    return Table(title=title, columns=("Field", "Value"), rows=tuple(field_rows(fields)))


def field_rows(fields: Iterable[Node], depth: int = 0) -> Iterator[tuple[str, str]]:
    for node in fields:
        name = "  " * depth + (node.name or f"field {node.number}")
        unknown = "" if node.name else f"{node.wire}, {node.size_bytes} bytes: {node.hex}"
        shown = "" if node.value is None else str(node.value)
        yield (
            name,
            " ".join(part for part in (shown, unknown) if part)
            or ("" if node.fields or node.message else node.hex),
        )
        yield from field_rows(node.fields, depth + 1)
