"""`ohmstead everest …`: any method by hand, what a charge point announces, and what is wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, Final

import click
import msgspec

from ohmstead.families.everest.console import ALL, methods, template
from ohmstead.families.everest.schema.extensions import EXTENSIONS
from ohmstead.families.everest.schema.methods import NOTIFICATIONS
from ohmstead.families.everest.terminal.exchange import Exchange, exchanging
from ohmstead.families.everest.terminal.parameters import given_params
from ohmstead.families.everest.terminal.saved import SavedCall, calls_file, save_call, saved_calls
from ohmstead.families.everest.terminal.telling import Changes, Heard, error_table, leaves
from ohmstead.kit.console import Table, group, json_option, note, say, show, stop_signal
from ohmstead.kit.link import TaskScope
from ohmstead.model import ConfigError, ConnectionLost, RealClock, Refused

TOPICS: Final = {name.rpartition(".")[2].removesuffix("Changed").lower(): name for name in NOTIFICATIONS}
"""What can be watched, as people say it: status, meterdata, activeerrors …"""
ACTIVE_ERRORS: Final = "ChargePoint.GetActiveErrors"
DONE: Final = "NoError"
NOW: Final = (
    ("EVSE.GetStatus", "evse_status", "EVSE.StatusChanged"),
    ("EVSE.GetMeterData", "meter_data", "EVSE.MeterDataChanged"),
    ("EVSE.GetHardwareCapabilities", "hardware_capabilities", "EVSE.HardwareCapabilitiesChanged"),
)
"""What is read before watching: by which method, and what it is called when it changes."""
FINGERPRINT = click.option("--fingerprint", default="", help="Of the certificate to trust, with everests://.")
EXTENSION = click.option(
    "--extension",
    "extensions",
    multiple=True,
    type=click.Choice(EXTENSIONS),
    help="Ask for what only our servers have.",
)


@group(name="everest")
def everest() -> None:
    """Talk to one charge point. HOST may have a port, or be a whole everests:// URL.

    A token, where one is needed, is taken from OHMSTEAD_TOKEN.
    """


@everest.command(name="methods")
@click.argument("method", required=False)
@json_option
def methods_command(method: str | None, *, as_json: bool) -> None:
    """List what can be called, or show METHOD: its parameters, with a template to fill in, and its errors."""
    if method is not None and method not in ALL:
        raise ConfigError(f"no method is called {method!r}.", example="ohmstead everest methods")
    chosen = {name: one for name, one in methods().items() if method in (None, name)}
    rows = tuple(
        (name, _words(template(ALL[name])), one["scope"] or "", one["extension"])
        for name, one in chosen.items()
    )
    tables = [Table(columns=("Method", "Parameters", "Scope", "Extension"), rows=rows)]
    if method is not None:
        errors = tuple((error, why) for error, why in chosen[method]["errors"].items())
        tables.append(Table(title="Errors", columns=("Error", "When"), rows=errors))
    show(chosen, lambda: tables, as_json=as_json)


@everest.command()
@click.argument("host")
@click.argument("method")
@click.argument("params", nargs=-1, metavar="[NAME=VALUE]... | JSON")
@click.option("--save", default="", metavar="NAME", help="Keep this call; METHOD is then @NAME.")
@click.option("--traffic", is_flag=True, help="Show every frame on stderr.")
@EXTENSION
@FINGERPRINT
@json_option
async def call(
    host: str,
    method: str,
    params: Sequence[str],
    *,
    save: str,
    extensions: Sequence[str],
    fingerprint: str,
    traffic: bool,
    as_json: bool,
) -> None:
    """Call METHOD of the charge point at HOST, any one there is, and print what comes back.

    METHOD may be @NAME of a saved call; parameters then replace saved ones. Ends with 1 if the charge point refuses.
    """
    wanted = _wanted(method, params)
    if save:
        save_call(calls_file(), save, wanted)
    saw = _shown if traffic else None
    async with exchanging(host, extensions=extensions, fingerprint=fingerprint, saw=saw) as (exchange, hello):
        result = hello if wanted.method == "API.Hello" else await exchange.ask(wanted.method, wanted.params)
    show(result, lambda: _result_tables(wanted.method, result), as_json=as_json)
    _require_done(wanted.method, result)


@everest.command()
@click.option("--forget", default="", metavar="NAME", help="Forget this one.")
@json_option
def saved(forget: str, *, as_json: bool) -> None:
    """List the calls that were saved."""
    path = calls_file()
    if forget:
        if forget not in saved_calls(path):
            raise ConfigError(f"no call is saved as {forget!r}.")
        save_call(path, forget, None)
    calls = saved_calls(path)
    rows = tuple((f"@{name}", one.method, _words(one.params or {})) for name, one in calls.items())
    table = Table(
        columns=("Name", "Method", "Parameters"), rows=rows, nothing="No call is saved: see --save."
    )
    show(calls, lambda: [table], as_json=as_json)


@everest.command()
@click.argument("host")
@click.option(
    "--only", multiple=True, type=click.Choice(list(TOPICS)), help="Of what; everything if not given."
)
@click.option("--evse", "evses", multiple=True, type=int, help="Of which EVSE; all if not given.")
@click.option("--traffic", is_flag=True, help="Show every frame on stderr.")
@EXTENSION
@FINGERPRINT
@json_option
async def watch(
    host: str,
    only: Sequence[str],
    evses: Sequence[int],
    extensions: Sequence[str],
    fingerprint: str,
    *,
    traffic: bool,
    as_json: bool,
) -> None:
    """Show what the charge point at HOST announces, until interrupted: what is new in it, or JSON line by line."""
    topics = {TOPICS[name] for name in only} or set(NOTIFICATIONS)
    saw = _shown if traffic else None
    with stop_signal() as stop:
        async with (
            exchanging(host, extensions=extensions, fingerprint=fingerprint, saw=saw) as (exchange, _),
            TaskScope() as scope,
        ):
            following = scope.start(_follow(exchange, topics, set(evses), as_json=as_json))
            stopping = scope.start(_until(stop))
            await asyncio.wait({following, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not stop.is_set():
        raise ConnectionLost(f"{host} ended the connection.")


@everest.command()
@click.argument("host")
@FINGERPRINT
@json_option
async def errors(host: str, fingerprint: str, *, as_json: bool) -> None:
    """List what is wrong with the charge point at HOST now, the worst first."""
    async with exchanging(host, fingerprint=fingerprint) as (exchange, _):
        result = await exchange.ask(ACTIVE_ERRORS)
    _require_done(ACTIVE_ERRORS, result)
    found = result.get("active_errors", []) if isinstance(result, dict) else []
    show(found, lambda: [error_table(found)], as_json=as_json)


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()


async def _follow(exchange: Exchange, topics: set[str], evses: set[int], *, as_json: bool) -> None:
    """A connection that ends is the end."""
    changes, clock = Changes(), RealClock()
    if not as_json:
        await _learn(exchange, changes)
    try:
        async for heard in exchange.announcements():
            if heard.method in topics and (not evses or _evse(heard) in evses):
                at = clock.now()
                if as_json:
                    say({"at": at, "method": heard.method, "params": heard.params})
                else:
                    click.echo(f"{at:%H:%M:%S} {changes.told(heard)}")
    except ConnectionLost:
        return


async def _learn(exchange: Exchange, changes: Changes) -> None:
    """What is so now, that only news is told. A charge point that does not say it yet is watched all the same."""
    infos = await exchange.ask("ChargePoint.GetEVSEInfos")
    known = infos.get("infos", []) if isinstance(infos, dict) else []
    for index in (info.get("index") for info in known if isinstance(info, dict)):
        for method, member, topic in NOW:
            said = await exchange.ask(method, {"evse_index": index})
            if isinstance(said, dict) and _error(said) == DONE:
                shown = said.get(member.removeprefix("evse_"))
                changes.told(Heard(topic, {"evse_index": index, member: shown}))


def _evse(heard: Heard) -> object:
    return heard.params.get("evse_index", 0) if isinstance(heard.params, dict) else 0


def _wanted(method: str, words: Sequence[str]) -> SavedCall:
    if not method.startswith("@"):
        return SavedCall(method, given_params(method, words))
    kept = saved_calls(calls_file()).get(method[1:])
    if kept is None:
        raise ConfigError(f"no call is saved as {method[1:]!r}.", example="ohmstead everest saved")
    more = given_params(kept.method, words)
    return kept if more is None else SavedCall(kept.method, {**(kept.params or {}), **more})


def _shown(direction: str, data: bytes) -> None:
    note(f"{direction} {data.decode(errors='replace')}")


def _words(params: Any) -> str:  # Any: a JSON object
    return " ".join(f"{name}={msgspec.json.encode(value).decode()}" for name, value in params.items())


def _require_done(method: str, result: object) -> None:
    """Raises `Refused` with the charge point's own word for what was wrong."""
    if (error := _error(result)) != DONE:
        raise Refused(f"{method}: {error}.", code=error)


def _error(result: object) -> str:
    return str(result.get("error", DONE)) if isinstance(result, dict) else DONE


def _result_tables(method: str, result: object) -> Iterator[Table]:
    """What came back beside the word for whether it was done, or that it was where that is all. A result that is no success
    holds defaults, which would be taken for answers.
    """
    if _error(result) != DONE:
        return
    beside = result
    if isinstance(result, dict):
        beside = {name: value for name, value in result.items() if name != "error"}
    rows = tuple(
        (place, value if isinstance(value, str) else msgspec.json.encode(value).decode())
        for place, value in leaves(beside)
    )
    yield Table(title=method, columns=("Member", "Value"), rows=rows, nothing=f"{method}: done.")
