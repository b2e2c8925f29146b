"""The command line. Importing this package loads click and nothing else; a command is loaded when it is called."""

from __future__ import annotations

from ohmstead.cli.root import LazyCommand, root

__all__ = ["LazyCommand", "root"]
