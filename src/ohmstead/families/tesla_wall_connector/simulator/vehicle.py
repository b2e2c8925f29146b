"""The car at the cable: the home's own, and how this kind of car talks to a unit."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ohmstead.kit.world import Car, Cells
from ohmstead.kit.world.car import LEAST_CURRENT_A, CarPhase

BATTERY_WH: Final = 75_000.0
START_SOC_PCT: Final = 40.0
CHARGER_W: Final = 25_000.0
"""More than any asks for: the car's request is what limits."""


class Kind(StrEnum):
    PWM = "pwm"
    """Any car of IEC 61851 or J1772."""
    TESLA = "tesla"
    """Speaks Tesla's digital protocol, and stays awake."""
    TESLA_ASLEEP = "tesla-asleep"
    """As above; falls asleep 10 to 30 minutes after charging, and is then as a PWM car."""


class Vehicle:
    def __init__(
        self, kind: Kind, request_a: float, *, soc_pct: float = START_SOC_PCT, phases: int = 3
    ) -> None:
        self.kind = kind
        self.request_a = request_a
        """What it asks for; below 6: it lets the contactor close, and takes nothing."""
        self.is_asleep = False
        cells = Cells(BATTERY_WH, soc_pct, max_charge_w=CHARGER_W)
        self.car = Car(cells, max_current_a=max(request_a, LEAST_CURRENT_A), phases=phases)

    @property
    def is_digital(self) -> bool:
        return self.kind is not Kind.PWM and not self.is_asleep

    @property
    def asks(self) -> bool:
        return self.car.phase is not CarPhase.FULL and not self.is_asleep

    def draw(self, offered_a: float, phase_voltage_v: float, dt_s: float, phases: int) -> float:
        """W drawn, of an offer per phase."""
        takes_none = self.request_a < LEAST_CURRENT_A or self.is_asleep
        offered_a = 0.0 if takes_none else min(offered_a, self.request_a)
        return self.car.draw(offered_a, phase_voltage_v, dt_s, phases=phases)
