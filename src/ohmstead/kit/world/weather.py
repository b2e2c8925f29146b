"""Clouds and air. Both are pure functions of seed and time, so that any jump and any restart meets the same weather.

A cloud walk would have to be walked in order. Instead: a slow level, drawn for each quarter of a day, plus smooth noise on
knots six minutes apart (`noise.smooth`), which wanders and returns like a mean-reverting walk: its correlation falls to 1/e
in five minutes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ohmstead.kit.world.noise import smooth
from ohmstead.kit.world.place import Place

CLOUDIEST: Final = 0.08
"""The share of clear-sky light that the thickest cloud lets through."""
_KNOT_S: Final = 360.0
_LEVEL_S: Final = 21600.0
_LEVEL_STREAM: Final = 11
_CLOUD_STREAM: Final = 12


class Weather:
    """The same over the whole site. Changing until told otherwise; what happened until then is lived first (`settle`)."""

    def __init__(self, place: Place, *, seed: int = 1, settle: Callable[[], None] = lambda: None) -> None:
        self._place = place
        self._seed = seed
        self._settle = settle
        self._fixed: float | None = None
        self._mean_c = 18.0
        self._swing_c = 6.0
        self.version = 0
        """Grows when somebody changes the weather: what was computed from it before is out of date."""

    def set_clear_sky(self) -> None:
        self.set_clouds(1.0)

    def set_clouds(self, factor: float) -> None:
        """Hold the cloud factor: 1 is a clear sky, 0.08 the thickest cloud."""
        if not CLOUDIEST <= factor <= 1.0:
            raise ValueError(f"a cloud factor lies in {CLOUDIEST} to 1, not at {factor}")
        self._settle()
        self._fixed = factor
        self.version += 1

    def set_changing(self) -> None:
        """Back to the seed's own clouds."""
        self._settle()
        self._fixed = None
        self.version += 1

    def set_ambient(self, mean_c: float, swing_c: float) -> None:
        """The air is warmest at 15 h local time, with mean + swing."""
        if not (math.isfinite(mean_c) and math.isfinite(swing_c)):
            raise ValueError(f"air has a finite temperature, not {mean_c} ± {swing_c} degrees")
        self._settle()
        self._mean_c, self._swing_c = mean_c, swing_c

    def cloud_factor(self, at: datetime) -> float:
        """The share of clear-sky light that reaches the ground, 0.08 to 1."""
        if self._fixed is not None:
            return self._fixed
        local_s = at.timestamp() + self._place.utc_offset_s
        # The logistic curve turns the level into a share between thick and clear; fair hours are a little more common.
        level = 1.0 / (1.0 + math.exp(-1.7 * (smooth(self._seed, _LEVEL_STREAM, local_s / _LEVEL_S) + 0.35)))
        # Broken skies flicker most; a clear and an overcast one hardly do.
        flicker = 0.9 * level * (1.0 - level) + 0.02
        factor = level + flicker * smooth(self._seed, _CLOUD_STREAM, local_s / _KNOT_S)
        return max(CLOUDIEST, min(1.0, factor))

    def ambient_c(self, at: datetime) -> float:
        hour_h = self._place.local_hour_h(at)
        return self._mean_c + self._swing_c * math.cos(math.tau * (hour_h - 15.0) / 24.0)
