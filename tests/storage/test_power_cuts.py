"""F34: the power goes at any moment, and what was not synced arrives torn, in any order, or not at all."""

from __future__ import annotations

import asyncio
import random
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from beneath import beneath_sqlite, without_syncs
from home import (
    DEVICES,
    HISTORY,
    LEDGER,
    START,
    TURN,
    TURNS,
    Home,
    Promise,
    at_turn,
    samples,
)
from platter import Platter

from ohmstead.gateway.disk import Disk, open_disk
from ohmstead.gateway.ledger import Ledger
from ohmstead.gateway.quarters import read_books, read_stretches
from ohmstead.gateway.remembering import Memory
from ohmstead.history import Store
from ohmstead.model import DeviceId

CUTS: Final = 10_000
CUTS_A_LIFE: Final = 250


@pytest.mark.soak
def test_f34_no_power_cut_corrupts_either_file_or_takes_what_was_promised(
    tmp_path: Path, soak: float
) -> None:
    for seed in range(max(1, round(CUTS * soak / CUTS_A_LIFE))):
        folder = tmp_path / str(seed)
        folder.mkdir()
        home = Home(folder, seed)
        home.live()
        with beneath_sqlite(without_syncs):
            cut_often(home, CUTS_A_LIFE, random.Random(seed), tmp_path / "after")


def test_the_cuts_notice_a_file_that_is_not_synced(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    home = Home(tmp_path / "home", 1, synchronous="NORMAL")
    home.live()
    with beneath_sqlite(without_syncs), pytest.raises(AssertionError):
        cut_often(home, CUTS_A_LIFE, random.Random(1), tmp_path / "after")


def cut_often(home: Home, cuts: int, chance: random.Random, folder: Path) -> None:
    moments = sorted(chance.randint(0, len(home.operations)) for _ in range(cuts))
    platter, done, promises = Platter(), 0, iter([*home.promises, Promise(1 << 60)])
    promised, following = next(promises), next(promises)
    for moment in moments:
        for operation in home.operations[done:moment]:
            platter.do(operation)
        done = moment
        while following.after <= moment:
            promised, following = following, next(promises)
        begin_anew(folder)
        platter.write(platter.cut(chance), folder)
        require_history(folder / HISTORY, promised)
        asyncio.run(require_ledger(folder / LEDGER, promised))


def begin_anew(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()


def require_history(path: Path, promised: Promise) -> None:
    """Every promised sample, at most one turn more, and that one whole."""
    now = at_turn(promised.turns)
    with closing(Store(path, now)) as store:
        assert store.set_aside == ()
        assert store._connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = [list(powers(store, name, promised.turns + 1)) for name in DEVICES]
        assert store.damaged == 0
    assert found == [found[0]] * len(DEVICES)
    assert found[0] in (expected(promised.turns), expected(promised.turns + 1))


def powers(store: Store, name: str, turns: int) -> list[tuple[int, float]]:
    """How many samples each hour has, and their mean: also of hours whose samples were pruned."""
    series = store.series(DeviceId(name), "grid.power_w", START, at_turn(max(1, turns)), 3600)
    return [(point.count, point.mean) for point in series.points]


def expected(turns: int) -> list[tuple[int, float]]:
    hours: dict[int, list[float]] = {}
    for turn in range(turns):
        for sample in samples(turn):
            hours.setdefault(turn // 3, []).append(sample.readings[0].power_w)
    return [(len(values), sum(values) / len(values)) for values in hours.values()]


async def require_ledger(path: Path, promised: Promise) -> None:
    async with open_disk(path, threads=False) as disk:
        assert await disk.run(lambda c: c.execute("PRAGMA integrity_check").fetchall()) == [("ok",)]
        entries = await Ledger(disk).newest(TURNS)
        assert promised.orders <= len(entries) <= promised.orders + 1
        assert sorted(entry.asked for entry in entries) == [float(turn) for turn in range(len(entries))]
        receipts = sum(entry.receipt is not None for entry in entries)
        assert promised.receipts <= receipts <= promised.receipts + 1
        remembered = await Memory(disk).recall("source/roof")
        assert int(remembered or 0) in (promised.remembered, promised.remembered + 1)
        await require_books(disk, promised)


async def require_books(disk: Disk, promised: Promise) -> None:
    """Entries and books stand at the same quarter."""
    books, until = await disk.run(read_books)
    turns = 0 if until is None else (until - START) // TURN
    assert turns in (promised.quarters, promised.quarters + 1)
    assert books.stored_wh == max(0, turns - 1)
    found = await disk.run(partial(read_stretches, edges=[at_turn(turn) for turn in range(TURNS + 1)]))
    assert [entry.at for entry in found] == [at_turn(turn) for turn in range(turns)]
