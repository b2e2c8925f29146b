"""The commands that read."""

from __future__ import annotations

from collections.abc import Iterable

import click
import msgspec

from ohmstead.families.hoymiles import identifiers
from ohmstead.families.hoymiles.details import config_details, details
from ohmstead.families.hoymiles.grid_profile import WORDS
from ohmstead.families.hoymiles.results import Alarm, Inventory, Live, PowerCurve
from ohmstead.families.hoymiles.terminal.root import SERIAL, client, facts_table, field_table, hoymiles
from ohmstead.kit.console import Table, json_option, quantity, show


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
@json_option
async def network(host: str, *, as_json: bool) -> None:
    """Say how the DTU at HOST reaches its network."""
    found = await client(host).network()
    show(
        msgspec.to_builtins(found), lambda: [field_table("Network", details(found, skip=()))], as_json=as_json
    )


@hoymiles.command()
@click.argument("host")
@click.option("--energy", is_flag=True, help="Energies of past days instead; few devices answer that.")
@json_option
async def history(host: str, *, energy: bool, as_json: bool) -> None:
    """Print today's production as the DTU at HOST remembers it."""
    if energy:
        days = await client(host).energy_history()
        rows = tuple((str(day.day or "unknown"), quantity(day.energy_wh, "Wh")) for day in days)
        show(
            msgspec.to_builtins(days), lambda: [Table(columns=("Day", "Energy"), rows=rows)], as_json=as_json
        )
        return
    found = await client(host).power_history()
    show(msgspec.to_builtins(found), lambda: curve_tables(found), as_json=as_json)


@hoymiles.command()
@click.argument("host")
@click.option("--inverter", type=SERIAL, help="Only of the inverter with this serial.")
@json_option
async def alarms(host: str, *, inverter: str | None, as_json: bool) -> None:
    """List the alarms that the DTU at HOST keeps of its inverters."""
    found = await client(host).alarms(inverter or "")
    show(msgspec.to_builtins(found), lambda: [alarm_table(found)], as_json=as_json)


@hoymiles.command()
@click.argument("host")
@json_option
async def identify(host: str, *, as_json: bool) -> None:
    """Name the models of everything on the DTU at HOST, and whether it encrypts."""
    found = await client(host).inventory()
    show(
        {
            "dtu": {found.dtu_serial: identifiers.dtu_model(found.dtu_serial)},
            "inverters": {i.serial: identifiers.inverter_model(i.serial) for i in found.inverters},
            "meters": {m.serial: identifiers.meter_model(m.serial) for m in found.meters},
            "is_encrypted": found.dtu.wants_encryption,
        },
        lambda: [
            *inventory_tables(found),
            facts_table(("encrypts", "yes" if found.dtu.wants_encryption else "no")),
        ],
        as_json=as_json,
    )


@hoymiles.command()
@click.argument("host")
@json_option
async def versions(host: str, *, as_json: bool) -> None:
    """Print the versions of software, hardware and grid profile on the DTU at HOST."""
    found = version_document(await client(host).inventory())
    rows = tuple((serial, what, text) for serial, texts in found.items() for what, text in texts.items())
    show(found, lambda: [Table(columns=("Serial", "Of", "Version"), rows=rows)], as_json=as_json)


@hoymiles.command("grid-profile")
@click.argument("host")
@click.argument("inverter", type=SERIAL)
@json_option
async def grid_profile(host: str, inverter: str, *, as_json: bool) -> None:
    """Read when the INVERTER with this serial leaves the grid. Reading only: this is never written."""
    found = await client(host).grid_profile(inverter)
    rows = tuple((name.replace("_", " "), quantity(v, WORDS[name].unit)) for name, v in found.values.items())
    show(
        {"is_intact": found.is_intact, "values": dict(found.values), "data": found.data.hex()},
        lambda: [Table(columns=("Field", "Value"), rows=rows)],
        as_json=as_json,
    )


def curve_tables(found: PowerCurve) -> Iterable[Table]:
    yield facts_table(
        ("energy today", quantity(found.energy_today_wh, "Wh")),
        ("energy in all", quantity(found.energy_total_wh, "Wh")),
        ("clock", "set" if found.clock else "not set: times are before now"),
    )
    rows = tuple(
        (
            point.at.isoformat(timespec="minutes") if point.at else f"-{point.age_s or 0:.0f} s",
            quantity(point.power_w, "W"),
        )
        for point in found.points
    )
    yield Table(columns=("Time", "Power"), rows=rows)


def alarm_table(found: Iterable[Alarm]) -> Table:
    rows = tuple(
        (
            alarm.inverter_serial,
            str(alarm.number),
            alarm.label,
            alarm.state.value,
            alarm.started.isoformat(timespec="seconds") if alarm.started else "",
            alarm.ended.isoformat(timespec="seconds") if alarm.ended else "",
        )
        for alarm in found
    )
    return Table(columns=("Inverter", "Number", "Alarm", "State", "From", "To"), rows=rows)


def version_document(found: Inventory) -> dict[str, dict[str, str]]:
    version = identifiers.version_text
    document = {
        found.dtu_serial: {
            "software": version("dtu", found.dtu.software_version),
            "hardware": version("dtu", found.dtu.hardware_version),
            "radio software": version("dtu-srf", found.dtu.rf_software_version),
            "radio hardware": version("dtu-hrf", found.dtu.rf_hardware_version),
            "wifi": found.dtu.wifi_version,
        }
    }
    for inverter in found.inverters:
        document[inverter.serial] = {
            "software": version("inverter-software", inverter.software_version),
            "hardware": version("inverter-hardware", inverter.hardware_version),
            "grid profile": identifiers.grid_profile_version_text(inverter.grid_profile_version),
        }
    return document


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
    del document["packets"]
    rare = {"repeaters": found.repeaters, "rapid_shutdown": found.rapid_shutdown}
    return document | msgspec.to_builtins(rare)


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
