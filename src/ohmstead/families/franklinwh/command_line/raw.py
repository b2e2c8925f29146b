"""Commands for tinkerers: any method, any path, every field that is known, counters."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, Final

import click
import msgspec

from ohmstead.families.franklinwh.client.surface_reads import Reads
from ohmstead.families.franklinwh.client.surface_writes import Writes
from ohmstead.families.franklinwh.command_line.root import asking, fields, franklinwh, session, tables
from ohmstead.families.franklinwh.facts.fields import TABLES
from ohmstead.kit.console import Table, say, show

NO_ANSWER: Final = frozenset({"line"})


@franklinwh.command()
@click.argument("method")
@click.argument("arguments", nargs=-1, metavar="[ARG|NAME=VALUE]...")
@click.option("--write", "may_write", is_flag=True, help="Also methods that change something.")
@asking
async def raw(
    asked: Any,
    *,
    method: str,
    arguments: tuple[str, ...],
    may_write: bool,
    as_json: bool,  # noqa: ARG001 - it is JSON always
) -> None:
    """Call a METHOD of the library and print its answer untouched, as JSON."""
    owner = Reads if method in public(Reads) else Writes if method in public(Writes) else None
    if owner is None:
        names = ", ".join(public(Reads))
        raise click.UsageError(
            f"there is no method {method!r}; there are {names}, and with --write {', '.join(public(Writes))}"
        )
    if owner is Writes and not may_write:
        raise click.UsageError(f"{method} changes something; say --write if that is meant")
    positional, named = told(arguments)
    async with session(asked) as client:
        called = getattr(client, method)
        try:
            inspect.signature(called).bind(*positional, **named)
        except TypeError as error:
            raise click.UsageError(f"{method}: {error}") from None
        try:
            answer = await called(*positional, **named)
        except ValueError as error:
            raise click.UsageError(f"{method}: {error}") from error
    say(plain(answer))


def public(owner: type) -> list[str]:
    return [name for name in vars(owner) if not name.startswith("_") and name not in NO_ANSWER]


def told(arguments: tuple[str, ...]) -> tuple[list[Any], dict[str, Any]]:  # Any: JSON
    positional = [value_of(text) for text in arguments if "=" not in text]
    named = dict(text.split("=", 1) for text in arguments if "=" in text)
    return positional, {name: value_of(text) for name, text in named.items()}


def value_of(text: str) -> Any:  # Any: JSON
    """A number, a flag, a list; anything else is a text."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def plain(answer: Any) -> Any:  # Any: JSON
    """What a JSON document can hold of any answer of the library."""
    match answer:
        case msgspec.Struct():
            return msgspec.to_builtins(answer, enc_hook=dict)
        case tuple() | list():
            return [plain(part) for part in answer]
        case dict():
            return {str(key): plain(part) for key, part in answer.items()}
    return answer


@franklinwh.command()
@click.argument("method", type=click.Choice(("GET", "POST"), case_sensitive=False))
@click.argument("path")
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--write", "may_write", is_flag=True, help="Also what may change something.")
@asking
async def fetch(
    asked: Any,
    *,
    method: str,
    path: str,
    parameters: tuple[str, ...],
    may_write: bool,
    as_json: bool,  # noqa: ARG001 - it is JSON always
) -> None:
    """Ask for any PATH of the cloud, and print the whole answer as JSON."""
    for text in parameters:
        if "=" not in text:
            raise click.UsageError(f"a parameter is KEY=VALUE, not {text!r}")
    query = dict(text.split("=", 1) for text in parameters)
    async with session(asked) as client:
        try:
            answer = await client.fetch(method, path, query, is_write=may_write)
        except ValueError as error:
            raise click.UsageError(f"{error}".replace("is_write=True", "--write")) from None
    say(answer.raw)


@franklinwh.command()
@click.option("--filter", "words", default="", metavar="TEXT", help="Only fields whose names hold the text.")
@click.option("--live", is_flag=True, help="With what the gateway says now.")
@asking
async def schema(asked: Any, *, words: str, live: bool, as_json: bool) -> None:
    """Show every field that is known, with its source, unit and meaning. Works offline without --live."""
    values: dict[str, Any] = {}
    if live:
        async with session(asked) as client:
            stats = await client.get_stats(include_electrical=True)
        values = {
            f"{part}.{name}": value
            for part in ("current", "totals")
            for name, value in msgspec.structs.asdict(getattr(stats, part)).items()
        }
    found = [entry for entry in known() if words.lower() in f"{entry['raw']} {entry['attribute']}".lower()]
    if live:
        found = [{**entry, "value": values.get(entry["attribute"])} for entry in found]
    columns = ("raw", "attribute", "source", "unit", "note", *(("value",) if live else ()))
    rows = tuple(
        tuple(str(entry[name] if entry[name] is not None else "") for name in columns) for entry in found
    )
    table = Table(title=f"{len(found)} fields", columns=tuple(map(str.capitalize, columns)), rows=rows)
    show(found, tables(table), as_json=as_json)


def known() -> Iterator[dict[str, Any]]:  # Any: JSON
    for source, table in TABLES.items():
        for field in table.fields:
            yield {
                "raw": field.raw,
                "attribute": field.attribute,
                "source": source,
                "unit": field.unit,
                "secrecy": field.secrecy.value,
                "note": field.note,
            }


@franklinwh.command()
@asking
async def metrics(asked: Any, *, as_json: bool) -> None:
    """Show what one reading costs: calls, latency, cache."""
    async with session(asked) as client:
        await client.get_stats()
        found = msgspec.to_builtins(client.get_metrics())
    show(found, tables(fields("Metrics", found)), as_json=as_json)
