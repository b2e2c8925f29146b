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
from ohmstead.families.givenergy.paging import PAGING
from ohmstead.families.givenergy.registers.availability import AC_BLOCK, INHERITED, NOT_AC, NOT_AC_ARTEFACT
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable
from ohmstead.families.givenergy.registers.three_phase import ThreePhaseTable
from ohmstead.families.givenergy.slots import EXTENDED, SINGLE, THREE_PHASE, SlotMap
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.views.derived import derived, negative_part, plus, surplus, tenths
from ohmstead.families.givenergy.views.view import NO_TIMES, View
from ohmstead.kit.wire.tables import Field, Pages
from ohmstead.kit.wire.tables.page import EMPTY
from ohmstead.model import Quality

AC_SIDE: Final = frozenset({"AC", "ALL_IN_ONE"})
"""Models on which the registers of the strings show the AC side."""
TODAY: Final[Mapping[str, int]] = {"HYBRID_GEN1": 1, "HYBRID_GEN2": 0, "AC": 0, "ALL_IN_ONE": 0}
"""Which of the two counters of today's battery energy is right; on other models nobody knows."""
TOTAL: Final = frozenset({"HYBRID_GEN1"})
"""Models on which the first counter of the total is known to be right."""


def _is_ac_coupled(model: Model | None) -> bool | None:
    return None if model is None else model.name in AC_COUPLED


def _capacity_kwh(model: Model | None, modules: int | None, capacity_ah: float | None) -> float | None:
    voltage_v = ratings.battery_nominal_voltage_v(model, modules)
    return None if voltage_v is None or capacity_ah is None else round(capacity_ah * voltage_v / 1000, 3)


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

    is_ac_coupled = derived(_is_ac_coupled, "model")
    inverter_max_power = derived(ratings.inverter_max_power_w, "device_type_code", "module", unit="W")
    battery_max_power = derived(
        ratings.battery_max_power_w, "device_type_code", "arm_firmware_version", unit="W"
    )
    """None where it is not known, which is not zero."""
    battery_capacity_kwh = derived(_capacity_kwh, "model", "modules", "battery_capacity_ah", unit="kWh")
    p_pv = derived(plus, "p_pv1", "p_pv2", unit="W")


def _today(model: Model | None, *counters: float | None) -> float | None:
    right = None if model is None else TODAY.get(model.name)
    return None if right is None else counters[right]


def _total(model: Model | None, counter: float | None) -> float | None:
    return counter if model is not None and model.name in TOTAL else None


def _consumption(
    generated: float | None, imported: float | None, exported: float | None, ac_charge: float | None
) -> float | None:
    gained, spent = plus(generated, imported), plus(exported, ac_charge)
    return None if gained is None or spent is None else round(gained - spent, 1)


def _kept(generated: float | None, exported: float | None) -> float | None:
    return tenths(surplus(generated, exported))


def _direct(
    generated: float | None, exported: float | None, charged: float | None, ac_charge: float | None
) -> float | None:
    return tenths(surplus(generated, exported, surplus(charged, ac_charge)))


class SinglePhaseInverter(SinglePhaseCommands, InverterFacts, SinglePhaseTable):
    """A single-phase inverter, or what answers in its place on a gateway."""

    _corrected_by = SinglePhaseTable.model.windows

    @property
    def slot_map(self) -> SlotMap:
        """Where its slots are; the short map while the model is not known."""
        model = self.model
        extended = model is not None and has_extended_slots(model, _whole(self.arm_firmware_version))
        return EXTENDED if extended else SINGLE

    def _corrections(self) -> Mapping[str, object]:
        model = SinglePhaseTable.model.read(self._pages)
        return _not_its_own(model is not None and model.name in AC_SIDE)

    e_pv_day = derived(plus, "e_pv1_day", "e_pv2_day", unit="kWh")
    grid_export_power = derived(surplus, "p_grid_out", unit="W")
    grid_import_power = derived(negative_part, "p_grid_out", unit="W")
    battery_discharge_power = derived(surplus, "p_battery", unit="W")
    battery_charge_power = derived(negative_part, "p_battery", unit="W")
    e_battery_charge_today = derived(
        _today, "model", "e_battery_charge_today_alt1", "e_battery_charge_today_alt2", unit="kWh"
    )
    e_battery_discharge_today = derived(
        _today, "model", "e_battery_discharge_today_alt1", "e_battery_discharge_today_alt2", unit="kWh"
    )
    e_battery_charge_total = derived(_total, "model", "e_battery_charge_total_alt1", unit="kWh")
    e_battery_discharge_total = derived(_total, "model", "e_battery_discharge_total_alt1", unit="kWh")
    e_consumption_today = derived(
        _consumption,
        "e_pv_generation_today",
        "e_grid_in_day",
        "e_grid_out_day",
        "e_ac_charge_today",
        unit="kWh",
    )
    e_self_consumption_today = derived(_kept, "e_pv_generation_today", "e_grid_out_day", unit="kWh")
    e_self_consumption_total = derived(_kept, "e_pv_generation_total", "e_grid_out_total", unit="kWh")
    e_pv_direct_today = derived(
        _direct,
        "e_pv_generation_today",
        "e_grid_out_day",
        "e_battery_charge_today",
        "e_ac_charge_today",
        unit="kWh",
    )
    """What went from the strings straight into the house. Not monotonic during a day."""


def _net(discharge: float | None, charge: float | None) -> float | None:
    return None if charge is None else plus(discharge, -charge)


def _throughput(charged: float | None, discharged: float | None) -> float | None:
    return tenths(plus(charged, discharged))


class ThreePhaseInverter(ThreePhaseCommands, InverterFacts, ThreePhaseTable):
    """A three-phase inverter. Its power layout is not confirmed: rely on the four directional powers."""

    _corrected_by = PAGING.windows(Bank.IR, 1000, 60)  # the first of what such units alone measure

    @property
    def slot_map(self) -> SlotMap:
        return THREE_PHASE

    def _corrections(self) -> Mapping[str, object]:
        has_own = any(any(self._pages.get(window.key, EMPTY).words) for window in self._corrected_by)
        return _FROZEN if has_own else _NO_NODES

    def _quality(self, field: Field[Any]) -> Quality:
        return Quality.SUSPECT if field.name in PROVISIONAL else super()._quality(field)

    p_battery = derived(_net, "p_battery_discharge", "p_battery_charge", unit="W")
    """+ discharging."""
    battery_discharge_power = derived(surplus, "p_battery_discharge", unit="W")
    battery_charge_power = derived(surplus, "p_battery_charge", unit="W")
    grid_import_power = derived(surplus, "p_meter_import", unit="W")
    grid_export_power = derived(surplus, "p_meter_export", unit="W")
    e_battery_throughput = derived(
        _throughput, "e_battery_charge_total", "e_battery_discharge_total", unit="kWh"
    )
    e_pv_day = derived(plus, "e_pv_today", unit="kWh")


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


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
