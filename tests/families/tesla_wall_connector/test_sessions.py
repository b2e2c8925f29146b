"""Sessions and the energy that never falls: captured series, and what happens between two looks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.tesla_wall_connector.documents import Vitals
from ohmstead.families.tesla_wall_connector.power import Wiring, power
from ohmstead.families.tesla_wall_connector.sessions import EndReason, Record, followed

SERIES = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))["rest"][
    "time_series"
]
START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def follow_series(name: str) -> list[Record]:
    series = next(s for s in SERIES if s["name"] == name)
    record, records = Record(), []
    for row in series["rows"]:
        fields = dict(zip(series["columns"], row, strict=True))
        at = after(fields.pop("t_s"))
        flags = {name: bool(fields.pop(name)) for name in ("contactor_closed", "vehicle_connected")}
        vitals = Vitals(**flags, **fields)
        found = power(vitals, Wiring.SPLIT_2)
        record = followed(record, vitals, found.power_va if found else None, at)
        records.append(record)
    return records


def test_a_captured_session_is_followed_to_its_end() -> None:
    last = follow_series("plug_ramp_to_40A_stop_unplug")[-1]

    assert last.current is None
    assert last.last is not None
    assert last.last.end_reason is EndReason.UNPLUGGED
    assert last.last.energy_wh == pytest.approx(93.3)
    assert last.energy_wh == pytest.approx(93.3)
    assert last.last.peak_w == pytest.approx(9744, rel=0.02)
    assert 30 < last.last.charging_s < 90


def test_a_car_that_takes_nothing_is_a_session_without_energy() -> None:
    last = follow_series("plug_after_power_cycle_no_current")[-1]

    assert last.last is not None
    assert last.last.energy_wh == 0.0
    assert last.last.charging_s == 0.0
    assert last.energy_wh == 0.0


def sample(energy_wh: float, *, connected: bool = True, session_s: int = 0, uptime_s: int = 1000) -> Vitals:
    return Vitals(
        contactor_closed=connected,
        vehicle_connected=connected,
        vehicle_current_a=16.0 if connected else 0.0,
        session_s=session_s,
        session_energy_wh=energy_wh,
        uptime_s=uptime_s,
    )


def run(*samples: Vitals, every_s: float = 5.0) -> Record:
    record = Record()
    for number, vitals in enumerate(samples):
        record = followed(record, vitals, 3680.0, after(number * every_s))
    return record


def test_the_first_look_counts_nothing_but_finds_the_session_under_way() -> None:
    record = run(sample(5000.0, session_s=3600))

    assert record.energy_wh == 0.0
    assert record.current is not None
    assert (record.current.energy_wh, record.current.started_at) == (5000.0, after(-3600))


def test_growth_is_counted_and_a_drop_starts_anew() -> None:
    record = run(sample(100.0, session_s=60), sample(110.0, session_s=65), sample(4.0, session_s=4))

    assert record.energy_wh == 14.0
    assert record.last is not None
    assert (record.last.energy_wh, record.last.end_reason) == (110.0, EndReason.REPLACED)
    assert record.current is not None
    assert record.current.energy_wh == 4.0


def test_a_restart_interrupts_a_session_and_loses_no_energy() -> None:
    record = run(
        sample(100.0, session_s=60), sample(110.0, session_s=65), sample(6.0, session_s=3, uptime_s=4)
    )

    assert record.energy_wh == 16.0
    assert record.last is not None
    assert record.last.end_reason is EndReason.INTERRUPTED


def test_a_new_session_that_passed_the_old_ones_figure_unseen_is_counted_whole() -> None:
    record = run(
        sample(100.0, session_s=600),
        sample(100.0, connected=False),
        sample(400.0, session_s=300),
        every_s=300,
    )

    assert record.energy_wh == 400.0


def test_a_figure_that_was_not_zeroed_yet_is_not_counted_again() -> None:
    record = run(
        sample(9000.0, connected=False),
        sample(9000.0, session_s=1),
        sample(0.0, session_s=2),
        sample(3.0, session_s=7),
    )

    assert record.energy_wh == 3.0


def test_seconds_that_go_back_without_an_unplug_are_no_new_session() -> None:
    record = run(sample(12000.0, session_s=7200), sample(12001.0, session_s=0), sample(12002.0, session_s=0))

    assert record.energy_wh == 2.0
    assert record.last is None


def test_a_sample_without_figures_changes_nothing() -> None:
    record = run(sample(100.0), sample(110.0))

    assert followed(record, Vitals(), None, after(60)) == record


def test_a_record_survives_a_restart_of_ours() -> None:
    record = run(sample(100.0), sample(110.0, session_s=5))

    assert msgspec.json.decode(msgspec.json.encode(record), type=Record) == record


@given(
    st.lists(
        st.tuples(st.floats(0, 50_000), st.booleans(), st.integers(0, 9000), st.integers(0, 9000)),
        max_size=30,
    )
)
def test_the_energy_never_falls(steps: list[tuple[float, bool, int, int]]) -> None:
    record = Record()
    for number, (energy_wh, connected, session_s, uptime_s) in enumerate(steps):
        vitals = sample(energy_wh, connected=connected, session_s=session_s, uptime_s=uptime_s)
        grown = followed(record, vitals, 1000.0, after(number))
        assert grown.energy_wh >= record.energy_wh
        record = grown
