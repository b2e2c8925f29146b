"""How this family's registers lie in pages: those of its tables and those of a cache are the same."""

from __future__ import annotations

from typing import Final

from ohmstead.kit.wire.tables import Block, Paging

PAGING: Final = Paging(again=(1000, 2040))
"""Reads are of up to 60 registers, and the further banks of the maps begin at 1000 and at 2040 (`client.banks`)."""


class Table(Block, paging=PAGING):
    """What every register table of the family is."""
