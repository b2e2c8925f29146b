"""How each part of the stats is read from its record: the field tables, made ready once."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.client.decoding import decode, plan
from ohmstead.families.franklinwh.facts.fields import electrical, live, metering

CURRENT: Final = "current."
TOTALS: Final = "totals."

RUNTIME: Final = plan(live.RUNTIME.fields, CURRENT)
STORED_RUNTIME: Final = plan(live.RUNTIME.fields, CURRENT, is_stored=True)
SOLAR: Final = plan(live.SOLAR.fields, CURRENT)
RESULT: Final = tuple(step for step in plan(live.RESULT.fields, CURRENT) if step.name != "alarms_count")
TODAY: Final = plan(live.RUNTIME.fields, TOTALS)
METERING_NOW: Final = plan(metering.METERING.fields, CURRENT)
METERING_TOTALS: Final = plan(metering.METERING.fields, TOTALS)
ELECTRICAL: Final = plan(electrical.ELECTRICAL.fields, CURRENT)

SOLAR_KEYS: Final = tuple(step.key for step in SOLAR)
"""Flags that may also stand in the runtime data, and are believed there first."""

NO_METERING_NOW: Final = decode(METERING_NOW, {})
NO_METERING_TOTALS: Final = decode(METERING_TOTALS, {})
NO_ELECTRICAL: Final = decode(ELECTRICAL, {})
"""Of records that were never read: everything is missing."""
