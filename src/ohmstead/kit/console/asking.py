"""What a command asks the person at the terminal."""

from __future__ import annotations

import signal
import sys

import click

from ohmstead.model import ConfigError


def ask_secret(question: str, *, otherwise: str, twice: bool = False) -> str:
    """What is typed, without an echo. Raises `ConfigError`, saying `otherwise`, where nobody sits at a terminal.

    Ctrl-C and Ctrl-D end the command. In a running loop too: its own handler would only cancel the task, which waits here.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise ConfigError(otherwise)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        typed: str = click.prompt(question, hide_input=True, confirmation_prompt=twice, err=True)
    finally:
        signal.signal(signal.SIGINT, before)
    return typed
