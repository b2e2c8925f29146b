"""The memory of the house: every sample, for years, in one SQLite file; any day in milliseconds."""

from __future__ import annotations

from ohmstead.history.answers import Gap, Gaps, Point, Series, Signal, Stats, Value
from ohmstead.history.catalogue import Extent, extent
from ohmstead.history.checking import Report, check
from ohmstead.history.copying import Progress, back_up, restore
from ohmstead.history.engine import History, open_history
from ohmstead.history.errors import HistoryError, NewerHistory, NotStored
from ohmstead.history.exporting import FORMATS
from ohmstead.history.gaps import read_gaps
from ohmstead.history.importing import read_csv
from ohmstead.history.retention import Retention
from ohmstead.history.rows import Choice, Row, rows
from ohmstead.history.snapshots import keep_snapshot
from ohmstead.history.store import Salvage, Store
from ohmstead.history.times import EARLIEST

__all__ = [
    "EARLIEST",
    "FORMATS",
    "Choice",
    "Extent",
    "Gap",
    "Gaps",
    "History",
    "HistoryError",
    "NewerHistory",
    "NotStored",
    "Point",
    "Progress",
    "Report",
    "Retention",
    "Row",
    "Salvage",
    "Series",
    "Signal",
    "Stats",
    "Store",
    "Value",
    "back_up",
    "check",
    "extent",
    "keep_snapshot",
    "open_history",
    "read_csv",
    "read_gaps",
    "restore",
    "rows",
]
