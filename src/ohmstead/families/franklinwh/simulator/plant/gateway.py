"""The gateway's body in the simulated home: it lives second by second, on the street or as the island's former.

On the street it is a terminal that learns what the home drew from the bus, one second later, as any meter does. Off the street
it is the residual itself. Both ways every second keeps solar + generator + battery + grid = home + vehicle port.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ohmstead.families.franklinwh.facts.alarms import LOAD_DROPPED
from ohmstead.families.franklinwh.simulator.plant.counters import SAMPLE_S, Flows
from ohmstead.families.franklinwh.simulator.plant.equipment import Equipment
from ohmstead.families.franklinwh.simulator.plant.law import Situation, decide
from ohmstead.families.franklinwh.simulator.plant.tariff import block_at
from ohmstead.kit.world import Bus

RECOVERED_PCT: Final = 3.0
"""Above the floor, before packs that were empty hold the house up again."""
NEARLY_FULL_PCT: Final = 97.0
SHED_HZ: Final = 1.2
"""By so much an island's frequency rises when there is no room for more solar power."""
LIGHT_S: Final = 10
"""How often the panels' light is looked at."""


class Gateway(Equipment):
    @property
    def island_frequency_hz(self) -> float:
        nominal_hz = self.circuit.grid.nominal_frequency_hz
        return nominal_hz + (SHED_HZ if self.packs.soc_pct > NEARLY_FULL_PCT else 0.0)

    def step(self, bus: Bus, dt_s: float) -> float:
        self._settle(bus)
        self._pass(bus.at, dt_s)
        if not bus.energised:
            return self._live_alone(dt_s)
        return self._live_on_street(bus, dt_s)

    def can_form(self, bus: Bus) -> bool:
        self._settle(bus)
        return self.genset.can_carry or not self.is_exhausted

    def form(self, power_w: float, dt_s: float) -> float:
        """Everything the home lacks, or has too much, as far as packs, panels and generator can."""
        self._pass(self.world.at, dt_s)
        drawn_w, v2l_w = self._own_loads(dt_s, is_live=True)
        need_w = power_w + drawn_w
        solar_w = max(0.0, min(self._available_solar_w(), need_w + self.packs.acceptable_w()))
        generator_w = self._generated_w(need_w - solar_w, dt_s)
        rest_w = need_w - solar_w - generator_w
        battery_w = self.packs.cells.exchange(min(rest_w, 0.0) if self.is_exhausted else rest_w, dt_s)
        delivered_w = solar_w + generator_w + battery_w - drawn_w
        self._count(Flows(solar_w, generator_w, battery_w, 0.0, v2l_w), dt_s)
        self._output_w = delivered_w
        return delivered_w if abs(delivered_w - power_w) > 1e-6 else power_w

    def _pass(self, at: datetime, dt_s: float) -> None:
        """What time does, whatever the house draws."""
        self.steps += 1
        minute = int(at.timestamp()) // 60
        if minute != self._minute:
            self._turn_minute(at, minute)
        if self.steps % LIGHT_S == 1:
            self._solar_w = self.panels.operate(self.world, at).power_w
        islanding = self.islanding
        islanding.step(dt_s, is_street_up=self.is_street_up)
        self.circuit.grid.is_connected = islanding.is_connected
        if self.genset.is_fitted:
            self.genset.step(
                dt_s,
                self.packs.soc_pct,
                self.local,
                is_outage=islanding.is_outage,
                is_off_grid=not islanding.is_connected,
                is_blocked=self.port.is_on,
            )
        self._watch_floor()

    def _turn_minute(self, at: datetime, minute: int) -> None:
        is_first, self._minute = self._minute < 0, minute
        self.local = at.astimezone(self.zone)
        if minute * 60 % SAMPLE_S == 0 and not is_first:
            self.ledger.sample(
                (60 * self.local.hour + self.local.minute - SAMPLE_S // 60) % (24 * 60),
                soc_pct=self.packs.soc_pct,
                stored_wh=self.packs.cells.stored_wh,
                run_status=self.run_status,
            )
        self.ledger.turn(self.local.date())
        self._dispatch = block_at(self.plan, self.local).dispatch
        self.genset.exercise(self.local)
        for circuit in self.circuits.plain if self.circuits.is_fitted else ():
            circuit.follow_schedule(self.local)
        until = self.settings.backup_until
        if until is not None and at >= until:
            then = self.settings.next_mode
            self.set_mode(then, programme=self.programmes[then])

    def _watch_floor(self) -> None:
        soc_pct, floor_pct = self.packs.soc_pct, self.settings.floor_pct
        if soc_pct <= floor_pct:
            self.is_exhausted = True
        elif soc_pct >= floor_pct + RECOVERED_PCT:
            self.is_exhausted = False
        if self.is_exhausted and not self.islanding.is_connected and not self.genset.can_carry:
            self.raise_alarm(LOAD_DROPPED)
        else:
            self.alarms.pop(LOAD_DROPPED, None)

    def _live_on_street(self, bus: Bus, dt_s: float) -> float:
        drawn_w, v2l_w = self._own_loads(dt_s, is_live=True)
        generator_w = self.genset.run(0.0, dt_s) if self.genset.is_fitted else 0.0
        demand_w = self._output_w + bus.grid_w + drawn_w if self.steps > 1 else drawn_w
        now = Situation(
            demand_w,
            self._available_solar_w(),
            self.packs.soc_pct,
            self.packs.acceptable_w(),
            self.packs.deliverable_w(),
            self._dispatch,
        )
        battery_w, solar_w = decide(self.settings, now)
        battery_w = self.packs.cells.exchange(battery_w if self.steps > 1 else 0.0, dt_s)
        self._pending = Flows(solar_w, generator_w, battery_w, 0.0, v2l_w)
        self._output_w = solar_w + generator_w + battery_w - drawn_w
        return self._output_w

    def _live_alone(self, dt_s: float) -> float:
        """The house is dark: what panels and generator give goes into the packs, until they can hold it up again."""
        self._own_loads(dt_s, is_live=False)
        room_w = self.packs.acceptable_w()
        solar_w = min(self._available_solar_w(), room_w)
        generator_w = self._generated_w(-solar_w, dt_s)
        battery_w = self.packs.cells.exchange(-solar_w - generator_w, dt_s)
        self._count(Flows(solar_w, generator_w, battery_w), dt_s)
        self._output_w = 0.0
        return 0.0

    def _own_loads(self, dt_s: float, *, is_live: bool) -> tuple[float, float]:
        """What circuits and vehicle port draw, and the port's share of it."""
        is_off_grid = not self.islanding.is_connected
        circuits_w = self.circuits.step(dt_s, self.packs.soc_pct, is_off_grid=is_off_grid, is_live=is_live)
        v2l_w = self.port.step(dt_s, is_off_grid=is_off_grid, is_live=is_live)
        self.port_wh[v2l_w < 0.0] += abs(v2l_w) * dt_s / 3600.0
        return circuits_w + v2l_w, v2l_w

    def _available_solar_w(self) -> float:
        return self._solar_w if self.islanding.has_solar_power else 0.0

    def _generated_w(self, need_w: float, dt_s: float) -> float:
        """At its best point at least, as long as the packs take the rest."""
        genset = self.genset
        if not genset.is_fitted:
            return 0.0
        rated_w = float(genset.record["genRatedPower"])
        best_w = rated_w * genset.record["genOptiPPoint"] / 100.0
        most_w = min(rated_w, max(0.0, need_w + self.packs.acceptable_w()))
        return genset.run(min(most_w, max(need_w, best_w)), dt_s)

    def _settle(self, bus: Bus) -> None:
        """Count the second before, now that the street's meter has it."""
        if self._pending is not None:
            self._count(self._pending._replace(grid_w=bus.grid_w), 1.0)
            self._pending = None

    def _count(self, flows: Flows, dt_s: float) -> None:
        self.flows = flows
        self.ledger.count(flows, dt_s)
