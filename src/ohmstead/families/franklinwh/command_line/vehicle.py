"""`ohmstead franklinwh v2l`: what is ready, switching it, and judging a capture of the vendor's app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import click
import msgspec

from ohmstead.families.franklinwh.client.readings import Current
from ohmstead.families.franklinwh.command_line.root import (
    asking,
    fields,
    franklinwh,
    result_document,
    session,
    tell_result,
)
from ohmstead.families.franklinwh.discovery.snapshot import DeviceSnapshot
from ohmstead.families.franklinwh.facts.codes import RELAY, V2L_RUN_STATE
from ohmstead.families.franklinwh.v2l.har import judged, read_entries, report
from ohmstead.families.franklinwh.v2l.har.redacting import Redactor
from ohmstead.families.franklinwh.v2l.har.report import report_path, write_report
from ohmstead.families.franklinwh.v2l.har.verdict import Verdict
from ohmstead.families.franklinwh.v2l.readiness import Failing
from ohmstead.kit.console import Group, Table, json_option, quantity, show


class Showing(Group):
    """Without the name of a command, `show` is meant."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_named = bool(args) and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if is_named else ["show", *args])


@franklinwh.group(cls=Showing)
def v2l() -> None:
    """Show the vehicle port, switch it (show --on, show --off), or verify how the app does it.

    Without a command it shows: `ohmstead franklinwh v2l --on` is `… v2l show --on`.
    """


@v2l.command(name="show")
@click.option("--on", is_flag=True, help="Switch vehicle-to-load on. Speculative.")
@click.option("--off", is_flag=True, help="Switch it off.")
@click.option("--via", type=click.Choice(("circuit3", "generator")), default="circuit3", show_default=True)
@asking
async def show_port(
    asked: Any, *, on: bool, off: bool, via: Literal["circuit3", "generator"], as_json: bool
) -> None:
    """Show what is in the way, state, power, relay and counters; or switch."""
    if on and off:
        raise click.UsageError("--on and --off exclude each other")
    async with session(asked) as client:
        if on or off:
            result = await client.set_v2l_mode(on, via=via, require_ready=True)
            show(result_document(result), list, as_json=as_json)
            tell_result("V2L on" if on else "V2L off", result)
            return
        failing = await client.check_v2l_ready()
        found = await client.discover()
        stats = await client.get_stats(include_electrical=True)
    document = port_document(found, stats.current, failing)
    rows = port_rows(found, stats.current, failing)
    show(document, lambda: [fields("Vehicle port", rows)], as_json=as_json)


def port_document(found: DeviceSnapshot, now: Current, failing: Sequence[Failing]) -> Mapping[str, object]:
    return {
        "eligible": found.flags.v2l_eligible,
        "reason": found.flags.v2l_reason,
        "note": found.flags.v2l_note,
        "licence": now.v2l_enabled,
        "ready": not failing,
        "failing": failing,
        "state": V2L_RUN_STATE[now.v2l_status],
        "power_kw": now.v2l_use,
        "relay": now.v2l_relay,
        "export_kwh": now.v2l_export,
        "import_kwh": now.v2l_import,
    }


def port_rows(found: DeviceSnapshot, now: Current, failing: Sequence[Failing]) -> Mapping[str, object]:
    return {
        "hardware": f"{'eligible' if found.flags.v2l_eligible else 'not eligible'}: {found.flags.v2l_note}",
        "licence": now.v2l_enabled == 1,
        "in the way": "; ".join(check.message for check in failing) or "nothing",
        "state": V2L_RUN_STATE[now.v2l_status],
        "power": quantity(now.v2l_use * 1000, "W"),
        "contactor": RELAY[now.v2l_relay],
        "supplied": quantity(now.v2l_export * 1000, "Wh"),
        "fed in": quantity(now.v2l_import * 1000, "Wh"),
    }


@v2l.command()
@click.option(
    "--har", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The capture."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the report goes; beside the capture if not given.",
)
@click.option("--force", is_flag=True, help="Replace a report that is there.")
@json_option
def verify(har: Path, out: Path | None, *, force: bool, as_json: bool) -> None:
    """Judge by a capture of the vendor's app how it switches V2L.

    Works offline and sends nothing. The report holds no secrets and can be attached to a public question.
    """
    redactor = Redactor()
    entries = read_entries(har.read_bytes())
    verdict = judged(entries, redactor)
    path = report_path(har, out)
    write_report(report(verdict, entries, redactor), path, har, force=force)
    document = {**msgspec.to_builtins(verdict), "report": str(path)}
    show(document, lambda: verdict_tables(verdict, path), as_json=as_json)


def verdict_tables(verdict: Verdict, path: Path) -> Iterator[Table]:
    confirmed = "and an effect was seen soon after" if verdict.confirmed else "no effect was seen"
    yield Table(
        title=f"{verdict.verdict} ({confirmed})",
        columns=("Entry", "At", "Method", "Path", "Command", "Fields", "Speaks for"),
        rows=tuple(
            (
                str(e.entry),
                quantity(e.at_s, "s"),
                e.method,
                e.path,
                str(e.cmd_type or ""),
                ", ".join(f"{name}={value}" for name, value in e.fields.items()),
                e.speaks_for.value if e.speaks_for else "",
            )
            for e in verdict.evidence
        ),
    )
    seen = ", ".join(f"{m.value} ({m.where} {m.entry})" for m in verdict.mode_choose) or "not seen"
    yield fields("", {"modeChoose": seen, "report": str(path)})
