"""Commands that read the home-network side."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click
import msgspec

from ohmstead.families.tesla_wall_connector.client.rest import Client, open_client
from ohmstead.families.tesla_wall_connector.commands.group import tesla_wall_connector
from ohmstead.families.tesla_wall_connector.config import address
from ohmstead.families.tesla_wall_connector.details import document_details
from ohmstead.families.tesla_wall_connector.documents import Document
from ohmstead.families.tesla_wall_connector.meaning import Watcher
from ohmstead.families.tesla_wall_connector.power import power, presumed, recognised
from ohmstead.kit.console import Table, blank, duration, json_option, quantity, show
from ohmstead.model import RealClock


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


@asynccontextmanager
async def reading(host: str) -> AsyncIterator[Client]:
    async with open_client(*address(host)) as client:
        yield client


def show_document(title: str, document: Document, *, as_json: bool) -> None:
    fields = [field for field in document_details(document) if field.value is not None]
    rows = tuple((f.label, blank("secret") if f.secret else quantity(f.value, f.unit)) for f in fields)
    table = Table(title=title, columns=("Field", "Value"), rows=rows, right=frozenset({"Value"}))
    show(msgspec.to_builtins(document), lambda: [table], as_json=as_json)
