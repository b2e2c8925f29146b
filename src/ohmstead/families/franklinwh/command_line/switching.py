"""Commands that read and set: generator, circuits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

import click

from ohmstead.families.franklinwh.circuits import Circuit
from ohmstead.families.franklinwh.client.client import Client
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.command_line.root import (
    asking,
    fields,
    franklinwh,
    result_document,
    session,
    tables,
    tell_result,
)
from ohmstead.families.franklinwh.facts.codes import GEN_MANUSW
from ohmstead.families.franklinwh.generator import GeneratorDetail, generator_alarms
from ohmstead.kit.console import Table, quantity, show

Write = Callable[[], Awaitable[WriteResult]]

MODES: Final = {"auto": 1, "manual": 2}


@franklinwh.command()
@click.option("--mode", type=click.Choice(tuple(MODES)), help="Start by itself, or only by hand.")
@click.option(
    "--schedule", "windows", multiple=True, metavar="HH:MM-HH:MM", help="When it may run; up to three."
)
@click.option("--off", is_flag=True, help="Switch the feature off.")
@asking
async def generator(
    asked: Any, *, mode: str | None, windows: tuple[str, ...], off: bool, as_json: bool
) -> None:
    """Show the generator, or set its mode and operating windows.

    Starting and stopping it, and its thresholds, are the vendor's app's: nobody has found how the cloud does it.
    """
    spans = [span(text) for text in windows]
    async with session(asked) as client:
        detail = await client.get_generator_detail()
        if not detail.present:
            show(
                {"present": False},
                lambda: [Table(columns=("Generator",), rows=(("no generator module",),))],
                as_json=as_json,
            )
            return
        writes: dict[str, Write] = {}
        if mode:
            writes[f"mode {mode}"] = partial(client.set_generator_mode, MODES[mode])
        if spans:
            writes["operating windows"] = partial(client.set_generator_charge_schedule, spans, confirm=True)
        if off:
            writes["generator off"] = partial(client.set_generator_enabled, enable=False)
        if writes:
            await written(writes, as_json=as_json)
            return
        alarms = generator_alarms(await client.get_gateway_alarm())
    document = {**generator_document(detail), "alarms": alarms}
    show(document, tables(generator_table(detail)), as_json=as_json)


async def written(writes: Mapping[str, Write], *, as_json: bool) -> None:
    """One after the other; the first that did not do it ends the command with exit code 1."""
    try:
        results = {what: await write() for what, write in writes.items()}
    except ValueError as error:  # the library refuses wrong arguments before anything is sent
        raise click.UsageError(str(error)) from error
    show({what: result_document(result) for what, result in results.items()}, list, as_json=as_json)
    for what, result in results.items():
        tell_result(what, result)


def span(text: str) -> tuple[str, str]:
    start, dash, end = text.partition("-")
    if not dash:
        raise click.UsageError(f"a window is HH:MM-HH:MM, not {text!r}")
    return start, end


def generator_document(detail: GeneratorDetail) -> dict[str, Any]:  # Any: JSON
    names = [name for name in GeneratorDetail.__struct_fields__ if name != "raw"]
    return {name: getattr(detail, name) for name in names}


def generator_table(detail: GeneratorDetail) -> Table:
    windows = [f"{w.start} to {w.end}" for w in detail.windows if w.enabled == 1]
    run = detail.exercise
    exercise = f"every {run.every_days} days for {run.minutes} min" if run.enabled == 1 else "off"
    return fields(
        "Generator",
        {
            "state": detail.state_name,
            "enabled": detail.enabled == 1,
            "mode": GEN_MANUSW[detail.manual_switch or detail.mode or 0],
            "starts below": quantity(detail.start_below_soc, "%"),
            "stops above": quantity(detail.stop_above_soc, "%"),
            "start delay": quantity(detail.start_delay, "s"),
            "power": quantity(None if detail.power_kw is None else detail.power_kw * 1000, "W"),
            "voltage": quantity(detail.voltage, "V"),
            "frequency": quantity(detail.frequency, "Hz"),
            "rated power": quantity(detail.rated_power, "W"),
            "model": detail.model or "–",
            "operating windows": ", ".join(windows) or "any time",
            "exercise run": exercise,
        },
    )


@franklinwh.command()
@click.option("--on", "on", type=int, metavar="N", help="Switch circuit N on.")
@click.option("--off", "off", type=int, metavar="N", help="Switch circuit N off.")
@click.option("--cutoff", type=(int, int), metavar="N SOC", help="Open circuit N below SOC %, off grid.")
@click.option("--load-limit", "limit", type=(int, int), metavar="N A", help="Limit circuit N to A ampere.")
@click.option("--schedule", "scheduled", type=int, metavar="N", help="Schedule circuit N, with --window.")
@click.option("--window", "windows", multiple=True, metavar="HH:MM-HH:MM", help="Of a schedule; up to two.")
@click.option("--every", "days", type=int, default=1, metavar="DAYS", help="Of a schedule; 0 is once.")
@click.option("--from", "since", type=click.DateTime(("%Y-%m-%d",)), help="Of a schedule: its first day.")
@asking
async def circuits(asked: Any, *, as_json: bool, **wanted: Any) -> None:  # Any: click's own contract
    """Show the smart circuits, or switch and set them. A merged pair is circuit 1."""
    if wanted["scheduled"] is None and (wanted["windows"] or wanted["since"]):
        raise click.UsageError("--window and --from belong to --schedule N")
    async with session(asked) as client:
        writes = circuit_writes(client, **wanted)
        if writes:
            await written(writes, as_json=as_json)
            return
        found = await client.get_smart_circuits()
        powers = (await client.get_stats()).current if found else None
    rows = tuple(
        circuit_row(circuit, getattr(powers, f"switch_{n}_load", None)) for n, circuit in found.items()
    )
    columns = ("N", "Name", "State", "Power", "Cut-off")
    table = Table(
        title="Smart circuits", columns=columns, rows=rows, nothing="No smart circuit module is fitted."
    )
    show({str(n): circuit for n, circuit in found.items()}, tables(table), as_json=as_json)


def circuit_writes(
    client: Client,
    *,
    on: int | None,
    off: int | None,
    cutoff: tuple[int, int] | None,
    limit: tuple[int, int] | None,
    scheduled: int | None,
    windows: tuple[str, ...],
    days: int,
    since: date | None,
) -> dict[str, Write]:
    writes: dict[str, Write] = {}
    if on is not None:
        writes[f"circuit {on} on"] = partial(client.set_smart_circuit_state, on, True)
    if off is not None:
        writes[f"circuit {off} off"] = partial(client.set_smart_circuit_state, off, False)
    if cutoff is not None:
        number, soc = cutoff
        writes[f"cut-off of circuit {number}"] = partial(
            client.set_smart_circuit_soc_cutoff, number, True, soc
        )
    if limit is not None:
        number, amps = limit
        writes[f"limit of circuit {number}"] = partial(client.set_smart_circuit_load_limit, number, amps)
    if scheduled is not None:
        spans = [span(text) for text in windows]
        writes[f"schedule of circuit {scheduled}"] = partial(
            client.set_smart_circuit_schedule, scheduled, spans, cycle_days=days, base_date=since
        )
    return writes


def circuit_row(circuit: Circuit, power_kw: float | None) -> tuple[str, ...]:
    cutoff = f"below {circuit.soc_cutoff_limit} %" if circuit.soc_cutoff_enabled == 1 else "–"
    return (
        str(circuit.number),
        circuit.name or "–",
        {True: "on", False: "off", None: "unknown"}[circuit.is_on],
        quantity(None if power_kw is None else power_kw * 1000, "W"),
        cutoff,
    )
