"""`ohmstead` as a program. Imports as little as the command line itself."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Final

from ohmstead.cli import LazyCommand, root

COMMANDS: Final = {
    "demo": LazyCommand("ohmstead.app.demo:demo", "A simulated home in your browser, nothing else needed."),
    "run": LazyCommand("ohmstead.app.run:run", "Run the home that a site file describes."),
}


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no ° still shows the rest
    root(COMMANDS)()
