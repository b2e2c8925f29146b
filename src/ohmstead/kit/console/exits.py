"""How a command ends: one exit code per kind of error, the same for every command, and the one sentence it says."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from ohmstead.model import (
    AuthFailed,
    ConfigError,
    ConnectionLost,
    OhmsteadError,
    TimedOut,
    Unreachable,
    Unsafe,
)


class ExitCode(IntEnum):
    DONE = 0
    SAID_NO = 1
    """The device or site said no, or answered with something that makes no sense."""
    WRONG_USE = 2
    """Wrong arguments, a wrong setting, or a command that is not built yet."""
    UNREACHABLE = 3
    """Nobody answers, or not in time, or the peer hung up."""
    NOT_ALLOWED = 4
    """Authentication failed."""
    GUARDED = 5
    """A guard or a budget held the command back."""
    INTERRUPTED = 130


CODES: Final[tuple[tuple[type[BaseException], ExitCode], ...]] = (
    (KeyboardInterrupt, ExitCode.INTERRUPTED),
    (ConfigError, ExitCode.WRONG_USE),
    (AuthFailed, ExitCode.NOT_ALLOWED),
    (Unreachable, ExitCode.UNREACHABLE),
    (TimedOut, ExitCode.UNREACHABLE),
    (ConnectionLost, ExitCode.UNREACHABLE),
    (Unsafe, ExitCode.GUARDED),
)
"""The first class that fits decides."""


def exit_code(error: BaseException) -> ExitCode:
    culprit = first_cause(error)
    return next((code for kind, code in CODES if isinstance(culprit, kind)), ExitCode.SAID_NO)


def sentence(error: BaseException) -> str:
    """What to tell the user: the error's own words when it is one of ours, the system's when it refused
    something, else its kind and how to see more.
    """
    culprit = first_cause(error)
    if isinstance(culprit, OhmsteadError):
        return str(culprit)
    if isinstance(culprit, OSError) and culprit.strerror:
        where = f" ({culprit.filename})" if culprit.filename else ""
        return f"the system refuses: {culprit.strerror}{where}."
    words = f"{type(culprit).__name__}: {culprit}".rstrip(": ")
    return f"something unexpected happened ({words}); set OHMSTEAD_DEBUG=1 to see where."


def first_cause(error: BaseException) -> BaseException:
    """A task group wraps what its children raised; the user wants to hear the child, and rather ours than foreign."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    leaves = [first_cause(child) for child in error.exceptions]
    return next((leaf for leaf in leaves if isinstance(leaf, OhmsteadError)), leaves[0])
