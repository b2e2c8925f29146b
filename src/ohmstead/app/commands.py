"""What this room adds to the command line."""

from __future__ import annotations

from typing import Final

from ohmstead.cli import LazyCommand

COMMANDS: Final = {
    "demo": LazyCommand("ohmstead.app.demo:demo", "A simulated home in your browser, nothing else needed."),
    "run": LazyCommand("ohmstead.app.run:run", "Run the home that a site file describes."),
}
FACES: Final = "ohmstead.app.faces:FACES"
