"""The group, and the options that several commands have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from ohmstead.families.givenergy.details import plain
from ohmstead.families.givenergy.plant import Plant
from ohmstead.kit.console import Table, group, quantity, show

gated = click.option(
    "--allow-gated", is_flag=True, help="Also what is harmless, but not proven on this model."
)
dry = click.option("--dry-run", is_flag=True, help="Only say what would be written.")


@group()
def givenergy() -> None:
    """Talk to one adapter directly. HOST may have a port: 192.0.2.7:8899."""


def show_fields(plant: Plant, names: Sequence[str], *, as_json: bool) -> None:
    """Settings by name; one that this plant does not have stands as unknown."""
    values = plant.inverter.values
    found = {name: plain(values.get(name)) for name in names}
    rows = tuple((name.replace("_", " "), quantity(value)) for name, value in found.items())
    show(found, lambda: [Table(columns=("Setting", "Value"), rows=rows)], as_json=as_json)


@contextmanager
def wrong_use() -> Iterator[None]:
    """What the command functions say of a wrong argument is for whoever typed it."""
    try:
        yield
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def given(ctx: click.Context, name: str) -> bool:
    source = ctx.get_parameter_source(name)
    return source is not None and source is not click.core.ParameterSource.DEFAULT
