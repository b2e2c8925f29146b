"""Which of the supposed ways of switching V2L an owner's capture of the vendor's app proves. Offline, and pure."""

from __future__ import annotations

from ohmstead.families.franklinwh.v2l.har.entries import Entry, read_entries
from ohmstead.families.franklinwh.v2l.har.evidence import Evidence, Speaks
from ohmstead.families.franklinwh.v2l.har.report import report
from ohmstead.families.franklinwh.v2l.har.verdict import Verdict, judged

__all__ = ["Entry", "Evidence", "Speaks", "Verdict", "judged", "read_entries", "report"]
