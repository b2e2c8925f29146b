"""`ohmstead` as a program. Imports as little as the command line itself, and nothing at all where that is not installed."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from io import TextIOWrapper
from typing import Final

LIBRARIES: Final = ("click", "rich")
"""Of the extra `cli`."""
WRONG_USE: Final = 2
"""As the console has it, which cannot be asked without them."""


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no ° still shows the rest
    if missing := [name for name in LIBRARIES if find_spec(name) is None]:
        print(  # noqa: T201 - who else would
            f"ohmstead: the command line needs {' and '.join(missing)}, not installed here: pip install 'ohmstead[cli]',"
            " or 'ohmstead[site]' to run a home.",
            file=sys.stderr,
        )
        sys.exit(WRONG_USE)
    from ohmstead.app.commands import COMMANDS, FACES  # noqa: PLC0415 - needs them
    from ohmstead.cli import root  # noqa: PLC0415 - as above

    try:
        root(COMMANDS, FACES)()
    except OSError as error:
        # Commands tell of their own: this is of help, or of a version, that could not be written.
        sys.exit(f"ohmstead: the system refuses: {error.strerror}.")
