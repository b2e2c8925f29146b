"""What is kept of a unit, by a program and by all programs of one user."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.families.tesla_wall_connector.control.files import shared_store
from ohmstead.families.tesla_wall_connector.control.memory import Kept, Memory, together
from ohmstead.families.tesla_wall_connector.control.wear import Wear
from ohmstead.kit.keeping import FolderStore
from ohmstead.kit.registry import LocalServices
from ohmstead.model import ConfigError, RealClock, ReplayedClock
from ohmstead.testing import warped

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ONE, TWO, THREE = (NOON + timedelta(minutes=minutes) for minutes in (1, 2, 3))


@warped
async def test_a_folder_keeps_the_count_over_restarts(tmp_path: Path) -> None:
    kept = Kept(ceiling_a=32, is_lowered=True)
    await Memory(FolderStore(tmp_path / "state"), "din").save(kept)

    assert await Memory(FolderStore(tmp_path / "state"), "din").load() == kept
    assert await Memory(FolderStore(tmp_path / "state"), "other").load() == Kept()


@warped
async def test_a_count_that_cannot_be_kept_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    with pytest.raises(ConfigError, match="cannot be written"):
        await Memory(FolderStore(tmp_path / "state"), "din").save(Kept())


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"[]", b'{"wear": 3}'])
@warped
async def test_a_damaged_file_is_one_that_says_nothing(tmp_path: Path, damage: bytes) -> None:
    await Memory(FolderStore(tmp_path), "din").save(Kept(ceiling_a=32))
    damage_all(tmp_path, damage)

    assert await Memory(FolderStore(tmp_path), "din").load() == Kept()


@warped
async def test_what_one_program_wrote_the_next_one_counts(tmp_path: Path) -> None:
    kept = Kept(ceiling_a=32, is_lowered=True, wear=Wear(writes=(ONE,), total=1, full_at=TWO))
    await Memory(LocalServices(), "din", shared=FolderStore(tmp_path)).save(kept)

    assert await Memory(FolderStore(tmp_path), "din").load() == kept
    assert await Memory(LocalServices(), "din", shared=FolderStore(tmp_path)).load() == kept


def damage_all(folder: Path, damage: bytes) -> None:
    files = list(folder.iterdir())
    assert len(files) == 1
    files[0].write_bytes(damage)


def test_two_that_did_not_know_of_each_other_add_up_to_the_lower_ceiling_and_all_writes() -> None:
    own = Kept(
        ceiling_a=16,
        takes_temporary=False,
        firmware="24.36.3",
        wear=Wear(writes=(ONE, THREE), total=7, full_at=THREE),
    )
    other = Kept(
        ceiling_a=32, is_lowered=True, firmware="23.8.2", wear=Wear(writes=(ONE, TWO), total=5, full_at=TWO)
    )

    assert together(own, other) == Kept(
        ceiling_a=16,
        is_lowered=True,
        takes_temporary=False,
        firmware="24.36.3",
        wear=Wear(writes=(ONE, TWO, THREE), total=7, full_at=THREE),
    )
    assert together(own, Kept()) == own


def test_what_is_stored_the_other_knows_last() -> None:
    own = Kept(ceiling_a=32, stored_a=32)

    assert together(own, Kept(ceiling_a=32, stored_a=10, is_lowered=True)).stored_a == 10
    assert together(own, Kept(ceiling_a=32, is_lowered=True)).stored_a is None
    assert together(own, Kept()).stored_a == 32
    assert together(Kept(), Kept()) == Kept()


@warped
async def test_a_shared_folder_that_cannot_be_used_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    own = LocalServices()
    memory = Memory(own, "din", shared=FolderStore(tmp_path / "state"))

    assert await memory.load() == Kept()
    await memory.save(Kept(ceiling_a=32))
    assert await Memory(own, "din").load() == Kept(ceiling_a=32)


def test_only_real_time_is_shared() -> None:
    assert isinstance(shared_store(RealClock()), FolderStore)
    assert shared_store(ReplayedClock(NOON)) is None
