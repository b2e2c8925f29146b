"""F36: what a damaged file still holds comes back into the history that took its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from home import DEVICES, START, at_turn, samples

from ohmstead.history import HistoryError, Store, rows
from ohmstead.history.items import items_of
from ohmstead.model import ChargerReading, ChargerState, DeviceId, Sample

TURNS = 300
PAGE = 4096


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A hundred hours of three devices and a word, with a hole in the middle of the blocks."""
    path = tmp_path / "history.sqlite.damaged-then"
    car = ChargerReading(device=DeviceId("car"), at=START, state=ChargerState.CHARGING)
    with closing(Store(path, START)) as store:
        store.append(items_of(Sample(at=START, readings=(car,))), START)
        for turn in range(TURNS):
            store.append([item for sample in samples(turn) for item in items_of(sample)], at_turn(turn))
        while store.seal_next(at_turn(TURNS - 5)):
            pass
    return path


def leaves(path: Path, table: str) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    page = path.read_bytes()[(root - 1) * PAGE : root * PAGE]
    assert page[0] == 5, "the table is larger than a page"
    cells = int.from_bytes(page[3:5], "big")
    pointers = [int.from_bytes(page[12 + 2 * n : 14 + 2 * n], "big") for n in range(cells)]
    return [int.from_bytes(page[pointer : pointer + 4], "big") for pointer in pointers]


def punch(path: Path, page: int) -> None:
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"\xff" * PAGE)


def values(path: Path) -> Mapping[tuple[str, str, str], object]:
    return {(row.at.isoformat(), row.device, row.signal): row.value for row in rows(path)}


def test_f36_everything_of_a_whole_file_is_salvaged(damaged: Path, tmp_path: Path) -> None:
    fresh, now = tmp_path / "history.sqlite", at_turn(TURNS)
    with closing(Store(fresh, now)) as store:
        found = store.salvage(damaged, now)
        assert (found.values, found.lost_hours) == (len(values(damaged)), 0)
    assert values(fresh) == values(damaged)
    with closing(Store(fresh, now)) as store:
        store.salvage(damaged, now)
    assert values(fresh) == values(damaged)


def test_f36_around_a_damaged_page_everything_is_salvaged(damaged: Path, tmp_path: Path) -> None:
    whole, fresh, now = values(damaged), tmp_path / "history.sqlite", at_turn(TURNS)
    pages = leaves(damaged, "block")
    punch(damaged, pages[len(pages) // 2])
    with pytest.raises(HistoryError):
        values(damaged)
    with closing(Store(fresh, now)) as store:
        found = store.salvage(damaged, now)
    salvaged = values(fresh)
    assert salvaged.items() <= whole.items()
    assert 0 < found.lost_hours < len(DEVICES) * TURNS / 3 / 2
    assert len(salvaged) > 0.5 * len(whole)


def test_f36_a_file_of_which_nothing_can_be_read_is_said_to_be_such(tmp_path: Path) -> None:
    (tmp_path / "letters").write_bytes(b"somebody's letters " * 1000)
    with (
        closing(Store(tmp_path / "history.sqlite", START)) as store,
        pytest.raises(HistoryError, match="nothing of"),
    ):
        store.salvage(tmp_path / "letters", START)
