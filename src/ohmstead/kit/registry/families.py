"""Families in the tree are found by folder, others by the `ohmstead.families` entry point."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from ohmstead.kit.registry.loading import load
from ohmstead.model import ConfigError, Family

FAMILIES = "ohmstead.families"


@cache
def families() -> Mapping[str, Family]:
    """Every family's card by name."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - with an e-mail parser and more: not for an import

    folders = sorted(
        entry.name
        for entry in files(FAMILIES).iterdir()
        if not entry.name.startswith("_") and entry.joinpath("card.py").is_file()
    )
    cards: list[Family] = [load(f"{FAMILIES}.{folder}.card:FAMILY") for folder in folders]
    cards += [entry.load() for entry in entry_points(group=FAMILIES)]
    return MappingProxyType({card.name: card for card in cards})


def served_tables() -> Mapping[str, str]:
    """The site file's tables that belong to the families' servers, each with its type as "module:attribute"."""
    return {card.table: card.settings for card in families().values() if card.table}


def family(name: str) -> Family:
    """One family's card. Raises `ConfigError` with the names there are."""
    try:
        return families()[name]
    except KeyError:
        raise ConfigError(f"no family is called {name!r}; there are {', '.join(families())}.") from None


def family_of_url(url: str) -> Family:
    """The family that speaks a URL's scheme. Raises `ConfigError` with the schemes there are."""
    scheme, separator, _ = url.partition("://")
    for card in families().values():
        if separator and scheme in card.schemes:
            return card
    schemes = ", ".join(f"{scheme}://" for card in families().values() for scheme in card.schemes)
    raise ConfigError(f"{url!r} is no device URL; known are {schemes}.", example="hoymiles://192.0.2.7")
