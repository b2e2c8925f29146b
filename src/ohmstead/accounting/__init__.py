"""Where energy came from and went to, what it cost and what it emitted. Pure: numbers in, numbers out."""

from __future__ import annotations

from ohmstead.accounting.amounts import SINKS, SOURCES, Amounts, Sink, Source
from ohmstead.accounting.books import Books, Entry, Rates, Value, total
from ohmstead.accounting.matrix import Matrix, split
from ohmstead.accounting.meters import Account, Meter, amounts_of
from ohmstead.accounting.tariff import Period, Tariff

__all__ = [
    "SINKS",
    "SOURCES",
    "Account",
    "Amounts",
    "Books",
    "Entry",
    "Matrix",
    "Meter",
    "Period",
    "Rates",
    "Sink",
    "Source",
    "Tariff",
    "Value",
    "amounts_of",
    "split",
    "total",
]
