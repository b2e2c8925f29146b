from __future__ import annotations

from datetime import timedelta

import pytest

from ohmstead.kit.console import ExitCode, exit_code, sentence
from ohmstead.model import (
    AuthFailed,
    BadAnswer,
    BudgetSpent,
    Busy,
    ConfigError,
    ConnectionLost,
    Refused,
    TimedOut,
    Unreachable,
    Unsafe,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused("no"), 1),
        (BadAnswer("rubbish"), 1),
        (Busy("occupied", after=timedelta(seconds=10)), 1),
        (ConfigError("no such key"), 2),
        (Unreachable("nobody there"), 3),
        (TimedOut("silence"), 3),
        (ConnectionLost("hung up"), 3),
        (AuthFailed("wrong password"), 4),
        (Unsafe("too much"), 5),
        (BudgetSpent("enough for today"), 5),
        (KeyboardInterrupt(), 130),
        (RuntimeError("a bug"), 1),
    ],
)
def test_every_kind_of_error_has_its_exit_code(error: BaseException, code: int) -> None:
    assert exit_code(error) == code


def test_an_error_of_ours_speaks_for_itself() -> None:
    assert sentence(Unreachable("nobody answers at 192.0.2.7:10081.")) == "nobody answers at 192.0.2.7:10081."


def test_an_unexpected_error_is_one_sentence_and_says_how_to_see_more() -> None:
    assert (
        sentence(KeyError("x"))
        == "something unexpected happened (KeyError: 'x'); set OHMSTEAD_DEBUG=1 to see where."
    )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "the system refuses: No space left on device."),
        (
            PermissionError(13, "Permission denied", "x.json"),
            "the system refuses: Permission denied (x.json).",
        ),
    ],
)
def test_what_the_system_refuses_is_said_in_its_words(error: OSError, words: str) -> None:
    assert sentence(error) == words


def test_a_task_group_speaks_for_its_child() -> None:
    group = ExceptionGroup("children", [ValueError("other"), ExceptionGroup("deeper", [TimedOut("silence")])])
    assert sentence(group) == "silence"
    assert exit_code(group) is ExitCode.UNREACHABLE
