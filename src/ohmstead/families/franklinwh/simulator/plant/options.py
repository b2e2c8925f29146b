"""What a simulated plant is told to be, beside its profile."""

from __future__ import annotations

import msgspec

from ohmstead.families.franklinwh.facts.codes import WorkMode
from ohmstead.families.franklinwh.simulator.plant.genset import ManualModel


class PlantOptions(msgspec.Struct, frozen=True, kw_only=True):
    mode: WorkMode = WorkMode.SELF_CONSUMPTION
    soc_pct: float = 60.0
    solar_w: float = 8000.0
    """The panels' nominal power."""
    efficiency: float = 0.95
    """Of the packs, each way."""
    manual_model: ManualModel = ManualModel.CONTRACT
    delay_scale: float = 1.0
    """Of the generator's start delay."""
    starts_on_outage: bool = True
    """The generator starts in an outage whatever the charge."""
    is_licensed: bool = True
    """The vehicle port's feature flag."""
    feeds_in: bool = False
    """A vehicle at the port supplies the house, instead of being supplied."""
    has_off_grid_codes: bool = False
    """Run status 5 to 7 off grid, as newer firmware."""
