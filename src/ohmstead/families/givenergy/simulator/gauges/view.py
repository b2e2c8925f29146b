"""What the gauges look at: the body, and the street as it was in the same second."""

from __future__ import annotations

import msgspec

from ohmstead.families.givenergy.simulator.dynamics.body import Body
from ohmstead.kit.world import Bus


class View(msgspec.Struct, frozen=True):
    """Whole watts, so that what belongs together adds up in the registers too."""

    body: Body
    bus: Bus

    @property
    def voltage_v(self) -> float:
        return self.bus.voltage_v

    @property
    def frequency_hz(self) -> float:
        return self.bus.frequency_hz

    @property
    def output_w(self) -> int:
        """At the inverter's terminal, onto the bus."""
        return round(self.body.powers.output_w)

    @property
    def export_w(self) -> int:
        """At the CT, exporting +."""
        return round(-self.bus.grid_w)

    @property
    def load_w(self) -> int:
        """Of the house, never negative: other sources on the bus may hide it."""
        return max(0, self.output_w - self.export_w)

    @property
    def battery_w(self) -> int:
        """Discharging +."""
        return round(self.body.powers.battery_w)

    @property
    def solar_w(self) -> int:
        return round(self.body.powers.pv_ac_w)

    @property
    def soc_pct(self) -> int:
        return round(self.body.bank.soc_pct)

    def current_a(self, power_w: float) -> float:
        return power_w / self.voltage_v if self.voltage_v else 0.0
