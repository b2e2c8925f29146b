"""Which pages may be believed. A page can have a valid CRC and still be wrong: adapters put foreign bytes into pages,
zero them, repeat old ones or splice two. What may not be believed is held back; the last good page stays and grows old.
"""

from __future__ import annotations

from ohmstead.families.givenergy.trust.judging import Counters, Trust
from ohmstead.families.givenergy.trust.physics import Thresholds
from ohmstead.families.givenergy.trust.verdict import Action, Reason, Verdict

__all__ = ["Action", "Counters", "Reason", "Thresholds", "Trust", "Verdict"]
