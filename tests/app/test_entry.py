"""The program says what it lacks, and what it cannot do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ohmstead.app.entry import WRONG_USE, main
from ohmstead.kit.console import ExitCode


def test_without_the_command_lines_libraries_one_sentence_says_how_to_get_them(
    without: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    without("click")
    without("rich")

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == ExitCode.WRONG_USE == WRONG_USE
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == (
        "ohmstead: the command line needs click and rich, not installed here: pip install 'ohmstead[cli]', or"
        " 'ohmstead[site]' to run a home.\n"
    )


@pytest.mark.process
@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_help_that_finds_no_room_is_told_in_a_sentence(asked: str) -> None:
    program = Path(sys.executable).with_name("ohmstead")
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run([program, asked], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (1, "ohmstead: the system refuses: No space left on device.\n")
