"""The controller of a plant."""

from __future__ import annotations

import click

from ohmstead.families.givenergy.command_line.looking import NAMES_A_DEVICE
from ohmstead.families.givenergy.command_line.root import dry, given, givenergy, wrong_use
from ohmstead.families.givenergy.command_line.sending import OFF, Times, send, session
from ohmstead.families.givenergy.details import plain
from ohmstead.families.givenergy.types import TimeSlot
from ohmstead.families.givenergy.views import Ems
from ohmstead.families.givenergy.wire import TransparentRequest
from ohmstead.kit.console import Table, json_option, quantity, show
from ohmstead.model import Unsupported


@givenergy.command()
@click.argument("host")
@click.argument("kind", required=False, type=click.Choice(("charge", "discharge", "export")))
@click.argument("number", required=False, type=int)
@click.argument("times", required=False, type=Times(), default=None)
@click.option("--soc", type=int, help="Target of the slot, 0 to 100 %.")
@click.option("--plant", "plant_state", type=click.Choice(("on", OFF)), help="Let the EMS run the plant.")
@click.option("--export-limit", type=int, help="Watts, 0 to 65535.")
@dry
@json_option
@click.pass_context
async def ems(
    ctx: click.Context,
    host: str,
    kind: str | None,
    number: int | None,
    times: TimeSlot | None,
    *,
    soc: int | None,
    plant_state: str | None,
    export_limit: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show an EMS and what it manages, or set it: ems HOST charge 1 16:30-19:00 --soc 80. `off` clears a slot."""
    if kind is not None and (number is None or not (given(ctx, "times") or soc is not None)):
        raise click.UsageError(f"name a slot and its times, such as: ems {host} {kind} 1 16:30-19:00")
    async with session(host) as client:
        controller = (await client.load_config()).ems
        if controller is None:
            raise Unsupported(f"what answers at {host} is no EMS")
        requests: list[TransparentRequest] = []
        with wrong_use():
            if plant_state is not None:
                requests += controller.set_ems_plant(plant_state == "on")
            if export_limit is not None:
                requests += controller.set_ems_export_power_limit(export_limit)
            if kind is not None and number is not None:
                requests += slot_requests(controller, kind, number, times, soc, has_times=given(ctx, "times"))
        if requests:
            await send(client, requests, as_json=as_json, dry_run=dry_run)
        else:
            show_ems((await client.refresh()).ems or controller, as_json=as_json)


def slot_requests(
    controller: Ems, kind: str, number: int, times: TimeSlot | None, soc: int | None, *, has_times: bool
) -> list[TransparentRequest]:
    slot, target = {
        "charge": (controller.set_ems_charge_slot, controller.set_ems_charge_target_soc),
        "discharge": (controller.set_ems_discharge_slot, controller.set_ems_discharge_target_soc),
        "export": (controller.set_ems_export_slot, controller.set_ems_export_target_soc),
    }[kind]
    return [
        *(slot(number, times) if has_times else []),
        *(target(number, soc) if soc is not None else []),
    ]


def show_ems(controller: Ems, *, as_json: bool) -> None:
    fields = {
        name: (plain(value), controller.field(name).unit if name in controller.lines else "")
        for name, value in controller.values.items()
        if value is not None and NAMES_A_DEVICE not in name
    }
    rows = tuple((name.replace("_", " "), quantity(value, unit)) for name, (value, unit) in fields.items())
    show(
        {name: value for name, (value, _) in fields.items()},
        lambda: [Table(title="EMS", columns=("Field", "Value"), rows=rows)],
        as_json=as_json,
    )
