"""`ohmstead doctor`: explain every device that is not well, and what to do about it.

A running gateway is asked, because it knows the history and because many devices bear only one client. Without one the
devices of the site file are tried one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click
import msgspec

from ohmstead.cli.advice import WELL, advice
from ohmstead.cli.examining import Lacking, Seen, ask_gateway, ask_lacking, ask_site
from ohmstead.cli.site_files import data_directory, data_option, find_site_file
from ohmstead.cli.trying import try_devices
from ohmstead.gateway import NO_FACES, Faces, read_site_file, unknown_names
from ohmstead.gateway.secrets import Secrets
from ohmstead.kit.console import ExitCode, Table, command, duration, json_option, note, show
from ohmstead.kit.registry import load
from ohmstead.model import source_of
from ohmstead.polling import HealthState

GATEWAY: Final = "http://127.0.0.1:8420"


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """What `ohmstead doctor --json` prints of each device."""

    device: str
    family: str
    health: HealthState
    is_well: bool
    reason: str
    advice: str
    missing_s: float | None = None
    """Of the last 24 hours at the site, how long nothing came of it. None: nobody was asked who knows."""


@command()
@click.argument("site_file", required=False, type=click.Path(path_type=Path))
@click.option("--gateway", default=GATEWAY, show_default=True, metavar="URL", help="The gateway to ask.")
@data_option
@json_option
async def doctor(site_file: Path | None, gateway: str, data: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes by name
    """Explain every device that is not well, and what to do about it.

    Asks the running gateway. If none runs, or SITE_FILE is given, tries the devices of the site file instead, with
    the secrets of the data folder.
    Ends with 1 if a device is not well, or if something is wrong with the site as a whole.
    """
    diagnoses, problems = await examine(site_file, gateway, data)
    show({"devices": diagnoses, "site": problems}, lambda: tables(diagnoses, problems), as_json=as_json)
    if problems or not all(found.is_well for found in diagnoses):
        click.get_current_context().exit(ExitCode.SAID_NO)


async def examine(
    site_file: Path | None, gateway: str, data: Path | None
) -> tuple[tuple[Diagnosis, ...], tuple[str, ...]]:
    """What is to be said of each device, and what is wrong with the site as a whole."""
    problems: tuple[str, ...] = ()
    lacking: Lacking | None = None
    if site_file is None and (seen := await ask_gateway(gateway)) is not None:
        note(f"The gateway at {gateway} says:")
        if (whole := await ask_site(gateway)) is not None:
            problems = whole.problems
            lacking = await ask_lacking(gateway, whole.at) if whole.at is not None else None
    else:
        if site_file is None:
            note(f"No gateway runs at {gateway}.")
        path = find_site_file(site_file)
        note(f"Trying the devices of {path}, for a minute at most:")
        content = read_site_file(path, faces=site_file_faces())
        problems = unknown_names(content)
        seen = await try_devices(content.devices, Secrets(data_directory(data, path)))
    return tuple(diagnosis(device, lacking) for device in seen), problems


def site_file_faces() -> Faces:
    """By what the root of the command line was given."""
    reference: str = click.get_current_context().find_root().obj
    faces: Faces = load(reference) if reference else NO_FACES
    return faces


def diagnosis(device: Seen, lacking: Lacking | None) -> Diagnosis:
    return Diagnosis(
        device=device.id,
        family=device.family,
        health=device.health,
        is_well=device.health in WELL,
        reason=device.explained,
        advice=advice(device.health, has_rejected=bool(device.rejected)),
        missing_s=None if lacking is None else lacking.missing_s(device.id),
    )


def tables(diagnoses: tuple[Diagnosis, ...], problems: tuple[str, ...]) -> Iterator[Table]:
    rows = tuple(_row(alike) for alike in _told_alike(diagnoses))
    yield Table(columns=("device", "health", "missing of 24 h", "why", "what to do"), rows=rows)
    if not rows:
        note("There are no devices yet: add a [[device]] to the site file.")
    elif all(found.is_well for found in diagnoses):
        note("All devices are well.")
    if problems:
        yield Table(columns=("the site as a whole",), rows=tuple((problem,) for problem in problems))


def _told_alike(diagnoses: tuple[Diagnosis, ...]) -> Iterable[list[Diagnosis]]:
    """Whom each row tells of: the devices of one source of which the same is to be said, or one of which nothing is."""
    rows: dict[tuple[str, ...], list[Diagnosis]] = {}
    for d in diagnoses:
        whom = source_of(d.device) if d.reason or d.advice else d.device
        rows.setdefault((whom, d.health, d.reason, d.advice), []).append(d)
    return rows.values()


def _row(alike: list[Diagnosis]) -> tuple[str, ...]:
    first = alike[0]
    missing = [duration(d.missing_s) if d.missing_s else "" for d in alike]
    return (
        "\n".join(d.device for d in alike),
        first.health.replace("_", " "),
        missing[0] if len(set(missing)) == 1 else "\n".join(missing),
        first.reason,
        first.advice,
    )
