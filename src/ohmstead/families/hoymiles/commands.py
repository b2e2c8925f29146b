"""`ohmstead hoymiles …`: what only this family can do from the command line."""

from __future__ import annotations

from collections.abc import Iterable

import click
import msgspec

from ohmstead.families.hoymiles import identifiers
from ohmstead.families.hoymiles.client import Client
from ohmstead.families.hoymiles.config import address
from ohmstead.families.hoymiles.details import config_details, details
from ohmstead.families.hoymiles.results import Inventory, Live
from ohmstead.kit.console import Table, blank, group, json_option, quantity, show
from ohmstead.kit.link import tcp
from ohmstead.model import Detail, Outcome, OutcomeUnknown, Refused


@group()
def hoymiles() -> None:
    """Talk to one DTU directly. HOST may have a port: 192.0.2.7:10081."""


@hoymiles.command()
@click.argument("host")
@json_option
async def inventory(host: str, *, as_json: bool) -> None:
    """Say what hangs on the DTU at HOST."""
    found = await client(host).inventory()
    show(msgspec.to_builtins(found), lambda: inventory_tables(found), as_json=as_json)


@hoymiles.command()
@click.argument("host")
@click.option("--poll-all/--no-poll-all", default=True, show_default=True, help="Have the DTU collect first.")
@json_option
async def live(host: str, *, poll_all: bool, as_json: bool) -> None:
    """Read the present data set of the DTU at HOST."""
    found = await client(host).live(poll_all=poll_all)
    show(live_document(found), lambda: live_tables(found), as_json=as_json)


@hoymiles.command()
@click.argument("host")
@json_option
async def config(host: str, *, as_json: bool) -> None:
    """Read the configuration of the DTU at HOST, passwords blanked."""
    found = await client(host).config()
    show(
        found.shown(),
        lambda: [field_table(f"DTU {found.dtu_serial}", config_details(found))],
        as_json=as_json,
    )


@hoymiles.command()
@click.argument("host")
@click.argument("percent", type=float)
@json_option
async def limit(host: str, percent: float, *, as_json: bool) -> None:
    """Hold all inverters of the DTU at HOST to PERCENT (2 to 100) of their rating, for good.

    Every change is written to flash memory, which wears: an equal limit is not written again.
    """
    found = await client(host).set_power_limit(percent)
    if found.outcome is Outcome.DIFFERENT:
        raise Refused(found.reason)
    if found.outcome is Outcome.UNKNOWN:
        raise OutcomeUnknown(found.reason)
    rows = (
        ("outcome", found.outcome.value),
        ("limit", quantity(found.read_back_pct, "%")),
        ("flash write", "one" if found.is_written else "none"),
        ("remark", found.reason),
    )
    show(msgspec.to_builtins(found), lambda: [Table(columns=("Field", "Value"), rows=rows)], as_json=as_json)


def client(host: str) -> Client:
    return Client(tcp(*address(host)))


def inventory_tables(found: Inventory) -> Iterable[Table]:
    firmware = identifiers.version_text("dtu", found.dtu.software_version)
    rows = [("DTU", found.dtu_serial, identifiers.dtu_model(found.dtu_serial), firmware)]
    rows += [
        (
            "inverter",
            i.serial,
            identifiers.inverter_model(i.serial),
            identifiers.version_text("inverter-software", i.software_version),
        )
        for i in found.inverters
    ]
    rows += [("meter", m.serial, identifiers.meter_model(m.serial), "") for m in found.meters]
    rows += [("repeater", r.serial, "", "") for r in found.repeaters]
    return [Table(columns=("Device", "Serial", "Model", "Firmware"), rows=tuple(rows))]


def live_document(found: Live) -> object:
    """All but the packets, which say the same once more as the wire had it."""
    document = msgspec.to_builtins(msgspec.structs.replace(found, packets=()))
    return {name: value for name, value in document.items() if name != "packets"}


def live_tables(found: Live) -> Iterable[Table]:
    inverters = {i.serial: details(i) for i in found.single_phase}
    inverters |= {i.serial: details(i) for i in found.three_phase}
    for serial, fields in inverters.items():
        yield field_table(f"Inverter {serial}", fields)
        for port in found.ports:
            if port.serial == serial:
                yield field_table(f"PV port {port.port}", details(port, skip=("serial", "port")))
    for meter in found.meters:
        yield field_table(f"Meter {meter.serial}", details(meter))


def field_table(title: str, fields: Iterable[Detail]) -> Table:
    rows = tuple(
        (field.label, blank("secret") if field.secret else quantity(field.value, field.unit))
        for field in fields
    )
    return Table(title=title, columns=("Field", "Value"), rows=rows, right=frozenset({"Value"}))
