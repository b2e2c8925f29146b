"""Commands about operating modes and the tariff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from ohmstead.families.franklinwh.client.mode_records import ModeInfo
from ohmstead.families.franklinwh.command_line.root import asking, fields, franklinwh, session, tables
from ohmstead.families.franklinwh.command_line.switching import written
from ohmstead.families.franklinwh.facts.codes import WORK_MODE
from ohmstead.families.franklinwh.facts.tariffs import DISPATCHES, WAVES
from ohmstead.kit.console import Table, quantity, show
from ohmstead.model import ConfigError

MODES: Final = {"tou": 1, "self": 2, "backup": 3}
LARGEST_PLAN_BYTES: Final = 1024 * 1024


@franklinwh.command()
@click.option("--set", "wanted", type=click.Choice(tuple(MODES)), help="Switch to a mode.")
@click.option("--soc", type=int, metavar="PCT", help="Its reserve; without --set that of the active mode.")
@click.option("--duration", type=int, metavar="MIN", help="Of a backup: 30 to 4320; for good if not given.")
@click.option("--next", "following", type=click.Choice(("tou", "self")), help="What follows the backup.")
@asking
async def mode(
    asked: Any,
    *,
    wanted: str | None,
    soc: int | None,
    duration: int | None,
    following: str | None,
    as_json: bool,
) -> None:
    """Show the operating mode and the reserves, or set them."""
    if wanted is None and (duration is not None or following is not None):
        raise click.UsageError("--duration and --next belong to --set backup")
    async with session(asked) as client:
        if wanted is not None:
            change = partial(
                client.set_mode,
                MODES[wanted],
                soc,
                next_mode=MODES[following] if following else None,
                duration_min=duration,
            )
            await written({f"mode {wanted}": change}, as_json=as_json)
            return
        active = await client.get_mode()
        if soc is not None:
            change = partial(client.update_soc, soc, active.work_mode)
            await written({f"reserve {soc} %": change}, as_json=as_json)
            return
        known = await client.get_mode_info()
    now = fields("Now", {"mode": active.effective_mode, "backup ends": active.timer_end or "–"})
    show({"active": active, "modes": known}, tables(now, modes_table(known)), as_json=as_json)


def modes_table(known: Iterable[ModeInfo]) -> Table:
    rows = tuple(
        (
            WORK_MODE[m.work_mode],
            "active" if m.is_active else "",
            quantity(m.soc, "%"),
            "yes" if m.editable else "no",
        )
        for m in known
    )
    return Table(title="Modes", columns=("Mode", "", "Reserve", "Editable"), rows=rows)


@franklinwh.command()
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole plan to a file."
)
@click.option(
    "--restore",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Replace the whole plan by a saved one; then `mode --set tou` switches to it.",
)
@asking
async def tou(asked: Any, *, save: Path | None, restore: Path | None, as_json: bool) -> None:
    """Show tariff, active block and price, or save and restore the plan."""
    async with session(asked) as client:
        if restore is not None:
            await written({"plan": partial(client.set_tou_schedule, plan_of(restore))}, as_json=as_json)
            return
        plan = await client.get_tou_dispatch_detail()
        if save is not None:
            keep(plan, save)
        block, price = await client.get_tou_info(), await client.get_current_tou_price()
    template = plan.get("template") or {}
    values = {"tariff": template.get("name"), "company": template.get("electricCompany")}
    if block is not None:
        wave, dispatch = WAVES.get(block.wave_type or 0), DISPATCHES.get(block.dispatch_id or 0)
        values |= {
            "season": block.season,
            "active block": f"{block.start} to {block.end}, {block.name}",
            "wave": wave.name if wave else "–",
            "battery": dispatch.action if dispatch else "–",
            "next block in": quantity(block.remaining_min, "min"),
        }
    if price is not None:
        values |= {"buying": price.buy_per_kwh, "selling": price.sell_per_kwh, "until": price.until}
    document = {"tariff": template, "block": block, "price": price, "plan": plan}
    show(document, tables(fields("Tariff", values)), as_json=as_json)


def keep(plan: Mapping[str, Any], file: Path) -> None:  # Any: the vendor's JSON
    file.write_bytes(msgspec.json.format(msgspec.json.encode(plan)) + b"\n")


def plan_of(file: Path) -> dict[str, Any]:  # Any: the vendor's JSON
    """A saved plan. Raises `ConfigError` for what is none."""
    if file.stat().st_size > LARGEST_PLAN_BYTES:
        raise ConfigError("this is too large for a plan.", file=str(file))
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise ConfigError(f"this is no saved plan: {error}.", file=str(file)) from None
