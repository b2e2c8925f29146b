"""What every command of ours shares: running, endings with their exit codes, JSON, tables, progress, units.

rich is loaded when something is drawn, not by asking for help.
"""

from __future__ import annotations

from ohmstead.kit.console.asking import ask_secret
from ohmstead.kit.console.exits import ExitCode, exit_code, sentence
from ohmstead.kit.console.formats import age, blank, duration, quantity
from ohmstead.kit.console.numbers import FiniteType
from ohmstead.kit.console.output import Table, json_bytes, json_option, note, printable, say, show
from ohmstead.kit.console.paths import require_new
from ohmstead.kit.console.progress import progress
from ohmstead.kit.console.running import Command, Group, command, group
from ohmstead.kit.console.stopping import stop_signal

__all__ = [
    "Command",
    "ExitCode",
    "FiniteType",
    "Group",
    "Table",
    "age",
    "ask_secret",
    "blank",
    "command",
    "duration",
    "exit_code",
    "group",
    "json_bytes",
    "json_option",
    "note",
    "printable",
    "progress",
    "quantity",
    "require_new",
    "say",
    "sentence",
    "show",
    "stop_signal",
]
