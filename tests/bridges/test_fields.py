"""The one table: nothing of the model is left out, and what it says is what Home Assistant allows."""

from __future__ import annotations

from typing import get_args

import pytest

from ohmstead.bridges.fields import FIELDS, FLOWS, UNITS, Field, Kind, tag_of
from ohmstead.bridges.metrics import metric_of
from ohmstead.bridges.mqtt.controls import CONTROLS
from ohmstead.model import ABILITIES, AnyReading, Flows, Reading

NOT_MEASURED = frozenset(Reading.__struct_fields__) - {"power_w"}


def test_every_field_of_every_reading_stands_in_the_table_once() -> None:
    known = [(tag_of(field.role), field.name) for field in FIELDS]
    model = [
        (tag_of(role), name)
        for role in get_args(AnyReading)
        for name in role.__struct_fields__
        if name not in NOT_MEASURED
    ]

    assert sorted(known) == sorted(model)


def test_every_flow_has_a_title() -> None:
    assert set(FLOWS) == {name for name in Flows.__struct_fields__ if name.endswith("_w")}


def test_every_ability_can_be_offered() -> None:
    assert set(CONTROLS) == set(ABILITIES)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_every_number_with_a_unit_has_one_that_others_know(field: Field) -> None:
    is_amount = field.kind in (Kind.TOTAL, Kind.RESETTING)

    assert field.unit is not None or field.kind in (Kind.FLAG, Kind.WORD) or field.name == "phases"
    assert not is_amount or field.unit is UNITS["Wh"]


def test_metrics_are_called_by_what_they_are() -> None:
    names = {field.key: metric_of(field).name for field in FIELDS}

    assert names["solar.power_w"] == "ohmstead_solar_power_watts"
    assert names["grid.imported_wh"] == "ohmstead_grid_imported_watt_hours_total"
    assert names["battery.soc_pct"] == "ohmstead_battery_soc_percent"
    assert names["charger.session_energy_wh"] == "ohmstead_charger_session_energy_watt_hours"
    assert names["generator.running"] == "ohmstead_generator_running"
    assert len(set(names.values())) == len(names)
