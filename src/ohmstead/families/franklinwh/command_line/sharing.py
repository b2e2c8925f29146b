"""`ohmstead franklinwh support`: a bundle for a report of a fault, which tells neither who nor where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from ohmstead.families.franklinwh.command_line.credentials import account
from ohmstead.families.franklinwh.command_line.root import asking, fields, franklinwh, session, tables
from ohmstead.families.franklinwh.support import differences, gathered
from ohmstead.kit.console import Table, note, require_new, show
from ohmstead.model import ConfigError


@franklinwh.command()
@click.option("--info", is_flag=True, help="Only what is fitted.")
@click.option("--diag", is_flag=True, help="Only health checks and feature flags.")
@click.option("--nettest", is_flag=True, help="Time the way to the cloud and to the gateway.")
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), help="Write the bundle to a new file."
)
@click.option("--redact/--no-redact", default=True, show_default=True, help="Tell neither who nor where.")
@click.option(
    "--compare",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Say what is different from a saved bundle.",
)
@asking
async def support(
    asked: Any,
    *,
    info: bool,
    diag: bool,
    nettest: bool,
    save: Path | None,
    redact: bool,
    compare: Path | None,
    as_json: bool,
) -> None:
    """Gather what helps to find a fault: what is fitted, live data, records, versions, timings."""
    if save is not None:
        require_new(save)
    earlier = bundle_of(compare) if compare else None
    parts = frozenset(
        name for name, is_wanted in (("info", info), ("diag", diag), ("nettest", nettest)) if is_wanted
    )
    async with session(asked) as client:
        bundle = await gathered(client, parts, redact=redact, secrets=(account(asked).email,))
    if not redact:
        note("This names you, your home and your devices: keep it to yourself.")
    if earlier is not None:
        found = differences(earlier, bundle)
        rows = tuple((name, was, now) for name, was, now in found)
        table = Table(
            title="Different", columns=("What", "Was", "Is"), rows=rows, nothing="Nothing is different."
        )
        show(found, tables(table), as_json=as_json)
        return
    if save is not None:
        keep(bundle, save)
        note(f"written to {save}")
        return
    shown = [fields(name.capitalize(), part) for name, part in bundle.items() if isinstance(part, dict)]
    show(bundle, tables(*shown), as_json=as_json)


def keep(bundle: Mapping[str, Any], file: Path) -> None:  # Any: JSON
    file.write_bytes(msgspec.json.format(msgspec.json.encode(bundle)) + b"\n")


def bundle_of(file: Path) -> dict[str, Any]:  # Any: JSON
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise ConfigError(f"this is no saved bundle: {error}.", file=str(file)) from None
