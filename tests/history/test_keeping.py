"""What is done with a history as a whole: copies, checks, exports, imports, and what is kept for how long."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from ohmstead.history import (
    FORMATS,
    Choice,
    HistoryError,
    Retention,
    Row,
    Store,
    back_up,
    check,
    extent,
    open_history,
    read_csv,
    restore,
    rows,
)
from ohmstead.history.items import items_of
from ohmstead.model import (
    ChargerReading,
    ChargerState,
    ConfigError,
    DeviceId,
    Quality,
    Sample,
    ScaledClock,
)
from ohmstead.testing import warped

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ROOF = DeviceId("roof/1")
Make = Callable[..., Sample]


@pytest.fixture
def day_file(tmp_path: Path, noon: datetime, solar: Make) -> Path:
    """Three hours of a roof, two of them sealed, and a car that charges."""
    path = tmp_path / "history.sqlite"
    samples = [solar(60.0 * minute, float(minute), energy_wh=10.0 * minute) for minute in range(180)]
    car = ChargerReading(device=DeviceId("car"), at=noon, state=ChargerState.CHARGING, power_w=7000.5)
    write(path, [*samples, Sample(at=noon, readings=(car,))], noon + 2 * HOUR + 5 * MINUTE)
    return path


def write(path: Path, samples: Iterable[Sample], now: datetime) -> None:
    with closing(Store(path, now)) as store:
        store.append([item for sample in samples for item in items_of(sample)], now)
        while store.seal_next(now):
            pass


def powers(path: Path, start: datetime, step_s: float, *, hours: int = 3) -> list[float]:
    with closing(Store(path, start)) as store:
        found = store.series(ROOF, "solar.power_w", start, start + hours * HOUR, step_s)
    return [point.mean for point in found.points]


# --- rows, CSV, Parquet ---


def test_every_sample_is_a_row_by_device_and_in_order_of_time(day_file: Path, noon: datetime) -> None:
    found = list(rows(day_file))
    assert found[:2] == [
        Row(noon, "car", "charger.power_w", 7000.5, "W", Quality.GOOD),
        Row(noon, "car", "charger.state", "charging", "", Quality.GOOD),
    ]
    assert len(found) == 2 + 2 * 180
    roof = [row.at for row in found if row.signal == "solar.power_w"]
    assert roof == sorted(roof)


def test_only_what_was_chosen_is_taken_out(day_file: Path, noon: datetime) -> None:
    choice = Choice(start=noon + MINUTE, end=noon + 3 * MINUTE, devices=("roof",), signals=("solar.power_w",))
    assert [row.value for row in rows(day_file, choice)] == [1.0, 2.0]


def test_a_csv_file_tells_instants_units_and_words(day_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert FORMATS[".csv"](target, rows(day_file)) == 362
    with target.open(newline="") as file:
        lines = list(csv.reader(file))
    assert lines[:3] == [
        ["at", "device", "signal", "value", "unit", "quality"],
        ["2026-06-21T12:00:00.000+00:00", "car", "charger.power_w", "7000.5", "W", "good"],
        ["2026-06-21T12:00:00.000+00:00", "car", "charger.state", "charging", "", "good"],
    ]


def test_a_parquet_file_keeps_numbers_and_texts_apart(day_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    assert FORMATS[".parquet"](target, rows(day_file)) == 362
    table = parquet.read_table(target).to_pylist()
    assert [(row["signal"], row["value"], row["text"]) for row in table[:2]] == [
        ("charger.power_w", 7000.5, None),
        ("charger.state", None, "charging"),
    ]
    assert table[0]["at"] == datetime(2026, 6, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize("ending", FORMATS)
def test_an_export_overwrites_no_file(day_file: Path, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"out{ending}"
    target.write_text("precious")
    with pytest.raises(HistoryError, match="exists already"):
        FORMATS[ending](target, rows(day_file))
    assert target.read_text() == "precious"


def test_an_export_that_breaks_off_leaves_no_file(day_file: Path, tmp_path: Path) -> None:
    def broken() -> Iterable[Row]:
        yield next(iter(rows(day_file)))
        raise HistoryError("the disk went away")

    with pytest.raises(HistoryError, match="went away"):
        FORMATS[".csv"](tmp_path / "out.csv", broken())
    assert [path.name for path in tmp_path.iterdir() if "out.csv" in path.name] == []


# --- import ---


def test_an_export_comes_back_the_same(day_file: Path, tmp_path: Path, noon: datetime) -> None:
    FORMATS[".csv"](tmp_path / "out.csv", rows(day_file))
    other = tmp_path / "other.sqlite"
    with closing(Store(other, noon)) as store:
        assert store.take_in(read_csv(tmp_path / "out.csv"), noon) == 362
        while store.seal_next(noon + DAY):
            pass
    assert list(rows(other)) == list(rows(day_file))
    assert powers(other, noon, 3600) == powers(day_file, noon, 3600)


def test_an_import_joins_what_was_recorded_at_the_same_instants(
    day_file: Path, tmp_path: Path, noon: datetime
) -> None:
    lines = "at,device,signal,value\n2026-06-21T12:01:00Z,roof/1,solar.power_w,5000\n"
    (tmp_path / "in.csv").write_text(lines)
    with closing(Store(day_file, noon)) as store:
        store.take_in(read_csv(tmp_path / "in.csv"), noon)
    minute = Choice(start=noon + MINUTE, end=noon + 2 * MINUTE)
    assert {row.signal: row.value for row in rows(day_file, minute)} == {
        "solar.power_w": 5000.0,
        "solar.energy_wh": 10.0,
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("when,device,signal,value\n", "has no column 'at'"),
        ("at,device,signal,value\nyesterday,roof,solar.power_w,1\n", "line 2"),
        ("at,device,signal,value\n2026-06-21T12:00:00,roof,solar.power_w,1\n", "aware instant"),
        ("at,device,signal,value\n2026-06-21T12:00:00Z,roof,solar.watts,1\n", "solar.watts"),
        ("at,device,signal,value\n2026-06-21T12:00:00Z,roof,solar.power_w,much\n", "is a number"),
        ("at,device,signal,value\n2026-06-21T12:00:00Z,roof,solar.power_w,nan\n", "no value"),
        ("at,device,signal,value\n2026-06-21T12:00:00Z,roof\n", "expected 4 columns"),
        ("at,device,signal,value\n1960-06-21T12:00:00Z,roof,solar.power_w,1\n", "1970"),
        (
            "at,device,signal,value,quality\n2026-06-21T12:00:00Z,roof,solar.power_w,1,fine\n",
            "line 2: 'fine' is no quality; there are [a-z, _]+\\.$",
        ),
        ("at,device,signal,value\n2026-06-21T12:00:00Z,,solar.power_w,1\n", "line 2: names no device"),
        ("\x00\x01", "no column"),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "in.csv"
    path.write_text(text)
    with pytest.raises(HistoryError, match=words):
        list(read_csv(path))


@given(st.binary(max_size=300))
def test_no_file_whatsoever_raises_anything_but_our_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("csv") / "in.csv"
    path.write_bytes(b"at,device,signal,value\n" + data)
    try:
        list(read_csv(path))
    except HistoryError as error:
        assert str(path) in str(error)


# --- check, extent ---


def test_a_sound_file_is_said_to_be_sound(day_file: Path) -> None:
    report = check(day_file)
    assert (report.is_sound, report.file_faults, report.damaged) == (True, (), ())
    assert report.rows > 60


def test_a_blob_with_a_flipped_bit_is_found(day_file: Path) -> None:
    with closing(sqlite3.connect(day_file, isolation_level=None)) as connection:
        connection.execute(
            "UPDATE block SET body = X'00' || substr(body, 2) WHERE key = (SELECT min(key) FROM block)"
        )
    report = check(day_file)
    assert not report.is_sound
    assert len(report.damaged) == 1
    assert "of block" in report.damaged[0]


def test_the_extent_says_what_there_is(day_file: Path) -> None:
    found = extent(day_file)
    assert found.samples == 362
    assert found.size_bytes >= day_file.stat().st_size


# --- backup and restore ---


def test_a_backup_made_while_the_gateway_writes_is_whole(tmp_path: Path, noon: datetime, solar: Make) -> None:
    @warped
    async def run() -> None:
        path = tmp_path / "history.sqlite"
        async with open_history(path, ScaledClock(noon), threads=False) as history:
            history.record(solar(0, 1.0))
            await history.flush()
            back_up(path, tmp_path / "copy.sqlite")
            history.record(solar(60, 2.0))
            await history.flush()

    run()
    assert [row.value for row in rows(tmp_path / "copy.sqlite")] == [1.0]
    assert check(tmp_path / "copy.sqlite").is_sound


def test_a_backup_comes_back_on_an_empty_machine(day_file: Path, tmp_path: Path, noon: datetime) -> None:
    back_up(day_file, tmp_path / "copy.sqlite")
    elsewhere = tmp_path / "new" / "history.sqlite"
    assert restore(tmp_path / "copy.sqlite", elsewhere, noon) is None
    assert list(rows(elsewhere)) == list(rows(day_file))


def test_what_a_restore_replaces_is_put_aside(
    day_file: Path, tmp_path: Path, noon: datetime, solar: Make
) -> None:
    back_up(day_file, tmp_path / "copy.sqlite")
    write(day_file, [solar(0, 9999.0)], noon)
    aside = restore(tmp_path / "copy.sqlite", day_file, noon)
    assert aside is not None
    assert 9999.0 in [row.value for row in rows(aside)]
    assert 9999.0 not in [row.value for row in rows(day_file)]


def test_a_damaged_backup_replaces_nothing(day_file: Path, tmp_path: Path, noon: datetime) -> None:
    copy = tmp_path / "copy.sqlite"
    back_up(day_file, copy)
    data = bytearray(copy.read_bytes())
    data[4096 * 3 : 4096 * 9] = b"\xff" * (4096 * 6)
    copy.write_bytes(data)
    before = list(rows(day_file))
    with pytest.raises(HistoryError):
        restore(copy, day_file, noon)
    assert list(rows(day_file)) == before


def test_another_programs_file_is_no_backup(tmp_path: Path, day_file: Path, noon: datetime) -> None:
    stranger = tmp_path / "stranger.sqlite"
    with closing(sqlite3.connect(stranger)) as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")
    with pytest.raises(HistoryError, match="no history of ours"):
        restore(stranger, day_file, noon)


def test_a_backup_overwrites_no_file(day_file: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("precious")
    with pytest.raises(HistoryError, match="exists already"):
        back_up(day_file, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "precious"


# --- retention ---


def test_old_samples_go_and_their_minutes_and_hours_stay(day_file: Path, noon: datetime) -> None:
    minutes, whole = powers(day_file, noon, 60, hours=2), powers(day_file, noon, 3600, hours=2)
    with closing(Store(day_file, noon)) as store:
        assert store.prune(noon + 30 * DAY, Retention(raw_days=2)) > 0
    assert powers(day_file, noon, 60, hours=2) == minutes
    assert powers(day_file, noon, 3600, hours=2) == whole
    assert powers(day_file, noon, 0, hours=2) == []


def test_old_minutes_go_and_their_hours_stay(day_file: Path, noon: datetime) -> None:
    whole = powers(day_file, noon, 3600, hours=2)
    with closing(Store(day_file, noon)) as store:
        store.prune(noon + 30 * DAY, Retention(raw_days=2, minute_days=3))
    assert powers(day_file, noon, 60, hours=2) == []
    assert powers(day_file, noon, 3600, hours=2) == whole


def test_a_late_sample_does_not_stand_for_an_hour_whose_samples_are_gone(
    day_file: Path, noon: datetime, solar: Make
) -> None:
    whole = powers(day_file, noon, 3600, hours=2)
    with closing(Store(day_file, noon)) as store:
        store.prune(noon + 30 * DAY, Retention(raw_days=2))
    write(day_file, [solar(30, 1e6)], noon + 30 * DAY)
    assert powers(day_file, noon, 3600, hours=2) == whole


def test_what_is_young_enough_stays(day_file: Path, noon: datetime) -> None:
    before = list(rows(day_file))
    with closing(Store(day_file, noon)) as store:
        store.prune(noon + DAY, Retention(raw_days=2, minute_days=2))
    assert list(rows(day_file)) == before


@warped
async def test_a_running_history_prunes_by_itself(tmp_path: Path, noon: datetime, solar: Make) -> None:
    path, clock = tmp_path / "history.sqlite", ScaledClock(noon, 3600.0)
    async with open_history(path, clock, retention=Retention(raw_days=2), threads=False) as history:
        history.record(solar(0, 5.0))
        await history.flush()
        await clock.sleep_until(noon + 5 * DAY)
        history.record(solar(5 * 86_400, 6.0))
        await history.flush()
        await clock.sleep_until(noon + 6.25 * DAY)
        history.record(solar(6.25 * 86_400, 6.25))
        await clock.sleep_until(noon + 7 * DAY)
        history.record(solar(7 * 86_400, 7.0))
        await history.flush()
        await clock.sleep_until(noon + 7.1 * DAY)
    assert [row.value for row in rows(path)] == [6.0, 6.25, 7.0]


@warped
async def test_f38_a_clock_that_jumps_years_ahead_gives_nothing_up(
    tmp_path: Path, noon: datetime, solar: Make
) -> None:
    path, clock = tmp_path / "history.sqlite", ScaledClock(noon, 3600.0)
    async with open_history(path, clock, retention=Retention(raw_days=2), threads=False) as history:
        history.record(solar(0, 5.0))
        await clock.sleep_until(noon + 2 * HOUR)
    clock = ScaledClock(noon + 3650 * DAY, 3600.0)
    async with open_history(path, clock, retention=Retention(raw_days=2), threads=False) as history:
        history.record(solar(3650 * 86_400, 6.0))
        await clock.sleep_until(noon + 3650 * DAY + 6 * HOUR)
    assert [row.value for row in rows(path)] == [5.0, 6.0]


@pytest.mark.parametrize("name", ["raw_days", "minute_days"])
def test_keeping_less_than_yesterday_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} is to be at least 2"):
        Retention(**{name: 1})
