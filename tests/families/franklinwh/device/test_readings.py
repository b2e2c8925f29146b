"""Measurements in our words, with our signs."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from ohmstead.families.franklinwh import Current, Stats, Totals
from ohmstead.families.franklinwh.device.counting import Tallies, counted
from ohmstead.families.franklinwh.device.parts import Ids, Parts
from ohmstead.families.franklinwh.device.readings import port_power_w, readings, told_wh
from ohmstead.model import LoadReading, Quality, Reading, SolarReading, VehiclePortReading

AT = datetime(2026, 6, 21, 12, tzinfo=UTC)
WITH_PORT = Parts(serial="G1", has_port=True)


def told(**current: float) -> Stats:
    return Stats(current=Current(v2l_enabled=1, **current))  # type: ignore[arg-type] - figures of either type


def of(kind: type[Reading], stats: Stats, parts: Parts) -> list[Reading]:
    port_w = port_power_w(stats, parts, None)
    tallies = counted(Tallies(), told_wh(stats, parts), AT.date(), 0.0)
    found = readings(stats, parts, Ids("here", "G1"), AT, tallies=tallies, port_w=port_w)
    return [reading for reading in found if isinstance(reading, kind)]


@pytest.mark.parametrize(
    ("load_kw", "port_kw", "home_w", "v2l_w"),
    [(5.0, 2.8, 2200.0, 2800.0), (1.0, -2.0, 3000.0, -2000.0), (1.0, 0.0, 1000.0, 0.0)],
)
def test_the_port_is_a_sink_and_no_part_of_the_home(
    load_kw: float, port_kw: float, home_w: float, v2l_w: float
) -> None:
    stats = told(home_load=load_kw, v2l_use=port_kw)

    assert of(LoadReading, stats, WITH_PORT)[0].power_w == home_w
    assert of(VehiclePortReading, stats, WITH_PORT)[0].power_w == v2l_w


@pytest.mark.parametrize(
    "parts",
    [Parts(serial="G1"), WITH_PORT],
)
def test_without_port_or_licence_it_is_a_circuit_and_part_of_the_home(parts: Parts) -> None:
    stats = Stats(current=Current(v2l_enabled=0, home_load=5.0, v2l_use=2.8))

    assert of(LoadReading, stats, parts)[0].power_w == 5000.0
    assert [reading.power_w for reading in of(VehiclePortReading, stats, parts)] == [None] * parts.has_port


def test_a_magnitude_feeds_in_when_only_that_counter_grew() -> None:
    before = Stats(totals=Totals(v2l_import=1.0, v2l_export=2.0))
    now = msgspec.structs.replace(told(v2l_use=2.0), totals=Totals(v2l_import=1.1, v2l_export=2.0))
    both = msgspec.structs.replace(now, totals=Totals(v2l_import=1.1, v2l_export=2.1))

    assert port_power_w(now, WITH_PORT, before) == -2000.0
    assert port_power_w(both, WITH_PORT, before) == 2000.0


def test_what_was_absent_or_bad_is_not_known() -> None:
    stats = Stats(missing=frozenset({"current.solar_production"}), bad={"totals.solar": "no number"})

    reading = of(SolarReading, stats, WITH_PORT)[0]
    assert isinstance(reading, SolarReading)
    assert (reading.power_w, reading.energy_wh) == (None, None)


def test_a_stale_answer_is_marked() -> None:
    stats = Stats(is_stale=True, stale_reason="stored_answer")

    assert {reading.quality for reading in of(Reading, stats, WITH_PORT)} == {Quality.STALE}
