"""Which families bring commands of their own. Help looks for the line in their cards: loading every card would cost half a
second on a small machine; a family of another package is found when its name is called.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import click

import ohmstead

NAMED: Final = "    commands="
"""How a card names its command group."""


@cache
def family_commands() -> tuple[str, ...]:
    cards = (Path(ohmstead.__file__).parent / "families").glob("[!_]*/card.py")
    with_commands = (card.parent.name for card in cards if NAMED in card.read_text(encoding="utf-8"))
    return tuple(sorted(name.replace("_", "-") for name in with_commands))


def family_group(name: str) -> click.Command | None:
    """The command group a family's card names, or nothing."""
    from ohmstead.kit.registry import families, load  # noqa: PLC0415 - loads every card; help must not

    card = families().get(name)
    if card is None or not card.commands:
        return None
    found: click.Command = load(card.commands)
    return found
