"""The group, and what its commands share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import click

from ohmstead.families.hoymiles.client import Client
from ohmstead.families.hoymiles.client.limits import Spend
from ohmstead.families.hoymiles.client.storage import StorageClient
from ohmstead.families.hoymiles.config import address
from ohmstead.families.hoymiles.identifiers import serial_number, serial_text
from ohmstead.kit.console import Table, blank, group, quantity
from ohmstead.kit.link import tcp
from ohmstead.model import Detail


class SerialType(click.ParamType):  # type: ignore[type-arg]  # generic in new versions of click only
    """As printed on the device; its letters may be small."""

    name = "serial"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return serial_text(serial_number(value))
        except ValueError as error:
            self.fail(f"{error}; `ohmstead hoymiles inventory HOST` lists them", param, ctx)


SERIAL: Final = SerialType()


@group()
def hoymiles() -> None:
    """Talk to one DTU directly. HOST may have a port: 192.0.2.7:10081."""


def client(host: str, spend: Spend | None = None) -> Client:
    """Whoever types a command wants its answer now."""
    return Client(tcp(*address(host)), is_paced=False, spend=spend, is_met=False)


def storage_client(host: str) -> StorageClient:
    return StorageClient(tcp(*address(host)), is_met=False)


def field_table(title: str, fields: Iterable[Detail]) -> Table:
    rows = tuple(
        (field.label, blank("secret") if field.secret else quantity(field.value, field.unit))
        for field in fields
    )
    return Table(title=title, columns=("Field", "Value"), rows=rows, right=frozenset({"Value"}))


def facts_table(*rows: tuple[str, str]) -> Table:
    return Table(columns=("Field", "Value"), rows=rows)
