"""The command that opens saved traffic."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ohmstead.families.tesla_wall_connector.commands.group import field_table, tesla_wall_connector
from ohmstead.families.tesla_wall_connector.decode import decoded, given, participants
from ohmstead.families.tesla_wall_connector.decode.tree import DEFAULT
from ohmstead.kit.console import Table, json_option, note, show
from ohmstead.model import WireError


@tesla_wall_connector.command(name="decode")
@click.argument("what", metavar="FILE|HEX|-")
@click.option("--message", default=DEFAULT, show_default=True, help="What the bytes are.")
@json_option
def decode_command(what: str, message: str, *, as_json: bool) -> None:
    """Open a saved body of the configuration channel, fields nobody knows included.

    Raw bytes, hex in any dress, a whole HTTP message, or the participant_dins lines of an old decoder.
    """
    found = given(saved(what))
    if found.printed:
        members = participants(found.printed)
        rows = tuple((din,) for din in members.dins)
        show(members, lambda: [Table(columns=("DIN",), rows=rows)], as_json=as_json)
        if members.incomplete_at is not None:
            raise WireError(f"number {members.incomplete_at} begins a member that is not whole.")
        return
    if found.warning:
        note(found.warning)
    tree = decoded(found.body, message)
    show(tree, lambda: [field_table(tree.message, tree.fields)], as_json=as_json)
    if tree.error:
        raise WireError(f"this is no whole {tree.message}: {tree.error}.")


def saved(what: str) -> bytes:
    if what == "-":
        return sys.stdin.buffer.read()
    path = Path(what)
    try:
        return path.read_bytes()
    except (OSError, ValueError):  # no file, or a text too long or too odd to be a path
        return what.encode()
