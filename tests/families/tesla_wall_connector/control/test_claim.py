"""Nobody writes to a unit that somebody else writes to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ohmstead.families.tesla_wall_connector.control.claim import only_writer
from ohmstead.families.tesla_wall_connector.control.files import state_folder
from ohmstead.model import Unsafe

DIN = "1529455-02-D--PGT21000000001"


def test_a_second_writer_of_a_unit_is_refused_until_the_first_has_ended() -> None:
    with only_writer(DIN, "192.0.2.7", 80):
        with pytest.raises(Unsafe, match="two writers"), only_writer(DIN, "192.0.2.7", 80):
            pass
        with (
            only_writer(DIN, "192.0.2.7", 8092),
            only_writer("1529455-02-D--PGT21000000002", "192.0.2.7", 80),
        ):
            pass
    with only_writer(DIN, "192.0.2.7", 80):
        pass


def test_a_writer_in_another_process_counts_until_it_dies() -> None:
    holding = (
        "import sys; from ohmstead.families.tesla_wall_connector.control.claim import only_writer\n"
        f"with only_writer({DIN!r}, '192.0.2.8', 80): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(Unsafe), only_writer(DIN, "192.0.2.8", 80):
            pass
        other.kill()
        other.wait()
        with only_writer(DIN, "192.0.2.8", 80):
            pass
    assert left_behind() == []


def test_in_simulated_time_nothing_is_left_and_one_program_still_writes_once() -> None:
    with only_writer(DIN, "192.0.2.7", 80, is_shared=False):
        assert not (state_folder() / "writers").exists()
        with pytest.raises(Unsafe), only_writer(DIN, "192.0.2.7", 80, is_shared=False):
            pass


def left_behind() -> list[str]:
    return [path.name for path in (state_folder() / "writers").glob("*.lock")]


def test_what_a_killed_program_left_is_cleared_away_by_the_next_of_any_unit() -> None:
    with only_writer(DIN, "192.0.2.7", 80):
        (held,) = left_behind()
        (state_folder() / "writers" / "0123456789abcdef.lock").touch()
        with only_writer(DIN, "192.0.2.9", 80):
            (_, _) = left_behind()
        assert left_behind() == [held]
    assert left_behind() == []


def test_many_programs_that_claim_and_give_up_at_once_never_have_a_unit_together(tmp_path: Path) -> None:
    """Each counts up what it finds: no count is lost where only one at a time may write."""
    count = tmp_path / "count"
    count.write_text("0")
    claiming = (
        "import sys; from pathlib import Path\n"
        "from ohmstead.families.tesla_wall_connector.control.claim import only_writer\n"
        "from ohmstead.model import Unsafe\n"
        "count, done = Path(sys.argv[1]), 0\n"
        "while done < 50:\n"
        "    try:\n"
        f"        with only_writer({DIN!r}, '192.0.2.8', 80):\n"
        "            count.write_text(str(int(count.read_text()) + 1)); done += 1\n"
        "    except Unsafe: pass\n"
    )
    programs = [subprocess.Popen([sys.executable, "-c", claiming, str(count)]) for _ in range(3)]
    assert [program.wait() for program in programs] == [0, 0, 0]
    assert count.read_text() == "150"


def test_a_user_without_a_place_for_state_has_claims_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with (
        only_writer(DIN, "192.0.2.7", 80),
        pytest.raises(Unsafe, match="two writers"),
        only_writer(DIN, "192.0.2.7", 80),
    ):
        pass
    assert [path.name for path in tmp_path.glob("ohmstead-*/*")] == ["door"]


def test_where_no_claim_can_be_made_nobody_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    with pytest.raises(Unsafe, match="cannot be told"), only_writer(DIN, "192.0.2.7", 80):
        pass
