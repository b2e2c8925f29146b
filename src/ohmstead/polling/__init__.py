"""Who is asked when, how each source is doing, and what of its answers can be believed."""

from __future__ import annotations

from ohmstead.polling.balance import Balance, Finding, Trouble
from ohmstead.polling.counters import Counter
from ohmstead.polling.gate import Checked, CounterKey, Gate, Rejected
from ohmstead.polling.health import DARK, Health, HealthState, after_failure, after_success, words
from ohmstead.polling.poller import IsDark, Open, Outlet, Poller, never_dark
from ohmstead.polling.ranges import RANGES, Range
from ohmstead.polling.rhythm import Missed, Rhythm, interval

__all__ = [
    "DARK",
    "RANGES",
    "Balance",
    "Checked",
    "Counter",
    "CounterKey",
    "Finding",
    "Gate",
    "Health",
    "HealthState",
    "IsDark",
    "Missed",
    "Open",
    "Outlet",
    "Poller",
    "Range",
    "Rejected",
    "Rhythm",
    "Trouble",
    "after_failure",
    "after_success",
    "interval",
    "never_dark",
    "words",
]
