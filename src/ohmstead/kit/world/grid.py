"""The street: its voltage and frequency, its outages, and an ideal meter at the house connection."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from ohmstead.kit.world.noise import normal

_TABLE: Final = 4096
_SLOW_S: Final = 1800.0


class Grid:
    """The residual of its circuit while it is up."""

    def __init__(
        self,
        *,
        seed: int = 1,
        nominal_voltage_v: float = 230.0,
        nominal_frequency_hz: float = 50.0,
        settle: Callable[[], None] = lambda: None,
    ) -> None:
        self.nominal_voltage_v = nominal_voltage_v
        self.nominal_frequency_hz = nominal_frequency_hz
        self.power_w = 0.0
        """Importing +, over the last second."""
        self.imported_wh = 0.0
        self.exported_wh = 0.0
        self.is_connected = True
        """Whether the house's main switch is closed; whoever opens it makes an island, whatever the street does."""
        self._up = True
        self._seed = seed
        self._settle = settle
        # A pure function of seed and second, at the price of a look-up: 4,096 normal values, met in hashed order.
        self._noise = [normal(seed, 21, number) for number in range(_TABLE)]

    @property
    def is_up(self) -> bool:
        return self._up

    @property
    def reaches_house(self) -> bool:
        return self._up and self.is_connected

    def fail(self) -> None:
        """The street goes dark now; what happened until now is lived first."""
        self._settle()
        self._up = False

    def restore(self) -> None:
        self._settle()
        self._up = True

    def carry(self, power_w: float, dt_s: float) -> None:
        """Be the residual of one step, and meter it."""
        self.power_w = power_w
        if power_w > 0.0:
            self.imported_wh += power_w * dt_s / 3600.0
        else:
            self.exported_wh -= power_w * dt_s / 3600.0

    def voltage_v(self, posix_s: int) -> float:
        """Nominal with a slow sine of ±2 V and noise of 0.4 V at 230 V, in proportion elsewhere. A pure function of time.

        The rise behind a long cable is the terminal's own: about 3 V at an inverter's rated power.
        """
        slow = 2.0 * math.sin(math.tau * posix_s / _SLOW_S)
        noise = 0.4 * self._noise[(posix_s * 0x9E3779B1 >> 11) & (_TABLE - 1)]
        return self.nominal_voltage_v * (1.0 + (slow + noise) / 230.0)

    def frequency_hz(self, posix_s: int) -> float:
        """Nominal with noise of 0.015 Hz, never more than 0.1 Hz away. A pure function of time."""
        noise = 0.015 * self._noise[(posix_s * 0x85EBCA77 >> 13) & (_TABLE - 1)]
        return self.nominal_frequency_hz + max(-0.1, min(0.1, noise))
