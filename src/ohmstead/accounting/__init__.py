"""Where energy came from and went to, what it cost and what it emitted. Pure: numbers in, numbers out."""

from __future__ import annotations

from ohmstead.accounting.amounts import SINKS, SOURCES, Amounts, Sink, Source
from ohmstead.accounting.books import Books, Entry, Rates, Value
from ohmstead.accounting.matrix import Matrix, split
from ohmstead.accounting.meters import Account, Meter, amounts_of

__all__ = [
    "SINKS",
    "SOURCES",
    "Account",
    "Amounts",
    "Books",
    "Entry",
    "Matrix",
    "Meter",
    "Rates",
    "Sink",
    "Source",
    "Value",
    "amounts_of",
    "split",
]
