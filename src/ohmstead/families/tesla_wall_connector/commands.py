"""`ohmstead tesla-wall-connector …`: what only this family can do from the command line."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import click
import msgspec

from ohmstead.families.tesla_wall_connector.client.keeping import Attempt, keep_awake, verdict
from ohmstead.families.tesla_wall_connector.client.rest import Client, open_client
from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator, open_configurator
from ohmstead.families.tesla_wall_connector.client.window import HOW_TO_OPEN
from ohmstead.families.tesla_wall_connector.config import address
from ohmstead.families.tesla_wall_connector.control.claim import only_writer
from ohmstead.families.tesla_wall_connector.control.files import FolderStore, state_folder
from ohmstead.families.tesla_wall_connector.control.ladder import Ladder
from ohmstead.families.tesla_wall_connector.control.memory import Memory
from ohmstead.families.tesla_wall_connector.control.wear import share_of_life
from ohmstead.families.tesla_wall_connector.decode import (
    Node,
    decoded,
    given,
    participants,
)
from ohmstead.families.tesla_wall_connector.decode.tree import DEFAULT
from ohmstead.families.tesla_wall_connector.details import document_details
from ohmstead.families.tesla_wall_connector.documents import Document
from ohmstead.families.tesla_wall_connector.errors import PresenceLapsed
from ohmstead.families.tesla_wall_connector.meaning import Watcher
from ohmstead.families.tesla_wall_connector.meter_port import Leading
from ohmstead.families.tesla_wall_connector.meter_port import line as meter_line
from ohmstead.families.tesla_wall_connector.power import power, presumed, recognised
from ohmstead.families.tesla_wall_connector.schedules import always
from ohmstead.kit.console import (
    Table,
    blank,
    duration,
    group,
    json_option,
    note,
    quantity,
    show,
    stop_signal,
)
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.http import http
from ohmstead.model import BudgetSpent, Outcome, RealClock, Refused, WireError

PAGE_CONNECTION_S: Final = 120.0
"""Longer than from one page to the next."""
ACCESS_POINT = click.option(
    "--access-point",
    default="192.168.92.1",
    show_default=True,
    metavar="HOST[:PORT]",
    help="The unit in its own Wi-Fi.",
)


@group(name="tesla-wall-connector")
def tesla_wall_connector() -> None:
    """Talk to one Wall Connector directly. HOST may have a port: 192.0.2.7:8080."""


@tesla_wall_connector.command()
@click.argument("host")
@json_option
async def vitals(host: str, *, as_json: bool) -> None:
    """Read what the unit at HOST measures now."""
    async with reading(host) as client:
        found = await client.vitals()
    show_document("Vitals", found, as_json=as_json)


@tesla_wall_connector.command()
@click.argument("host")
@json_option
async def lifetime(host: str, *, as_json: bool) -> None:
    """Read what the unit at HOST has counted; its energy creeps upward and is unfit for billing."""
    async with reading(host) as client:
        found = await client.lifetime()
    show_document("Lifetime", found, as_json=as_json)


@tesla_wall_connector.command()
@click.argument("host")
@json_option
async def version(host: str, *, as_json: bool) -> None:
    """Read firmware, part and serial number of the unit at HOST."""
    async with reading(host) as client:
        found = await client.version()
    show_document("Version", found, as_json=as_json)


@tesla_wall_connector.command()
@click.argument("host")
@json_option
async def wifi(host: str, *, as_json: bool) -> None:
    """Read the Wi-Fi connection of the unit at HOST."""
    async with reading(host) as client:
        found = await client.wifi_status()
    show_document("Wi-Fi", found, as_json=as_json)


@tesla_wall_connector.command()
@click.argument("host")
@json_option
async def session(host: str, *, as_json: bool) -> None:
    """Say in words what the unit at HOST does, with power and energy of the session."""
    async with reading(host) as client:
        seen, who = await client.vitals(), await client.version()
    meaning = Watcher().see(seen, RealClock().now())
    found = power(seen, recognised(seen) or presumed(who, seen))
    document = {
        "state": meaning.words,
        "situation": meaning.situation,
        "evse_state": seen.evse_state,
        "not_ready": [reason.words for reason in meaning.reasons],
        "alerts": meaning.alerts,
        "power_va": found.power_va if found else None,
        "power_ref_va": found.power_ref_va if found else None,
        "session_s": seen.session_s,
        "session_energy_wh": seen.session_energy_wh,
    }
    rows = (
        ("state", f"{meaning.words} (code {seen.evse_state})"),
        ("not ready because", ", ".join(reason.words for reason in meaning.reasons) or "–"),
        ("power", quantity(found.power_va if found else None, "VA")),
        ("plugged in for", duration(seen.session_s) if seen.session_s is not None else "–"),
        ("energy of this or the last session", quantity(seen.session_energy_wh, "Wh")),
    )
    show(document, lambda: [Table(columns=("Field", "Value"), rows=rows)], as_json=as_json)


@tesla_wall_connector.command()
@ACCESS_POINT
@json_option
async def config(access_point: str, *, as_json: bool) -> None:
    """Read the settings over the access point. First hold the button on the handle for 5 s."""
    async with configuring(access_point) as configurator:
        found = decoded((await configurator.config()).SerializeToString(), "WCAPIGetConfigResponse")
    show(found, lambda: [field_table("Settings", found.fields)], as_json=as_json)


@tesla_wall_connector.command()
@click.argument("current", type=int, metavar="AMPERE")
@ACCESS_POINT
@json_option
async def limit(current: int, access_point: str, *, as_json: bool) -> None:
    """Hold the car to AMPERE: 6 to the installer's limit, or 0 to stop it where the unit can.

    A temporary limit, which ends after 15 minutes, is tried first. A unit that takes none stores the value in flash
    memory, which wears: then a budget of three writes at once, one each 15 minutes and 24 a day holds.
    """
    async with configuring(access_point) as configurator:
        din = await configurator.din()
        memory = Memory(FolderStore(state_folder()), din)
        with only_writer(din, *address(access_point)):
            found = await Ladder(configurator, memory, RealClock()).limit(current)
    if found.next_write_at is not None:
        raise BudgetSpent(found.reason, after=found.next_write_at - RealClock().now())
    if found.outcome in (Outcome.REFUSED, Outcome.DIFFERENT, Outcome.UNKNOWN):
        raise Refused(found.reason)
    wear = memory.kept.wear
    rows = (
        ("outcome", found.outcome.value),
        ("limit", quantity(found.read_back_a, "A")),
        ("how", found.rung.value),
        ("remark", found.reason),
        ("flash writes today", str(len(wear.writes))),
        ("flash writes ever", f"{wear.total} ({share_of_life(wear):.2%} of the assumed life)"),
    )
    show(found, lambda: [Table(columns=("Field", "Value"), rows=rows)], as_json=as_json)


@tesla_wall_connector.command()
@click.argument("state", type=click.Choice(("on", "off")))
@ACCESS_POINT
async def schedule(state: str, access_point: str) -> None:
    """Switch charging on or off by a schedule of all day, every day.

    Through the vendor's cloud this works as a switch; whether a unit takes it over the access point is not known.
    """
    async with configuring(access_point) as configurator:
        await configurator.set_schedule(always(is_enabled=state == "on"))
    click.echo(f"the schedule is {state}")


@tesla_wall_connector.command()
@ACCESS_POINT
@json_option
async def sharing(access_point: str, *, as_json: bool) -> None:
    """Show the load-sharing group as its leader knows it."""
    async with configuring(access_point) as configurator:
        state = await configurator.sharing()
    found = decoded(state.SerializeToString(), "WCLoadSharingNetworkState")
    rows = tuple(
        (
            entry.din.value,
            "missing" if entry.mia else "charging" if entry.follower_state.contactor_closed else "idle",
            quantity(entry.leader_command.pilot_current_amps, "A"),
            quantity(round(entry.follower_state.load_current_amps, 1), "A"),
        )
        for entry in state.devices
    )
    table = Table(
        title=f"{len(rows)} units share {state.leader_state.network_current_limit_amps} A",
        columns=("DIN", "State", "Allowed", "Drawn"),
        rows=rows,
        right=frozenset({"Allowed", "Drawn"}),
    )
    show(found, lambda: [table], as_json=as_json)


@tesla_wall_connector.command()
@ACCESS_POINT
@json_option
async def window(access_point: str, *, as_json: bool) -> None:
    """Say whether the access window is open, with one question, and how to open it."""
    try:
        async with configuring(access_point) as configurator:
            await configurator.config()
    except PresenceLapsed as error:
        show(
            {"window": "closed", "reason": str(error), "how_to_open": HOW_TO_OPEN},
            lambda: [steps("The access window is closed")],
            as_json=as_json,
        )
        return
    show({"window": "open"}, lambda: [Table(columns=("Access window",), rows=(("open",),))], as_json=as_json)


@tesla_wall_connector.command(name="keep-awake")
@click.option(
    "--for", "minutes", type=click.FloatRange(1, 600), default=30.0, show_default=True, metavar="MIN"
)
@ACCESS_POINT
@json_option
async def keep_awake_command(minutes: float, access_point: str, *, as_json: bool) -> None:
    """Keep an open access window open by loading its pages as a browser does, and say how long that held."""
    host, port = address(access_point)
    async with http(f"http://{host}:{port}", keep_alive_s=PAGE_CONNECTION_S) as session:
        # On the same connection: once the network is hidden, the unit takes no new ones.
        configurator = Configurator(session)
        firmware = (await configurator.system_info()).firmware_version.version
        found = await keep_awake(session, configurator, minutes * 60)
        store, key = FolderStore(state_folder()), f"awake.{await configurator.din()}.{firmware}"
    attempts = msgspec.json.decode(await store.recall(key) or "[]", type=tuple[Attempt, ...])
    attempts = (*attempts, found)
    await store.remember(key, msgspec.json.encode(attempts).decode())
    rows = (
        ("held for", duration(found.held_s)),
        ("ended because", found.until.value),
        ("pages loaded", f"{found.pages}, failed {found.failed_pages}"),
        ("so far", verdict(attempts)),
    )
    document = {**msgspec.to_builtins(found), "verdict": verdict(attempts)}
    show(document, lambda: [Table(columns=("Field", "Value"), rows=rows)], as_json=as_json)


@tesla_wall_connector.command(name="meter-port")
@click.argument("host")
@click.argument("line", metavar="LINE")
@click.option("--limit", "limit_a", type=click.FloatRange(6, 200), required=True, help="The conductor limit.")
@click.option("--wanted", "wanted_a", type=click.FloatRange(0, 80), required=True, help="Ampere; 0 stops.")
async def meter_port(host: str, line: str, limit_a: float, wanted_a: float) -> None:
    """Be the RS485 meter of the unit at HOST, and make it take a wanted current. Experimental.

    LINE is a serial adapter, /dev/ttyUSB0, or HOST:PORT of one that passes the line's bytes over TCP (115,200 baud, 8N1).
    Runs until it is told to stop; a unit that has lost its meter then falls back as it was commissioned.
    """
    with stop_signal() as stop:
        async with reading(host) as client, TaskScope() as scope:
            meter = Leading(limit_a, meter_line(line), client)
            meter.want(wanted_a)
            scope.start(meter.run())
            note(f"the unit is shown what makes it take {wanted_a:g} A; Ctrl-C ends it")
            await stop.wait()
    note(f"answered {meter.answered} questions of the unit")


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


@asynccontextmanager
async def reading(host: str) -> AsyncIterator[Client]:
    async with open_client(*address(host)) as client:
        yield client


@asynccontextmanager
async def configuring(access_point: str) -> AsyncIterator[Configurator]:
    async with open_configurator(*address(access_point)) as configurator:
        yield configurator


def show_document(title: str, document: Document, *, as_json: bool) -> None:
    fields = [field for field in document_details(document) if field.value is not None]
    rows = tuple((f.label, blank("secret") if f.secret else quantity(f.value, f.unit)) for f in fields)
    table = Table(title=title, columns=("Field", "Value"), rows=rows, right=frozenset({"Value"}))
    show(msgspec.to_builtins(document), lambda: [table], as_json=as_json)


def steps(title: str) -> Table:
    rows = tuple((str(number), text) for number, text in enumerate(HOW_TO_OPEN, 1))
    return Table(title=title, columns=("Step", "What to do"), rows=rows)


def field_table(title: str, fields: Iterable[Node]) -> Table:
    return Table(title=title, columns=("Field", "Value"), rows=tuple(field_rows(fields)))


def field_rows(fields: Iterable[Node], depth: int = 0) -> Iterator[tuple[str, str]]:
    for node in fields:
        name = "  " * depth + (node.name or f"field {node.number}")
        unknown = "" if node.name else f"{node.wire}, {node.size_bytes} bytes: {node.hex}"
        shown = "" if node.value is None else str(node.value)
        yield (
            name,
            " ".join(part for part in (shown, unknown) if part)
            or ("" if node.fields or node.message else node.hex),
        )
        yield from field_rows(node.fields, depth + 1)
