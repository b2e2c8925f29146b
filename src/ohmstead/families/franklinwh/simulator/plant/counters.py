"""What flowed where, counted second by second: the day's counters, the days before, and a sample every five minutes.

All of the gateway's numbers come from here, so counters, history and totals cannot disagree. Energies are Wh.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

import msgspec

SAMPLE_S: Final = 300
SAMPLED_DAYS: Final = 7
"""So many days are kept in samples, the last included; of those before there is the day's tally."""


class Flows(NamedTuple):
    """Of one second, W: sources positive when they feed, `battery_w` + discharging, `grid_w` + importing.

    `solar + generator + battery + grid = load`; `v2l_w`, + outwards, is part of the load.
    """

    solar_w: float = 0.0
    generator_w: float = 0.0
    battery_w: float = 0.0
    grid_w: float = 0.0
    v2l_w: float = 0.0

    @property
    def load_w(self) -> float:
        return self.solar_w + self.generator_w + self.battery_w + self.grid_w


class Tally(msgspec.Struct):
    """Since local midnight. `a_to_b` says from what to where."""

    solar: float = 0.0
    generator: float = 0.0
    grid_in: float = 0.0
    grid_out: float = 0.0
    battery_in: float = 0.0
    battery_out: float = 0.0
    load: float = 0.0
    solar_to_load: float = 0.0
    generator_to_load: float = 0.0
    battery_to_load: float = 0.0
    grid_to_load: float = 0.0
    solar_to_battery: float = 0.0
    generator_to_battery: float = 0.0
    grid_to_battery: float = 0.0
    solar_to_grid: float = 0.0
    battery_to_grid: float = 0.0
    v2l: float = 0.0
    v2l_to_load: float = 0.0
    v2l_to_battery: float = 0.0

    def count(self, now: Flows, dt_s: float) -> None:
        """Each source serves the load first, in the order solar, generator, battery, street; then packs, then street."""
        hours_h = dt_s / 3600.0
        load_w = now.load_w
        fed_w = max(0.0, -load_w)  # a vehicle feeds more than the home takes
        need_w = max(0.0, load_w)
        charge_w, export_w = max(0.0, -now.battery_w), max(0.0, -now.grid_w)
        solar_w = max(0.0, now.solar_w)
        discharge_w, import_w = max(0.0, now.battery_w), max(0.0, now.grid_w)

        solar_load_w = min(solar_w, need_w)
        generator_load_w = min(now.generator_w, need_w - solar_load_w)
        battery_load_w = min(discharge_w, need_w - solar_load_w - generator_load_w)
        grid_load_w = need_w - solar_load_w - generator_load_w - battery_load_w
        solar_battery_w = min(solar_w - solar_load_w, charge_w)
        generator_battery_w = min(now.generator_w - generator_load_w, charge_w - solar_battery_w)
        vehicle_battery_w = min(fed_w, charge_w - solar_battery_w - generator_battery_w)
        solar_grid_w = min(solar_w - solar_load_w - solar_battery_w, export_w)

        self.solar += solar_w * hours_h
        self.generator += now.generator_w * hours_h
        self.grid_in += import_w * hours_h
        self.grid_out += export_w * hours_h
        self.battery_in += charge_w * hours_h
        self.battery_out += discharge_w * hours_h
        self.load += need_w * hours_h
        self.solar_to_load += solar_load_w * hours_h
        self.generator_to_load += generator_load_w * hours_h
        self.battery_to_load += battery_load_w * hours_h
        self.grid_to_load += grid_load_w * hours_h
        self.solar_to_battery += solar_battery_w * hours_h
        self.generator_to_battery += generator_battery_w * hours_h
        self.grid_to_battery += (
            charge_w - solar_battery_w - generator_battery_w - vehicle_battery_w
        ) * hours_h
        self.solar_to_grid += solar_grid_w * hours_h
        self.battery_to_grid += (export_w - solar_grid_w) * hours_h
        if now.v2l_w < 0.0:
            self.v2l -= now.v2l_w * hours_h
            self.v2l_to_battery += vehicle_battery_w * hours_h
            self.v2l_to_load -= (now.v2l_w + vehicle_battery_w) * hours_h


class Sample(msgspec.Struct, frozen=True):
    """Five minutes: mean powers as a tally of W, and the packs at their end."""

    minute: int
    """Of the local day, at their beginning."""
    mean_w: Tally
    soc_pct: float
    stored_wh: float
    run_status: int


class Ledger:
    def __init__(self, today: date) -> None:
        self.days: dict[date, Tally] = {today: Tally()}
        self.samples: dict[date, list[Sample]] = {today: []}
        self.today = today
        self.now = self.days[today]
        self._before = Tally()

    def count(self, flows: Flows, dt_s: float) -> None:
        self.now.count(flows, dt_s)

    def turn(self, today: date) -> None:
        """A new local day."""
        if today != self.today:
            self.today = today
            self.now = self.days.setdefault(today, Tally())
            self.samples.setdefault(today, [])
            for day in sorted(self.samples)[:-SAMPLED_DAYS]:
                del self.samples[day]
            self._before = msgspec.structs.replace(self.now)

    def sample(self, minute: int, *, soc_pct: float, stored_wh: float, run_status: int) -> None:
        """The five minutes that end now."""
        hours_h = SAMPLE_S / 3600.0
        mean = Tally(
            **{
                name: (getattr(self.now, name) - getattr(self._before, name)) / hours_h
                for name in Tally.__struct_fields__
            }
        )
        self.samples[self.today].append(Sample(minute, mean, soc_pct, stored_wh, run_status))
        self._before = msgspec.structs.replace(self.now)

    def total(self, first: date, last: date) -> Tally:
        """Of the days from `first` to `last`, both included."""
        found = Tally()
        for day, tally in self.days.items():
            if first <= day <= last:
                for name in Tally.__struct_fields__:
                    setattr(found, name, getattr(found, name) + getattr(tally, name))
        return found
