"""What the people in the house draw: a base, a morning and an evening, and appliances that switch on and off."""

from __future__ import annotations

import math
from typing import Final

import msgspec

from ohmstead.kit.world.bus import Bus
from ohmstead.kit.world.noise import mixed, uniform
from ohmstead.kit.world.place import Place

_SLICE_S: Final = 10
_DAY_S: Final = 86_400
_PLAN_STREAM: Final = 31
_FLICKER_STREAM: Final = 32


class Appliance(msgspec.Struct, frozen=True):
    """One kind of use: how likely on a day, between which local hours it starts, how long it runs, how much it draws."""

    name: str
    power_w: float
    lasts_s: float
    earliest_h: float
    latest_h: float
    chance: float


APPLIANCES: Final = (
    Appliance("kettle in the morning", 2000.0, 180.0, 6.3, 8.0, 0.9),
    Appliance("hob at noon", 1500.0, 1200.0, 11.6, 12.8, 0.5),
    Appliance("oven", 2200.0, 2100.0, 17.5, 19.0, 0.5),
    Appliance("washing machine", 1900.0, 1500.0, 9.0, 16.0, 0.4),
    Appliance("dishwasher", 1800.0, 1500.0, 19.5, 21.0, 0.7),
    Appliance("kettle in the evening", 2000.0, 180.0, 18.0, 21.5, 0.8),
)
"""Invented, for a household of about 10 kWh a day."""


class _Use(msgspec.Struct, frozen=True):
    from_s: float
    to_s: float
    power_w: float


class Household:
    """A pure function of place, seed and time while the bus is live; constant for ten seconds at a time."""

    def __init__(
        self,
        place: Place,
        *,
        seed: int = 1,
        base_w: float = 250.0,
        appliances: tuple[Appliance, ...] = APPLIANCES,
    ) -> None:
        if not base_w >= 0.0:
            raise ValueError(f"a household's base load is not negative, got {base_w} W")
        self.base_w = base_w
        self.consumed_wh = 0.0
        self._appliances = appliances
        self._place = place
        self._seed = seed
        self._slice = -1
        self._slice_w = 0.0
        self._day = -1
        self._uses: tuple[_Use, ...] = ()

    def step(self, bus: Bus, dt_s: float) -> float:
        if not bus.energised:
            return 0.0
        power_w = self.demand_w(bus.at.timestamp())
        self.consumed_wh += power_w * dt_s / 3600.0
        return -power_w

    def demand_w(self, posix_s: float) -> float:
        """What is wanted at that instant, given in seconds since 1970."""
        local_slice = int((posix_s + self._place.utc_offset_s) // _SLICE_S)
        if local_slice != self._slice:
            self._slice, self._slice_w = local_slice, self._wanted_w(local_slice)
        return self._slice_w

    def _wanted_w(self, local_slice: int) -> float:
        day, second_s = divmod(local_slice * _SLICE_S, _DAY_S)
        if day != self._day:
            self._day, self._uses = day, self._plan(day)
        hour_h = second_s / 3600.0
        people_w = 350.0 * _bump(hour_h, 7.2, 0.8) + 550.0 * _bump(hour_h, 19.5, 1.8)
        used_w = sum(use.power_w for use in self._uses if use.from_s <= second_s < use.to_s)
        flicker = 0.97 + 0.06 * uniform(self._seed, _FLICKER_STREAM, local_slice)
        return (self.base_w + people_w) * flicker + used_w

    def _plan(self, day: int) -> tuple[_Use, ...]:
        """The appliances of one local day. Whatever would run past midnight is switched off there."""
        uses = []
        for number, appliance in enumerate(self._appliances):
            key = mixed(self._seed, _PLAN_STREAM, day * 64 + number)
            if uniform(key, _PLAN_STREAM, 0) < appliance.chance:
                start_h = appliance.earliest_h + uniform(key, _PLAN_STREAM, 1) * (
                    appliance.latest_h - appliance.earliest_h
                )
                uses.append(_Use(start_h * 3600.0, start_h * 3600.0 + appliance.lasts_s, appliance.power_w))
        return tuple(uses)


def _bump(hour_h: float, centre_h: float, width_h: float) -> float:
    return math.exp(-(((hour_h - centre_h) / width_h) ** 2) / 2.0)
