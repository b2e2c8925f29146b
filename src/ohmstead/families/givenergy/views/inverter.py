"""Inverters. The two types have many names in common and take them from other registers.

On single-phase units IR(24) and IR(30) are two points of the same wiring: the inverter's terminal, and the grid's
current transformer. What lies between is the house: IR(24) is about IR(42) + IR(30). That was measured on one
single-phase unit and must not be carried over to three phases, where these registers are zero or frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from ohmstead.families.givenergy import ratings
from ohmstead.families.givenergy.capabilities import AC_COUPLED, has_extended_slots
from ohmstead.families.givenergy.commands.surfaces import SinglePhaseCommands, ThreePhaseCommands
from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.registers.availability import AC_BLOCK, INHERITED, NOT_AC, NOT_AC_ARTEFACT
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable
from ohmstead.families.givenergy.registers.three_phase import ThreePhaseTable
from ohmstead.families.givenergy.slots import EXTENDED, SINGLE, THREE_PHASE, SlotMap
from ohmstead.families.givenergy.views.derived import derived, negative_part, plus, surplus
from ohmstead.families.givenergy.views.view import NO_TIMES, View
from ohmstead.kit.wire.tables import Field, Pages
from ohmstead.model import Quality

AC_SIDE: Final = frozenset({"AC", "ALL_IN_ONE"})
"""Models on which the registers of the strings show the AC side."""
ROUTES: Final[Mapping[str, tuple[str, str | None]]] = {
    "HYBRID_GEN1": ("today_alt2", "total_alt1"),
    "HYBRID_GEN2": ("today_alt1", None),
    "AC": ("today_alt1", None),
    "ALL_IN_ONE": ("today_alt1", None),
}
"""Which of the alternative counters of battery energy is right, today's and the total; on other models nobody knows."""

# Any, in what both types have: its attributes stand in different registers of the two.


class InverterFacts(View):
    """What both types have: facts that follow from the model."""

    def __init__(
        self,
        pages: Pages,
        *,
        address: int = 0,
        times: Mapping[str, datetime] = NO_TIMES,
        modules: int | None = None,
    ) -> None:
        """`modules`: battery modules of the high-voltage stacks, where there are any."""
        super().__init__(pages, address=address, times=times)
        self.modules = modules

    @derived()
    def is_ac_coupled(self: Any) -> bool | None:
        return None if self.model is None else self.model.name in AC_COUPLED

    @derived("W")
    def inverter_max_power(self: Any) -> int | None:
        return ratings.inverter_max_power_w(self.device_type_code, self.module)

    @derived("W")
    def battery_max_power(self: Any) -> int | None:
        """None where it is not known, which is not zero."""
        return ratings.battery_max_power_w(self.device_type_code, self.arm_firmware_version)

    @derived("kWh")
    def battery_capacity_kwh(self: Any) -> float | None:
        voltage_v = ratings.battery_nominal_voltage_v(self.model, self.modules)
        capacity_ah: float | None = self.battery_capacity_ah
        return None if voltage_v is None or capacity_ah is None else round(capacity_ah * voltage_v / 1000, 3)

    @derived("W")
    def p_pv(self: Any) -> float | None:
        return plus(self.p_pv1, self.p_pv2)


class SinglePhaseInverter(SinglePhaseCommands, InverterFacts, SinglePhaseTable):
    """A single-phase inverter, or what answers in its place on a gateway."""

    @property
    def slot_map(self) -> SlotMap:
        """Where its slots are; the short map while the model is not known."""
        model = self.model
        extended = model is not None and has_extended_slots(model, _whole(self.arm_firmware_version))
        return EXTENDED if extended else SINGLE

    def _corrections(self) -> Mapping[str, object]:
        model = SinglePhaseTable.model.read(self._pages)
        return _not_its_own(model is not None and model.name in AC_SIDE)

    @derived("kWh")
    def e_pv_day(self) -> float | None:
        return plus(self.e_pv1_day, self.e_pv2_day)

    @derived("W")
    def grid_export_power(self) -> float | None:
        return surplus(self.p_grid_out)

    @derived("W")
    def grid_import_power(self) -> float | None:
        return negative_part(self.p_grid_out)

    @derived("W")
    def battery_discharge_power(self) -> float | None:
        return surplus(self.p_battery)

    @derived("W")
    def battery_charge_power(self) -> float | None:
        return negative_part(self.p_battery)

    @derived("kWh")
    def e_battery_charge_today(self) -> float | None:
        return _routed(self, "e_battery_charge", 0)

    @derived("kWh")
    def e_battery_discharge_today(self) -> float | None:
        return _routed(self, "e_battery_discharge", 0)

    @derived("kWh")
    def e_battery_charge_total(self) -> float | None:
        return _routed(self, "e_battery_charge", 1)

    @derived("kWh")
    def e_battery_discharge_total(self) -> float | None:
        return _routed(self, "e_battery_discharge", 1)

    @derived("kWh")
    def e_consumption_today(self) -> float | None:
        gained = plus(self.e_pv_generation_today, self.e_grid_in_day)
        spent = plus(self.e_grid_out_day, self.e_ac_charge_today)
        return None if gained is None or spent is None else round(gained - spent, 1)

    @derived("kWh")
    def e_self_consumption_today(self) -> float | None:
        return _tenths(surplus(self.e_pv_generation_today, self.e_grid_out_day))

    @derived("kWh")
    def e_self_consumption_total(self) -> float | None:
        return _tenths(surplus(self.e_pv_generation_total, self.e_grid_out_total))

    @derived("kWh")
    def e_pv_direct_today(self) -> float | None:
        """What went from the strings straight into the house. Not monotonic during a day."""
        from_strings = surplus(self.e_battery_charge_today, self.e_ac_charge_today)
        return _tenths(surplus(self.e_pv_generation_today, self.e_grid_out_day, from_strings))


class ThreePhaseInverter(ThreePhaseCommands, InverterFacts, ThreePhaseTable):
    """A three-phase inverter. Its power layout is not confirmed: rely on the four directional powers."""

    @property
    def slot_map(self) -> SlotMap:
        return THREE_PHASE

    def _corrections(self) -> Mapping[str, object]:
        own = self._pages.get("IR(960)"), self._pages.get("IR(1020)")
        words = [
            word
            for page, part in zip(own, (slice(40, 60), slice(40)), strict=True)
            if page
            for word in page.words[part]
        ]
        return _FROZEN if any(words) else _NO_NODES

    def _quality(self, field: Field[Any]) -> Quality:
        return Quality.SUSPECT if field.name in PROVISIONAL else super()._quality(field)

    @derived("W")
    def p_battery(self) -> float | None:
        """+ discharging."""
        charge = self.p_battery_charge
        return None if charge is None else plus(self.p_battery_discharge, -charge)

    @derived("W")
    def battery_discharge_power(self) -> float | None:
        return surplus(self.p_battery_discharge)

    @derived("W")
    def battery_charge_power(self) -> float | None:
        return surplus(self.p_battery_charge)

    @derived("W")
    def grid_import_power(self) -> float | None:
        return surplus(self.p_meter_import)

    @derived("W")
    def grid_export_power(self) -> float | None:
        return surplus(self.p_meter_export)

    @derived("kWh")
    def e_battery_throughput(self) -> float | None:
        return _tenths(plus(self.e_battery_charge_total, self.e_battery_discharge_total))

    @derived("kWh")
    def e_pv_day(self) -> float | None:
        return self.e_pv_today


NODES: Final = ("p_grid_out_ph1", "p_grid_out", "p_load_demand", "i_grid_port")
"""Established on a single-phase unit, and nowhere else."""
_NO_NODES: Final[Mapping[str, object]] = dict.fromkeys(NODES)
_FROZEN: Final[Mapping[str, object]] = dict.fromkeys(
    [*NODES, *(name for name, line in ThreePhaseTable.lines.items() if line.facts.models == INHERITED)]
)
PROVISIONAL: Final = frozenset(
    name
    for name in ThreePhaseTable.lines
    if name.startswith(("p_", "v_ac", "i_ac")) and name.endswith(("ac1", "ac2", "ac3", "l1", "l2", "l3"))
)
"""Values per phase."""


@cache
def _not_its_own(is_ac_side: bool) -> Mapping[str, object]:  # noqa: FBT001 - a key of a cache
    """Measurements that the same registers have under another name on this model."""
    hidden = (NOT_AC, NOT_AC_ARTEFACT) if is_ac_side else (AC_BLOCK,)
    return dict.fromkeys(
        name
        for name, line in SinglePhaseTable.lines.items()
        if line.bank == "IR" and line.facts.models in hidden
    )


def _routed(values: Any, counter: str, which: int) -> float | None:
    model: Model | None = values.model
    suffix = None if model is None else ROUTES.get(model.name, (None, None))[which]
    found: float | None = None if suffix is None else getattr(values, f"{counter}_{suffix}")
    return found


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _tenths(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
