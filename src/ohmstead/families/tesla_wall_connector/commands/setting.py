"""Commands that read and set over the access point."""

from __future__ import annotations

import click

from ohmstead.families.tesla_wall_connector.commands.group import (
    ACCESS_POINT,
    configuring,
    field_table,
    tesla_wall_connector,
)
from ohmstead.families.tesla_wall_connector.config import address
from ohmstead.families.tesla_wall_connector.control.claim import only_writer
from ohmstead.families.tesla_wall_connector.control.files import state_folder
from ohmstead.families.tesla_wall_connector.control.ladder import Ladder
from ohmstead.families.tesla_wall_connector.control.memory import Memory
from ohmstead.families.tesla_wall_connector.control.wear import of_last_day, share_of_life
from ohmstead.families.tesla_wall_connector.decode import decoded
from ohmstead.families.tesla_wall_connector.schedules import always
from ohmstead.kit.console import Table, json_option, quantity, show
from ohmstead.kit.keeping import FolderStore
from ohmstead.model import BudgetSpent, Outcome, RealClock, Refused


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
        ("flash writes today", str(len(of_last_day(wear, RealClock().now())))),
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
