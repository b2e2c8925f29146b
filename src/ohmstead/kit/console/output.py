"""What a command prints: documents for programs, tables for people, notes beside both.

With `--json` stdout carries exactly one document (or one per line while watching) and nothing else; notes go to stderr.
Text from devices is untrusted: it is printed as text, without markup and without control characters.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import click
import msgspec

F = TypeVar("F", bound=Callable[..., object])

PIPE_WIDTH = 160
"""Columns of a table when nobody says how wide the page is: wide enough that nothing is cut in a file or a pipe."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of text under headings; headings in `right` are aligned to the right."""

    title: str = ""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[str] = frozenset()
    nothing: str = ""
    """What is said in its place when it has no rows."""


def json_option(function: F) -> F:
    """Adds `--json`, as the parameter `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")(function)


def show(document: object, tables: Callable[[], Iterable[Table]], *, as_json: bool) -> None:
    """Print one result: as a JSON document, or as the tables, which are only made when they are wanted."""
    if as_json:
        say(document)
    else:
        for table in tables():
            draw(table)


def say(document: object) -> None:
    """One JSON document on its own line of stdout, flushed, so that a reader on a pipe has it now."""
    click.echo(json_bytes(document))


def json_bytes(document: object) -> bytes:
    """A document of structs, builtins and mappings of any kind as JSON."""
    return msgspec.json.encode(document, enc_hook=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"{type(value).__name__} has no place in a JSON document")


def note(text: str) -> None:
    """A remark beside the result, on stderr."""
    click.echo(printable(text), err=True)


def draw(table: Table) -> None:
    if sys.stdout is None:  # closed by whoever started us, who wants no answer
        return
    if table.nothing and not table.rows:
        click.echo(printable(table.nothing))
        return
    from rich import box  # noqa: PLC0415 - rich costs as much as everything else together; only tables need it
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table as RichTable  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    drawn = RichTable(box=box.SIMPLE_HEAD)
    for column in table.columns:
        drawn.add_column(column, justify="right" if column in table.right else "left", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(printable(cell)) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    if table.title:  # above and not in the table, which would fold it to its own width
        console.print(Text(printable(table.title), style="bold"))
    console.print(drawn)


def printable(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
