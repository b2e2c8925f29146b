"""`ohmstead family`: for people who teach Ohmstead a new kind of device."""

from __future__ import annotations

from pathlib import Path

import click

from ohmstead.cli.family_new import new_family
from ohmstead.kit.console import group


@group()
def family() -> None:
    """Start support for a new device family."""


@family.command()
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Clone to work in; the one this command runs from if not given.",
)
def new(name: str, into: Path | None) -> None:
    """Make a family NAME from the blueprint: it runs, simulates and passes the contract suite at once."""
    made = new_family(name, into)
    click.echo(
        f"Made {made.source} and {made.tests}.\n"
        f"Try it: ohmstead simulate {made.name}\n"
        f"Test it: pytest {made.tests} tests/contract -k {made.name}"
    )
