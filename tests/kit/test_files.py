from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from ohmstead.kit.files import ONLY_THE_OWNER, replace_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "site.toml"
    path.write_bytes(b"old")
    return path


def test_a_file_keeps_its_mode_and_leaves_nothing_beside_it(path: Path) -> None:
    path.chmod(0o640)
    replace_file(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640)
    assert [entry.name for entry in path.parent.iterdir()] == ["site.toml"]


def test_a_secret_is_its_owners_also_in_place_of_a_file_that_was_open_to_all(path: Path) -> None:
    path.chmod(0o644)
    replace_file(path, b"secret", mode=ONLY_THE_OWNER)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_failing_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in path.parent.iterdir()] == ["site.toml"]


def test_what_a_killed_writer_left_is_cleared_away_and_nobody_elses(path: Path) -> None:
    left, under_way = path.with_name(".site.toml.k3v9x2ab.part"), path.with_name(".site.toml.m4w8y1cd.part")
    others = {path.with_name(name) for name in (".site.toml.swp", ".secrets.toml.k3v9x2ab.part")}
    for file in (left, under_way, *others):
        file.write_bytes(b"half")
    for file in (left, *others):
        os.utime(file, (time.time() - 3600,) * 2)

    replace_file(path, b"new")

    assert set(path.parent.iterdir()) == {path, under_way, *others}
