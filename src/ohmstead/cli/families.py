"""Which families bring commands of their own. Help goes by their rooms: loading every card would double what it takes; a
family of another package is found when its name is called.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import click

import ohmstead


@cache
def family_commands() -> tuple[str, ...]:
    """Those of the house with a room for them: `commands`, or `command_line` where the wire has commands of its own."""
    rooms = (Path(ohmstead.__file__).parent / "families").glob("[!_]*/command*")
    return tuple(sorted({room.parent.name.replace("_", "-") for room in rooms}))


def family_group(name: str) -> click.Command | None:
    """The command group a family's card names, or nothing."""
    from ohmstead.kit.registry import families, load  # noqa: PLC0415 - loads every card; help must not

    card = families().get(name)
    if card is None or not card.commands:
        return None
    found: click.Command = load(card.commands)
    return found
