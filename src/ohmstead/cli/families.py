"""Which families bring commands of their own. Help finds them by folder: reading every card would cost half a second
on a small machine; a family of another package is found when its name is called.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import click

import ohmstead


@cache
def family_commands() -> tuple[str, ...]:
    folder = Path(ohmstead.__file__).parent / "families"
    with_commands = (path.parent.name for path in folder.glob("[!_]*/commands.py"))
    return tuple(sorted(name.replace("_", "-") for name in with_commands))


def family_group(name: str) -> click.Command | None:
    """The command group a family's card names, or nothing."""
    from ohmstead.kit.registry import families, load  # noqa: PLC0415 - loads every card; help must not

    card = families().get(name)
    if card is None or not card.commands:
        return None
    found: click.Command = load(card.commands)
    return found
