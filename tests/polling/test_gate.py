from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.model import (
    ROLES,
    BatteryReading,
    ChargerReading,
    ChargerState,
    Detail,
    DeviceId,
    GridReading,
    Quality,
    Reading,
    Sample,
    SolarReading,
)
from ohmstead.polling import RANGES, Gate, Rejected
from ohmstead.polling.ranges import FLAGS

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
ROOF = DeviceId("roof/1")


def sample(*readings: Reading, at: datetime = NOON) -> Sample:
    return Sample(at=at, readings=readings)


def passed(reading: Reading) -> Reading:
    return Gate().check(sample(reading)).sample.readings[0]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.__name__)
def test_every_field_of_every_role_is_in_a_table(role: type[Reading]) -> None:
    in_tables = {limits.field for limits in RANGES[role]} | set(FLAGS.get(role, ()))
    fields = {field.name for field in msgspec.structs.fields(role)}
    assert fields - in_tables <= {"device", "at", "quality", "state"}
    assert in_tables <= fields


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.__name__)
def test_every_total_is_named_an_energy_and_every_range_has_room(role: type[Reading]) -> None:
    for limits in RANGES[role]:
        assert limits.low < limits.high
        assert not limits.total or limits.field.endswith("_wh")


@pytest.mark.parametrize(
    ("reading", "field", "value", "reason"),
    [
        (
            SolarReading(device=ROOF, at=NOON, power_w=math.nan),
            "solar.power_w",
            "nan",
            "outside -1,000 to 100,000 W",
        ),
        (
            SolarReading(device=ROOF, at=NOON, power_w=math.inf),
            "solar.power_w",
            "inf",
            "outside -1,000 to 100,000 W",
        ),
        (
            SolarReading(device=ROOF, at=NOON, power_w=2e5),
            "solar.power_w",
            "200000.0",
            "outside -1,000 to 100,000 W",
        ),
        (
            SolarReading(device=ROOF, at=NOON, power_w=10**400),
            "solar.power_w",
            "1" + 79 * "0",
            "outside -1,000 to 100,000 W",
        ),
        (
            SolarReading(device=ROOF, at=NOON, power_w=10**5000),
            "solar.power_w",
            "an integer of thousands of digits",
            "outside -1,000 to 100,000 W",
        ),
        (
            SolarReading(device=ROOF, at=NOON, power_w="5"),
            "solar.power_w",
            "'5'",
            "no number",
        ),
        (
            SolarReading(device=ROOF, at=NOON, power_w=True),
            "solar.power_w",
            "True",
            "no number",
        ),
        (
            SolarReading(device=ROOF, at=NOON, energy_wh=-1.0),
            "solar.energy_wh",
            "-1.0",
            "outside 0 to 10,000,000,000 Wh",
        ),
        (
            BatteryReading(device=ROOF, at=NOON, soc_pct=100.5),
            "battery.soc_pct",
            "100.5",
            "outside 0 to 100 %",
        ),
        (BatteryReading(device=ROOF, at=NOON, soc_pct=-0.1), "battery.soc_pct", "-0.1", "outside 0 to 100 %"),
        (
            BatteryReading(device=ROOF, at=NOON, temperature_c=-273.1),
            "battery.temperature_c",
            "-273.1",
            "outside -60 to 150 °C",
        ),
        (
            GridReading(device=ROOF, at=NOON, voltage_v=6553.5),
            "grid.voltage_v",
            "6553.5",
            "outside 0 to 600 V",
        ),
        (
            GridReading(device=ROOF, at=NOON, frequency_hz=500.0),
            "grid.frequency_hz",
            "500.0",
            "outside 0 to 75 Hz",
        ),
        (
            GridReading(device=ROOF, at=NOON, connected=1),
            "grid.connected",
            "1",
            "neither yes nor no",
        ),
    ],
)
def test_an_impossible_value_is_kept_aside_with_its_reason(
    reading: Reading, field: str, value: str, reason: str
) -> None:
    checked = Gate().check(sample(reading))
    assert checked.rejected == (Rejected(device=ROOF, field=field, value=value, reason=reason, at=NOON),)
    assert getattr(checked.sample.readings[0], field.partition(".")[2]) is None


@pytest.mark.parametrize(
    "reading",
    [
        SolarReading(device=ROOF, at=NOON, power_w=0),
        SolarReading(device=ROOF, at=NOON, power_w=-3.5, energy_wh=12345.6),
        GridReading(device=ROOF, at=NOON, power_w=-4200.0, voltage_v=0.0, frequency_hz=0.0, connected=False),
        BatteryReading(device=ROOF, at=NOON, soc_pct=0, temperature_c=-20.0),
        BatteryReading(device=ROOF, at=NOON, soc_pct=100, capacity_wh=13600.0),
        ChargerReading(
            device=ROOF, at=NOON, state=ChargerState.CHARGING, power_w=11000.0, limit_a=16.0, phases=3
        ),
    ],
    ids=lambda reading: type(reading).__name__,
)
def test_a_possible_reading_passes_untouched(reading: Reading) -> None:
    checked = Gate().check(sample(reading))
    assert checked.sample.readings == (reading,)
    assert checked.rejected == ()


def test_the_rest_of_a_poll_with_a_bad_field_is_kept() -> None:
    bad = BatteryReading(device=ROOF, at=NOON, power_w=math.nan, soc_pct=55.0)
    good = SolarReading(device=DeviceId("roof/2"), at=NOON, power_w=300.0)
    checked = Gate().check(sample(bad, good))
    assert checked.emptied == {}
    assert checked.sample.readings == (BatteryReading(device=ROOF, at=NOON, power_w=None, soc_pct=55.0), good)


def test_a_charger_state_nobody_knows_becomes_unknown() -> None:
    reading = ChargerReading(device=ROOF, at=NOON, state="exploding")
    assert passed(reading).state is ChargerState.UNKNOWN


def test_a_detail_that_is_no_number_is_blanked_and_marked() -> None:
    details = {ROOF: (Detail(key="p", label="P", value=math.nan), Detail(key="t", label="T", value="on"))}
    checked = Gate().check(Sample(at=NOON, readings=(), details=details))
    assert checked.sample.details[ROOF] == (
        Detail(key="p", label="P", value=None, quality=Quality.SUSPECT),
        Detail(key="t", label="T", value="on"),
    )


def test_a_charge_that_leaps_is_kept_aside_until_the_next_poll_confirms_it() -> None:
    gate, passed_pct = Gate(), []
    for poll, soc_pct in enumerate([50.0, 90.0, 51.0, 80.0, 81.0]):
        at = NOON + timedelta(seconds=30 * poll)
        reading = BatteryReading(device=ROOF, at=at, soc_pct=soc_pct)
        passed_pct.append(gate.check(sample(reading, at=at)).sample.readings[0].soc_pct)
    assert passed_pct == [50.0, None, 51.0, None, 81.0]


def test_a_power_that_no_home_had_so_far_is_kept_aside_until_the_next_poll_confirms_it() -> None:
    gate, passed_w = Gate(), []
    for poll, power_w in enumerate([400.0, 32_768.0, 420.0, -60_000.0, -61_000.0, -70_000.0]):
        at = NOON + timedelta(seconds=30 * poll)
        reading = GridReading(device=ROOF, at=at, power_w=power_w)
        passed_w.append(gate.check(sample(reading, at=at)).sample.readings[0].power_w)
    assert passed_w == [400.0, None, 420.0, None, -61_000.0, -70_000.0]


def test_a_bank_of_zeros_is_kept_aside_and_nothing_of_it_passes() -> None:
    gate = Gate()
    gate.check(sample(SolarReading(device=ROOF, at=NOON, power_w=300.0, energy_wh=5e6)))
    later = NOON + timedelta(seconds=30)
    checked = gate.check(sample(SolarReading(device=ROOF, at=later, power_w=0.0, energy_wh=0.0), at=later))
    (reading,) = checked.sample.readings
    assert (reading.power_w, reading.energy_wh) == (None, None)
    assert checked.emptied == {ROOF: "every value is zero at once, as of a register bank that was not filled"}
    assert {value.reason for value in checked.rejected} == {
        "every value is zero at once, as of a register bank that was not filled"
    }


def test_a_power_that_stands_still_beside_a_counter_that_should_have_moved_is_kept_aside() -> None:
    gate, rejected = Gate(), []
    for poll in range(120):
        at = NOON + timedelta(seconds=30 * poll)
        reading = SolarReading(device=ROOF, at=at, power_w=812.0, energy_wh=5_000_001.0)
        rejected += gate.check(sample(reading, at=at)).rejected
    first = rejected[0]
    assert first.reason == "stuck at 812 W since 12:00 UTC: no counter beside it has moved"
    assert first.at == NOON + timedelta(minutes=15)
    assert len(rejected) == 90


anything = st.one_of(
    st.none(),
    st.integers(min_value=-(10**40), max_value=10**40),
    st.floats(),
    st.sampled_from([True, False, "", "5", "nan", b"\x00", [1.0], {}]),
)


@st.composite
def wild_readings(draw: st.DrawFn) -> Reading:
    role = draw(st.sampled_from(list(RANGES)))
    names = [limits.field for limits in RANGES[role]] + list(FLAGS.get(role, ()))
    return role(device=ROOF, at=NOON, **{name: draw(anything) for name in names})


@given(st.lists(wild_readings(), max_size=4))
def test_nothing_impossible_ever_passes_and_nothing_ever_raises(readings: list[Reading]) -> None:
    checked = Gate().check(sample(*readings))
    for before, after in zip(readings, checked.sample.readings, strict=True):
        for limits in RANGES[type(after)]:
            value: Any = getattr(after, limits.field)
            assert value is None or (type(value) in {int, float} and limits.low <= value <= limits.high)
            assert value is not None or getattr(before, limits.field) is None or checked.rejected
        for flag in FLAGS.get(type(after), ()):
            assert getattr(after, flag) in {None, True, False}


@given(st.lists(st.floats(min_value=0, max_value=1e10), max_size=40))
def test_a_total_never_falls_whatever_its_counter_does(raw: list[float]) -> None:
    gate, totals = Gate(), []
    for index, value in enumerate(raw):
        at = NOON + timedelta(seconds=30 * index)
        reading = SolarReading(device=ROOF, at=at, energy_wh=value)
        totals.append(gate.check(sample(reading, at=at)).sample.readings[0].energy_wh)
    known = [total for total in totals if total is not None]
    assert known == sorted(known)


def test_of_a_reading_of_which_a_power_is_left_something_is_left() -> None:
    bad = SolarReading(device=ROOF, at=NOON, power_w=300.0, energy_wh=math.nan)
    assert Gate().check(sample(bad)).emptied == {}
