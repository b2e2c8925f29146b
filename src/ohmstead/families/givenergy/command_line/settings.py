"""Commands that show settings and change them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import click

from ohmstead.families.givenergy import commands
from ohmstead.families.givenergy.command_line.root import dry, gated, given, givenergy, show_fields, wrong_use
from ohmstead.families.givenergy.command_line.sending import Times, send, session, shown
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.types import BatteryPauseMode, TimeSlot
from ohmstead.families.givenergy.wire import TransparentRequest
from ohmstead.kit.console import Table, json_option, show

Requests = Sequence[TransparentRequest]

PAUSES: Final = {
    "resume": BatteryPauseMode.DISABLED,
    "pause-charge": BatteryPauseMode.PAUSE_CHARGE,
    "pause-discharge": BatteryPauseMode.PAUSE_DISCHARGE,
    "pause-both": BatteryPauseMode.PAUSE_BOTH,
}
MODES: Final = ("dynamic", "storage", "export", "calibrate", "stop-calibration", *PAUSES)
WITH_SLOT: Final = frozenset({"storage", "export"})
OF_MODES: Final = ("battery_power_mode", "enable_charge", "enable_discharge", "battery_pause_mode")
OF_LIMITS: Final = (
    "battery_charge_limit",
    "battery_discharge_limit",
    "enable_charge_target",
    "charge_target_soc",
    "active_power_rate",
)
OF_RESERVE: Final = ("battery_soc_reserve", "battery_discharge_min_power_reserve")


@givenergy.command()
@click.argument("host")
@click.argument("kind", required=False, type=click.Choice(("charge", "discharge", "pause")))
@click.argument("number", required=False, type=int)
@click.argument("times", required=False, type=Times(), default=None)
@gated
@dry
@json_option
@click.pass_context
async def slots(
    ctx: click.Context,
    host: str,
    kind: str | None,
    number: int | None,
    times: TimeSlot | None,
    *,
    allow_gated: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show the time slots of the plant at HOST, or set one: slots HOST charge 1 01:15-05:45. `off` clears it."""
    if kind is not None and (number is None or not given(ctx, "times")):
        raise click.UsageError(f"name a slot and its times, such as: slots {host} {kind} 1 01:15-05:45")
    async with session(host) as client:
        plant = await client.load_config()
        if kind is None or number is None:
            rows = tuple(slot_rows(plant))
            table = Table(title="Slots", columns=("Kind", "Slot", "Times"), rows=rows)
            document = [{"kind": k, "slot": int(n), "times": t} for k, n, t in rows]
            show(document, lambda: [table], as_json=as_json)
            return
        with wrong_use():
            requests = slot_requests(plant, kind, number, times)
        await send(client, requests, as_json=as_json, allow_gated=allow_gated, dry_run=dry_run)


def slot_rows(plant: Plant) -> Iterator[tuple[str, str, str]]:
    """An EMS has its slots with `ems`."""
    if plant.ems is not None:
        return
    values, places = plant.inverter.values, plant.inverter.slot_map
    for kind, pairs in (("charge", places.charge), ("discharge", places.discharge)):
        for number in range(1, len(pairs) + 1):
            slot = values.get(f"{kind}_slot_{number}")
            yield kind, str(number), shown(slot if isinstance(slot, TimeSlot) else None)


def slot_requests(plant: Plant, kind: str, number: int, times: TimeSlot | None) -> Requests:
    """Raises `ValueError` for a slot there is none of."""
    unit = plant.inverter
    if kind == "charge":
        return unit.set_charge_slot(number, times)
    if kind == "discharge":
        return unit.set_discharge_slot(number, times)
    if number != 1:
        raise ValueError("there is one pause slot, number 1")
    return commands.set_pause_slot(times)


@givenergy.command()
@click.argument("host")
@click.argument("name", metavar="[MODE]", required=False, type=click.Choice(MODES))
@click.option("--slot", type=Times(), help="Of storage and export: when it discharges.")
@gated
@dry
@json_option
@click.pass_context
async def mode(
    ctx: click.Context,
    host: str,
    name: str | None,
    *,
    slot: TimeSlot | None,
    allow_gated: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show what the battery at HOST does, or tell it what to do.

    MODE is dynamic (follow the house), storage (discharge within a slot only, as the house needs), export (the same at
    full power), calibrate, stop-calibration, pause-charge, pause-discharge, pause-both or resume.
    """
    if given(ctx, "slot") and (slot is None or name not in WITH_SLOT):
        raise click.UsageError("--slot is for storage and export, and says when: --slot 16:00-19:00")
    async with session(host) as client:
        plant = await client.load_config()
        if name is None:
            show_fields(plant, OF_MODES, as_json=as_json)
            return
        requests = mode_requests(plant, name, slot)
        await send(client, requests, as_json=as_json, allow_gated=allow_gated, dry_run=dry_run)


def mode_requests(plant: Plant, name: str, slot: TimeSlot | None) -> Requests:
    unit = plant.inverter
    if name in PAUSES:
        return commands.set_battery_pause_mode(PAUSES[name])
    if name == "dynamic":
        return unit.set_mode_dynamic()
    if name in {"calibrate", "stop-calibration"}:
        return unit.set_calibrate_battery_soc(int(name == "calibrate"))
    for_export = name == "export"
    if slot is None:
        return unit.set_mode_storage(discharge_for_export=for_export)
    return unit.set_mode_storage(slot, discharge_for_export=for_export)


@givenergy.command()
@click.argument("host")
@click.option("--charge", type=int, help="Charging, 0 to 50 % of the capacity an hour.")
@click.option("--discharge", type=int, help="Discharging, likewise.")
@click.option("--target", type=int, help="Charge from the grid up to, 4 to 100 %.")
@click.option("--rate", type=int, help="Of the inverter's rated power, 0 to 100 %.")
@gated
@dry
@json_option
async def limit(
    host: str,
    *,
    charge: int | None,
    discharge: int | None,
    target: int | None,
    rate: int | None,
    allow_gated: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show the limits of the plant at HOST, or set some of them."""
    async with session(host) as client:
        plant = await client.load_config()
        unit = plant.inverter
        wanted = (
            (unit.set_battery_charge_limit, charge),
            (unit.set_battery_discharge_limit, discharge),
            (unit.set_charge_target_enabled, target),
            (unit.set_active_power_rate, rate),
        )
        with wrong_use():
            requests = [request for make, value in wanted if value is not None for request in make(value)]
        if not requests:
            show_fields(plant, OF_LIMITS, as_json=as_json)
            return
        await send(client, requests, as_json=as_json, allow_gated=allow_gated, dry_run=dry_run)


@givenergy.command()
@click.argument("host")
@click.argument("percent", required=False, type=int)
@dry
@json_option
async def reserve(host: str, percent: int | None, *, dry_run: bool, as_json: bool) -> None:
    """Show what the battery at HOST keeps for itself, or set it: 4 to 100 PERCENT."""
    async with session(host) as client:
        plant = await client.load_config()
        if percent is None:
            show_fields(plant, OF_RESERVE, as_json=as_json)
            return
        with wrong_use():
            requests = plant.inverter.set_battery_soc_reserve(percent)
        await send(client, requests, as_json=as_json, dry_run=dry_run)


@givenergy.command()
@click.argument("host")
@dry
@json_option
async def restart(host: str, *, dry_run: bool, as_json: bool) -> None:
    """Restart the inverter at HOST. It is away for one to three minutes."""
    async with session(host) as client:
        await send(client, client.plant.inverter.set_inverter_reboot(), as_json=as_json, dry_run=dry_run)


@givenergy.command()
@click.argument("host")
@dry
@json_option
async def clock(host: str, *, dry_run: bool, as_json: bool) -> None:
    """Set the inverter's clock at HOST to this computer's local time."""
    async with session(host) as client:
        now = datetime.now().astimezone().replace(tzinfo=None, microsecond=0)
        await send(client, client.plant.inverter.set_system_date_time(now), as_json=as_json, dry_run=dry_run)
