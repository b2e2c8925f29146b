"""A session as a unit counts it: from plug to unplug, through every pause."""

from __future__ import annotations

from typing import Final

STANDS_S: Final = 2
"""After unplugging: the old figures stand so long, then the reasons take as long again to settle."""


class Session:
    def __init__(self) -> None:
        self.is_connected = False
        self.duration_s = 0
        self.energy_wh = 0.0
        """Kept after unplugging, until the next plug-in."""
        self.away_s = 60
        """Since the plug was pulled."""
        self._was_connected_before_power_cut = False

    @property
    def starts_anew(self) -> bool:
        """Whether the next connection is a plug-in; after a power cut the plug has been in all along."""
        return not self._was_connected_before_power_cut

    def step(self, *, is_connected: bool) -> None:
        """One second."""
        if is_connected and not self.is_connected:
            self.duration_s, self.energy_wh = 0, 0.0
        self._was_connected_before_power_cut = False
        if is_connected:
            self.duration_s += 1
        elif self.is_connected:
            self.away_s = 0
        else:
            self.away_s += 1
            if self.away_s >= STANDS_S:
                self.duration_s = 0
        self.is_connected = is_connected

    def lose_power(self) -> None:
        was_connected = self.is_connected
        self.__init__()  # type: ignore[misc]  # as new
        self._was_connected_before_power_cut = was_connected
