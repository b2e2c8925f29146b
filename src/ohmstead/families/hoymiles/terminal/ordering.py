"""The commands that change something."""

from __future__ import annotations

import os
from typing import Final

import click
import msgspec

from ohmstead.families.hoymiles.client import CommandResult, ConfigResult
from ohmstead.families.hoymiles.terminal.root import SERIAL, client, facts_table, hoymiles
from ohmstead.kit.budget import Budgets, KeptStore
from ohmstead.kit.console import ask_secret, json_option, quantity, show
from ohmstead.kit.keeping import FolderStore, state_folder
from ohmstead.model import Outcome, OutcomeUnknown, RealClock, Refused

WIFI_KEY: Final = "OHMSTEAD_WIFI_KEY"
INVERTER = click.option(
    "--inverter",
    "inverters",
    type=SERIAL,
    multiple=True,
    help="Only the inverter with this serial; may be given again.",
)


@hoymiles.command()
@click.argument("host")
@click.argument("percent", type=float)
@click.option("--force", is_flag=True, help="Write even if the budget of the flash memory is spent.")
@json_option
async def limit(host: str, percent: float, *, force: bool, as_json: bool) -> None:
    """Hold all inverters of the DTU at HOST to PERCENT (2 to 100) of their rating, for good.

    Every change is written to flash memory, which wears: an equal limit is not written again.
    """
    # A command that forgot what the last one wrote would let a script wear the memory out.
    budgets = Budgets(KeptStore(FolderStore(state_folder("hoymiles"))), RealClock())
    found = await client(host, budgets.spend).set_power_limit(percent, force=force)
    _complain(found.outcome, found.reason)
    rows = (
        ("outcome", found.outcome.value),
        ("limit", quantity(found.read_back_pct, "%")),
        ("flash write", "one" if found.is_written else "none"),
        ("remark", found.reason),
    )
    show(msgspec.to_builtins(found), lambda: [facts_table(*rows)], as_json=as_json)


@hoymiles.command("limit-temporary")
@click.argument("host")
@click.argument("watts", type=float)
@json_option
async def limit_temporary(host: str, watts: float, *, as_json: bool) -> None:
    """Hold the inverter of the DTU at HOST to WATTS until it restarts. Wears nothing; needs firmware V01.01.01."""
    _show(await client(host).set_temporary_limit(watts), as_json=as_json)


@hoymiles.command()
@click.argument("host")
@INVERTER
@json_option
async def on(host: str, inverters: tuple[str, ...], *, as_json: bool) -> None:
    """Let the inverters of the DTU at HOST produce again."""
    _show(await client(host).switch_inverters(is_on=True, inverters=inverters), as_json=as_json)


@hoymiles.command()
@click.argument("host")
@INVERTER
@json_option
async def off(host: str, inverters: tuple[str, ...], *, as_json: bool) -> None:
    """Stop the inverters of the DTU at HOST from producing."""
    _show(await client(host).switch_inverters(is_on=False, inverters=inverters), as_json=as_json)


@hoymiles.command()
@click.argument("host")
@INVERTER
@click.option("--dtu", is_flag=True, help="The DTU itself, which is away for a minute and a half.")
@json_option
async def restart(host: str, inverters: tuple[str, ...], *, dtu: bool, as_json: bool) -> None:
    """Restart the inverters of the DTU at HOST, or the DTU itself."""
    if dtu and inverters:
        raise click.UsageError("--dtu and --inverter exclude each other")
    if dtu:
        outcome = await client(host).restart_dtu()
        show({"outcome": outcome.value}, lambda: [facts_table(("outcome", outcome.value))], as_json=as_json)
        return
    _show(await client(host).restart_inverters(inverters), as_json=as_json)


@hoymiles.command()
@click.argument("host")
@json_option
async def performance(host: str, *, as_json: bool) -> None:
    """Have the DTU at HOST measure every few seconds until it restarts, where its firmware can."""
    _show(await client(host).performance_mode(), as_json=as_json)


@hoymiles.command()
@click.argument("host")
@click.argument("name")
@click.option("--unsafe", is_flag=True, help="Do it: with a wrong key the DTU is gone from the network.")
@json_option
async def wifi(host: str, name: str, *, unsafe: bool, as_json: bool) -> None:
    """Send the DTU at HOST to the network called NAME. Its key is asked for, or taken from OHMSTEAD_WIFI_KEY."""
    key = os.environ.get(WIFI_KEY) or ask_secret(
        "Key of the network", otherwise=f"the key of the network is not known: set {WIFI_KEY}.", twice=True
    )
    _show_config(await client(host).set_wifi(name, key, unsafe=unsafe), as_json=as_json)


def _complain(outcome: Outcome, reason: str) -> None:
    if outcome is Outcome.DIFFERENT:
        raise Refused(reason)
    if outcome is Outcome.UNKNOWN:
        raise OutcomeUnknown(reason)


def _show(found: CommandResult, *, as_json: bool) -> None:
    if found.failed:
        raise Refused(f"these inverters did not do it: {', '.join(found.failed)}.")
    rows = (("action", found.action.name.lower()), ("done by", ", ".join(found.succeeded) or "nobody says"))
    document = {"action": found.action.name.lower(), "succeeded": found.succeeded, "failed": found.failed}
    show(document, lambda: [facts_table(*rows)], as_json=as_json)


def _show_config(found: ConfigResult, *, as_json: bool) -> None:
    _complain(found.outcome, found.reason)
    rows = (("outcome", found.outcome.value), ("changed", ", ".join(found.changed)), ("remark", found.reason))
    show(msgspec.to_builtins(found), lambda: [facts_table(*rows)], as_json=as_json)
