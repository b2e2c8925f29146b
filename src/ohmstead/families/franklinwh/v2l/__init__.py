"""Vehicle-to-load: who has it, what has to hold before it is switched on, and the two ways to try that."""

from __future__ import annotations

from ohmstead.families.franklinwh.v2l.eligibility import Eligibility, Hardware, Reason, eligibility
from ohmstead.families.franklinwh.v2l.readiness import Check, Failing, Situation, failing_checks

__all__ = [
    "Check",
    "Eligibility",
    "Failing",
    "Hardware",
    "Reason",
    "Situation",
    "eligibility",
    "failing_checks",
]
