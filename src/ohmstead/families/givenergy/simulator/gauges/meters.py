"""What the energy meters on the bus measure: the street, or a plant's PV. Importing and producing count as positive."""

from __future__ import annotations

from enum import Enum
from typing import Final

from ohmstead.families.givenergy.registers.meters import EmsMeterTable, MeterTable, ThreePhaseMeterTable
from ohmstead.families.givenergy.simulator.gauges.counters import Line, total
from ohmstead.families.givenergy.simulator.gauges.view import View
from ohmstead.families.givenergy.simulator.profiles import Kind
from ohmstead.families.givenergy.simulator.sheet import Sheet
from ohmstead.kit.wire.tables import Field

Table = type[MeterTable]

TABLES: Final[dict[Kind, Table]] = {
    Kind.SINGLE_PHASE: MeterTable,
    Kind.GATEWAY: MeterTable,
    Kind.THREE_PHASE: ThreePhaseMeterTable,
    Kind.EMS: EmsMeterTable,
}


class Place(Enum):
    GRID = "grid"
    SOLAR = "solar"
    NOTHING = "nothing"
    """Wired to what this plant does not have."""


PLACES: Final = {
    "hybrid-gen2": {1: Place.GRID},
    "hybrid-hv-gen3": {1: Place.GRID},
    "hybrid-3ph": {1: Place.GRID, 2: Place.NOTHING},
    "ems": {1: Place.GRID, 3: Place.SOLAR},
    "gateway": {1: Place.GRID, 2: Place.SOLAR},
}
"""By plant and bus address."""

_COUNTED: Final = {
    Place.GRID: ("import", "export"),
    Place.SOLAR: ("solar", "nothing"),
    Place.NOTHING: ("nothing", "nothing"),
}


POWER_FACTOR: Final = 0.999
"""Nearly one: exactly one is what three of four profiles write for "not measured"."""

Phase = tuple[Field[float], Field[float], Field[float], Field[float], Field[float]]


def _one(table: Table) -> tuple[Phase, ...]:
    return (
        (
            table.v_phase_1,
            table.i_phase_1,
            table.p_active_phase_1,
            table.p_apparent_phase_1,
            table.pf_phase_1,
        ),
    )


def _three(table: Table) -> tuple[Phase, ...]:
    return (
        *_one(table),
        (
            table.v_phase_2,
            table.i_phase_2,
            table.p_active_phase_2,
            table.p_apparent_phase_2,
            table.pf_phase_2,
        ),
        (
            table.v_phase_3,
            table.i_phase_3,
            table.p_active_phase_3,
            table.p_apparent_phase_3,
            table.pf_phase_3,
        ),
    )


def counters(place: Place) -> tuple[Line, ...]:
    """They never start again."""
    inward, outward = _COUNTED[place]
    return total({inward: (MeterTable.e_import_active,), outward: (MeterTable.e_export_active,)})


def show(sheet: Sheet, view: View, kind: Kind, place: Place) -> None:
    table = TABLES[kind]
    power_w = {Place.GRID: -view.export_w, Place.SOLAR: view.solar_w, Place.NOTHING: 0}[place]
    factor_ = POWER_FACTOR if power_w >= 0 else -POWER_FACTOR
    phases = _three(table) if kind is Kind.THREE_PHASE else _one(table)
    share_w = power_w / len(phases)
    for volts, amps, watts, volt_amps, factor in phases:
        sheet.set(volts, view.voltage_v)
        sheet.set(amps, view.current_a(abs(share_w)))
        sheet.set(watts, share_w)
        if kind is not Kind.GATEWAY:  # gateways leave these three empty
            sheet.set(volt_amps, abs(share_w / factor_))
            sheet.set(factor, factor_)
    sheet.set(table.frequency, view.frequency_hz)
    if kind in (Kind.THREE_PHASE, Kind.EMS):
        sheet.set(table.p_active_total, power_w)
        sheet.set(table.p_apparent_total, abs(power_w / factor_))
        sheet.set(table.i_total, view.current_a(abs(power_w)))
        sheet.set(table.pf_total, factor_)
