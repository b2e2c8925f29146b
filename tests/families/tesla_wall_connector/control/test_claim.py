"""Nobody writes to a unit that somebody else writes to."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ohmstead.families.tesla_wall_connector.control.claim import only_writer
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
