"""The memory of the house: every sample, for years, in one SQLite file; any day in milliseconds."""

from __future__ import annotations

from ohmstead.history.answers import Gap, Point, Series, Signal, Stats, Value
from ohmstead.history.engine import History, open_history
from ohmstead.history.errors import HistoryError, NewerHistory, NotStored

__all__ = [
    "Gap",
    "History",
    "HistoryError",
    "NewerHistory",
    "NotStored",
    "Point",
    "Series",
    "Signal",
    "Stats",
    "Value",
    "open_history",
]
