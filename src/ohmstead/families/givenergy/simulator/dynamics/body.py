"""A plant as a body of the simulated home: PV and batteries behind one connection to the bus, and its CT at the street.

Powers are those of the second that ended. The CT shows what the grid carried in it, so the battery follows the house
one second late, as a real one does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from ohmstead.families.givenergy.simulator.dynamics.bank import BatteryBank
from ohmstead.families.givenergy.simulator.dynamics.calibration import Calibration
from ohmstead.families.givenergy.simulator.dynamics.clock import DAY_S, InverterClock
from ohmstead.families.givenergy.simulator.dynamics.control import Settings, Situation, battery_w
from ohmstead.families.givenergy.simulator.dynamics.tally import Tallies
from ohmstead.families.givenergy.simulator.profiles import Profile
from ohmstead.kit.world import Bus, Panel, PanelState, Sky

CONVERSION: Final = 0.975
"""What of a string's power reaches the AC side."""
LOOK_S: Final = 10
"""How often the settings are looked at: a unit acts on a write within a minute."""
WARMING_K: Final = 25.0
TEMPERATURE_LAG_S: Final = 900.0


class Powers(msgspec.Struct, frozen=True):
    """Of one second."""

    strings: tuple[PanelState, ...] = ()
    pv_ac_w: float = 0.0
    battery_w: float = 0.0
    """Discharging +."""

    @property
    def output_w(self) -> float:
        """Onto the bus."""
        return self.pv_ac_w + self.battery_w

    @property
    def pv_dc_w(self) -> float:
        return sum(string.power_w for string in self.strings)


class Body:
    """A terminal of the simulated home."""

    def __init__(
        self,
        profile: Profile,
        sky: Sky,
        *,
        clock: InverterClock,
        bank: BatteryBank,
        strings: Sequence[Panel],
        settings: Callable[[], Settings],
    ) -> None:
        self.profile = profile
        self.clock = clock
        self.bank = bank
        self.strings = tuple(strings)
        self.calibration = Calibration()
        self.tallies = Tallies()
        self.powers = Powers()
        self.is_on_grid = True
        self.warmth_c = 20.0
        self.hours = 0.0
        """Of work."""
        self._sky = sky
        self._read_settings = settings
        self._settings = settings()
        self._looked_s = 0.0
        self._day = -1

    def look(self) -> None:
        """Act on the settings now."""
        self._settings = self._read_settings()

    def step(self, bus: Bus, dt_s: float) -> float:
        now_s = bus.at.timestamp()
        minute = self._tick(now_s)
        self.is_on_grid = bus.energised
        before = self.powers
        if bus.energised:
            load_w = max(0.0, before.output_w + bus.grid_w)
            self.powers = self._work(bus, load_w, minute, dt_s)
        else:
            load_w = 0.0
            self.bank.exchange(0.0, dt_s)
            self.powers = Powers()
        self._count(bus.grid_w, load_w, dt_s)
        self._warm(self._sky.ambient_c(bus.at), dt_s)
        return self.powers.output_w

    def _tick(self, now_s: float) -> int:
        """The inverter's minute of the day; its midnight, and the next look at the settings."""
        day, second_s = divmod(self.clock.local_s(now_s), DAY_S)
        if day != self._day:
            if self._day >= 0:
                self.tallies.midnight()
            self._day = int(day)
        if not 0.0 <= now_s - self._looked_s < LOOK_S:
            self._looked_s = now_s
            self.look()
        return int(second_s // 60)

    def _work(self, bus: Bus, load_w: float, minute: int, dt_s: float) -> Powers:
        strings = tuple(string.operate(self._sky, bus.at) for string in self.strings)
        pv_ac_w = self._converted_w(strings)
        ceiling_w = self.profile.rated_w * self._settings.rate
        wanted_w = self._wanted_w(pv_ac_w, load_w, minute, dt_s)
        if not self.profile.is_ac_coupled:
            wanted_w = min(wanted_w, max(0.0, ceiling_w - pv_ac_w))
        wanted_w = max(min(wanted_w, ceiling_w), -self.profile.rated_w - pv_ac_w)
        battery_w_ = self.bank.exchange(wanted_w, dt_s)
        room_w = ceiling_w - battery_w_
        if not self.profile.is_ac_coupled and pv_ac_w > room_w:
            share = max(0.0, room_w / pv_ac_w)
            strings = tuple(string.operate(self._sky, bus.at, share=share) for string in self.strings)
            pv_ac_w = self._converted_w(strings)
        return Powers(strings, pv_ac_w, battery_w_)

    def _converted_w(self, strings: Sequence[PanelState]) -> float:
        return sum(s.power_w for s in strings) * (1.0 if self.profile.is_ac_coupled else CONVERSION)

    def _wanted_w(self, pv_ac_w: float, load_w: float, minute: int, dt_s: float) -> float:
        bank = self.bank
        calibrates = self.calibration.step(bank.soc_pct, dt_s)
        if calibrates is not None:
            return calibrates * self.profile.battery_w
        situation = Situation(
            minute=minute,
            soc_pct=bank.soc_pct,
            pv_w=pv_ac_w,
            load_w=load_w,
            most_charge_w=bank.most_charge_w,
            most_discharge_w=bank.most_discharge_w,
            capacity_wh=bank.capacity_wh,
        )
        return battery_w(self._settings, situation)

    def _count(self, grid_w: float, load_w: float, dt_s: float) -> None:
        powers = self.powers
        charge_w, discharge_w = max(0.0, -powers.battery_w), max(0.0, powers.battery_w)
        flows_w = {
            "solar": powers.pv_ac_w,
            "strings": powers.pv_dc_w,
            "import": max(0.0, grid_w),
            "export": max(0.0, -grid_w),
            "load": load_w,
            "charge": charge_w,
            "discharge": discharge_w,
            "each charge": charge_w / max(1, len(self.bank.batteries)),
            "each discharge": discharge_w / max(1, len(self.bank.batteries)),
            "throughput": charge_w + discharge_w,
            "ac charge": max(0.0, charge_w - powers.pv_ac_w),
            "output": max(0.0, powers.output_w),
            "input": max(0.0, -powers.output_w),
            "battery output": discharge_w,
        }
        for number, string in enumerate(powers.strings, 1):
            flows_w[f"string {number}"] = string.power_w
        self.tallies.add(flows_w, dt_s)
        self.hours += dt_s / 3600.0

    def _warm(self, ambient_c: float, dt_s: float) -> None:
        aim_c = ambient_c + 8.0 + WARMING_K * abs(self.powers.output_w) / self.profile.rated_w
        self.warmth_c += (aim_c - self.warmth_c) * -math.expm1(-dt_s / TEMPERATURE_LAG_S)
