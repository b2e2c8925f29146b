from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ohmstead.gateway import Order
from ohmstead.gateway.disk import STEPS, LedgerError, open_disk
from ohmstead.gateway.ledger import HELD_BACK, Ledger, plain
from ohmstead.model import ConfigError, DeviceId, Outcome, Receipt
from ohmstead.testing.warp import warped

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
ORDER = Order(device=DeviceId("roof/1"), ability="limits_solar", value=50.0, origin="test", reason="why not")
RECEIPT = Receipt(
    device=DeviceId("roof/1"),
    ability="limits_solar",
    at=NOON + timedelta(seconds=2),
    outcome=Outcome.CONFIRMED,
    asked=50.0,
    read_back=50.0,
)

DIE_BETWEEN_THE_STEPS = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from ohmstead.gateway import Order
from ohmstead.gateway.disk import open_disk
from ohmstead.gateway.ledger import Ledger

async def main():
    async with open_disk(Path(sys.argv[1])) as disk:
        order = Order(device="roof/1", ability="limits_solar", value=50.0, origin="test")
        await Ledger(disk).intend(order, datetime(2025, 6, 1, 12, tzinfo=UTC))
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@warped
async def test_an_order_is_under_way_until_its_receipt(path: Path) -> None:
    async with open_disk(path, threads=False) as disk:
        ledger = Ledger(disk)
        entry_id = await ledger.intend(ORDER, NOON)
        (under_way,) = await ledger.newest(10)
        await ledger.complete(entry_id, RECEIPT)
        (done,) = await ledger.newest(10)
    assert (under_way.asked, under_way.at, under_way.reason, under_way.receipt) == (
        50.0,
        NOON,
        "why not",
        None,
    )
    assert done.receipt == RECEIPT


@warped
async def test_entries_come_newest_first_and_no_more_than_asked_for(path: Path) -> None:
    async with open_disk(path, threads=False) as disk:
        ledger = Ledger(disk)
        for _ in range(5):
            await ledger.refuse(ORDER, RECEIPT)
        assert [entry.id for entry in await ledger.newest(3)] == [5, 4, 3]


@warped
async def test_the_ledger_outlives_its_gateway(path: Path) -> None:
    async with open_disk(path, threads=False) as disk:
        await Ledger(disk).refuse(ORDER, RECEIPT)
    async with open_disk(path, threads=False) as disk:
        (entry,) = await Ledger(disk).newest(10)
    assert entry.receipt == RECEIPT


@pytest.mark.process
def test_a_gateway_killed_between_the_steps_leaves_an_intent_that_becomes_unknown(path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", DIE_BETWEEN_THE_STEPS, str(path)], check=False, timeout=60)
    assert killed.returncode == -9

    @warped
    async def look() -> None:
        async with open_disk(path, threads=False) as disk:
            ledger = Ledger(disk)
            assert await ledger.settle_interrupted(NOON + timedelta(minutes=1)) == 1
            assert await ledger.settle_interrupted(NOON + timedelta(minutes=2)) == 0
            (entry,) = await ledger.newest(10)
        assert entry.receipt == Receipt(
            device=DeviceId("roof/1"),
            ability="limits_solar",
            at=NOON + timedelta(minutes=1),
            outcome=Outcome.UNKNOWN,
            asked=50.0,
            reason="the gateway stopped before the outcome was known; read the device",
        )

    look()


@pytest.mark.parametrize("table", ["orders", "receipts"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET rowid = 7"])
def test_nothing_is_ever_changed_or_removed(path: Path, table: str, change: str) -> None:
    @warped
    async def tamper() -> None:
        async with open_disk(path, threads=False) as disk:
            await Ledger(disk).refuse(ORDER, RECEIPT)
            with pytest.raises(sqlite3.IntegrityError, match="the ledger is append-only"):
                await disk.run(lambda connection: connection.execute(change.format(table)))
            assert len(await Ledger(disk).newest(10)) == 1

    tamper()


@warped
async def test_a_failed_transaction_leaves_nothing_behind(path: Path) -> None:
    async with open_disk(path, threads=False) as disk:
        ledger = Ledger(disk)
        await ledger.refuse(ORDER, RECEIPT)
        with pytest.raises(sqlite3.IntegrityError):
            await ledger.complete(1, RECEIPT)
        assert len(await ledger.newest(10)) == 1


@warped
async def test_f35_on_a_full_disk_orders_wait_in_memory_and_are_written_when_it_is_freed(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_disk(path, threads=False) as disk:
        ledger = Ledger(disk)
        begun = await ledger.intend(ORDER, NOON)
        await disk.run(lambda connection: connection.execute("PRAGMA max_page_count = 1"))
        long = msgspec.structs.replace(ORDER, reason="x" * 10_000)
        waiting = await ledger.intend(long, NOON)
        assert "database or disk is full. It waits in memory: roof/1, asked by test: 50.0." in caplog.text
        long_receipt = msgspec.structs.replace(RECEIPT, reason="x" * 10_000)
        await ledger.complete(begun, long_receipt)
        assert [(entry.id, entry.receipt) for entry in await ledger.newest(10)] == [(-1, None), (1, None)]
        await ledger.complete(waiting, long_receipt)
        await disk.run(lambda connection: connection.execute("PRAGMA max_page_count = 100000"))
        found = await ledger.newest(10)
        assert [(entry.id, entry.reason, entry.receipt) for entry in found] == [
            (2, long.reason, long_receipt),
            (1, ORDER.reason, long_receipt),
        ]
        assert await ledger.settle_interrupted(NOON) == 0


@warped
async def test_f35_with_too_many_orders_waiting_no_command_is_sent(path: Path) -> None:
    async with open_disk(path, threads=False) as disk:
        ledger = Ledger(disk)
        await disk.run(lambda connection: connection.execute("PRAGMA max_page_count = 1"))
        long = msgspec.structs.replace(ORDER, reason="x" * 10_000)
        for _ in range(1_000):
            await ledger.intend(long, NOON)
        with pytest.raises(LedgerError, match="database or disk is full"):
            await ledger.intend(long, NOON)


@warped
async def test_no_cursor_leaves_the_thread_of_the_ledger_open(path: Path) -> None:
    """The loop would reset its statement later on, in the middle of the same statement's next run."""
    rows = [("roof/1", "solar.energy_wh", "{}"), ("roof/2", "solar.energy_wh", "{}")]
    async with open_disk(path, threads=False) as disk:
        cursor = await disk.run(lambda c: c.executemany("INSERT INTO counters VALUES (?, ?, ?)", rows))
        with pytest.raises(sqlite3.ProgrammingError, match="closed cursor"):
            cursor.fetchone()


@warped
async def test_every_commit_is_synced(path: Path) -> None:
    async with open_disk(path, threads=False) as disk:
        assert await disk.run(lambda c: c.execute("PRAGMA synchronous").fetchone()) == (2,)
        assert await disk.run(lambda c: c.execute("PRAGMA journal_mode").fetchone()) == ("wal",)


def test_a_file_that_is_no_ledger_is_refused_with_a_way_out(path: Path) -> None:
    path.write_bytes(b"\x00\xffnot a database" * 300)

    @warped
    async def look() -> None:
        with pytest.raises(ConfigError, match=r"the ledger cannot be opened: file is not a database\."):
            async with open_disk(path, threads=False):
                pass

    look()


def test_a_ledger_of_the_first_version_is_kept_beside_and_brought_up_to_date(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript(f"{STEPS[0]} PRAGMA user_version=1;")
    connection.close()

    @warped
    async def look() -> None:
        async with open_disk(path, threads=False) as disk:
            assert await disk.run(lambda c: c.execute("PRAGMA user_version").fetchone()) == (len(STEPS),)
            assert await disk.run(lambda c: c.execute("SELECT * FROM memories").fetchall()) == []

    look()
    snapshot = sqlite3.connect(path.with_name(f"{path.name}.version-1"))
    assert snapshot.execute("PRAGMA user_version").fetchone() == (1,)
    snapshot.close()


def test_a_ledger_of_a_newer_version_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()

    @warped
    async def look() -> None:
        with pytest.raises(ConfigError, match="a newer Ohmstead wrote this ledger"):
            async with open_disk(path, threads=False):
                pass

    look()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5.0),
        (2.5, 2.5),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (10**400, "a number beyond all limits"),
        (True, "True"),
        ("50", "50"),
        (None, "None"),
    ],
)
def test_what_was_asked_is_kept_as_json_can_carry_it(value: object, expected: float | str) -> None:
    assert plain(value) == expected


@warped
async def test_what_was_held_back_is_found_without_a_look_at_every_receipt(path: Path) -> None:
    async with open_disk(path, threads=False) as disk:
        plan = await disk.run(lambda c: c.execute(f"EXPLAIN QUERY PLAN {HELD_BACK}").fetchall())
    assert "SCAN receipts USING INDEX receipts_held_back" in [step for *_, step in plan]


@pytest.mark.parametrize("receipt", [None, '{"next_try_at":"'])
@warped
async def test_an_entry_that_cannot_be_read_is_told_and_takes_none_of_the_others_with_it(
    path: Path, caplog: pytest.LogCaptureFixture, receipt: str | None
) -> None:
    async with open_disk(path, threads=False) as disk:
        ledger = Ledger(disk)
        await ledger.refuse(ORDER, RECEIPT)
        torn = (2, NOON.isoformat(), "roof/2", "limits_solar", "{", "test", "")
        await disk.run(lambda c: c.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", torn))
        if receipt is not None:
            await disk.run(lambda c: c.execute("INSERT INTO receipts VALUES (2, ?)", (receipt,)))
        assert await ledger.settle_interrupted(NOON) == 0
        assert await ledger.held_back(lambda _: False) == ()
        assert [entry.id for entry in await ledger.newest(10)] == [1]
    assert "entry 2 of the ledger cannot be read: Input data was truncated" in caplog.text
