"""The program says what it lacks."""

from __future__ import annotations

from collections.abc import Callable

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
