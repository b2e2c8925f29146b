"""How much has gone into and out of a battery in its life: the inverter's own counters, or those of its packs.

Captures of a Gen 2 hybrid and of an AC unit, with a pack each, show nothing in the inverter's counters of each direction;
the two of the pack make the inverter's throughput, to its last digit (3,653.2 + 3,744.5 = 7,397.7 kWh and 3,161.3 +
2,528.5 = 5,689.8 kWh). So packs are believed where they do, which also shows that none is missing and none has overflown,
as 16 bits do at 6,553.5 kWh. Packs of a Gen 1 show zeros, and its inverter counts itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ohmstead.families.givenergy.views import Battery, SinglePhaseInverter
from ohmstead.families.givenergy.views.derived import plus

PACKS_COUNT: Final = frozenset({"HYBRID_GEN2", "AC"})
"""Models whose packs count what the inverter does not."""
APART_KWH: Final = 5.0
"""Pages come one after the other, up to minutes apart: a home's battery moves less than this meanwhile."""

Energies = tuple[float | None, float | None]
"""Charged and discharged, in kWh."""


def lifetime_kwh(inverter: SinglePhaseInverter, packs: Iterable[Battery]) -> Energies:
    own = inverter.e_battery_charge_total, inverter.e_battery_discharge_total
    model = inverter.model
    if model is None or model.name not in PACKS_COUNT:
        return own
    valid = [pack for pack in packs if pack.is_valid]
    charged = plus(*[pack.e_battery_charge_total for pack in valid])
    discharged = plus(*[pack.e_battery_discharge_total for pack in valid])
    both, throughput = plus(charged, discharged), inverter.e_battery_throughput
    if not both or throughput is None or abs(both - throughput) > APART_KWH:
        return own
    return charged, discharged
