"""`ohmstead history`: take out, put in, look through, check, copy and put back what was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from ohmstead.cli.gaps import gaps
from ohmstead.cli.parameters import INSTANT
from ohmstead.cli.site_files import data_directory, data_option
from ohmstead.gateway.locking import only_one
from ohmstead.gateway.opening import HISTORY
from ohmstead.history import (
    FORMATS,
    Choice,
    Progress,
    Store,
    back_up,
    check,
    extent,
    read_csv,
    restore,
    rows,
)
from ohmstead.kit.console import ExitCode, Table, group, json_option, note, progress, show
from ohmstead.model import ConfigError


@group()
def history() -> None:
    """Export, import, check, back up and restore what was recorded."""


@history.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
@click.option("--start", type=INSTANT, help="The first instant; the beginning if not given.")
@click.option("--end", type=INSTANT, help="The instant to stop before; now if not given.")
@click.option(
    "--device", "devices", multiple=True, help="Only this device, or all of this source. Repeatable."
)
@click.option(
    "--signal", "signals", multiple=True, help="Only this signal, such as solar.power_w. Repeatable."
)
def export(
    file: Path,
    data: Path | None,
    *,
    start: datetime | None,
    end: datetime | None,
    devices: tuple[str, ...],
    signals: tuple[str, ...],
) -> None:
    """Write samples to FILE, which ends in .csv or .parquet. Works while the gateway runs.

    An existing FILE is never overwritten. Parquet needs `pip install ohmstead[parquet]`.
    """
    write = FORMATS.get(file.suffix.lower())
    if write is None:
        raise ConfigError(
            f"{file} is to end in {' or '.join(FORMATS)}.", example="ohmstead history export june.csv"
        )
    choice = Choice(start=start, end=end, devices=devices, signals=signals)
    with bar("Exporting") as tell:
        count = write(file, rows(data_directory(data) / HISTORY, choice, tell))
    note(f"{count:,} values in {file}.")


@history.command("import")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@data_option
def import_(file: Path, data: Path | None) -> None:
    """Add the samples of FILE, a CSV file with the columns of an export. The gateway must not run.

    What was recorded at the same instants by the same devices is replaced. A power cut loses nothing: run it again.
    """
    directory = data_directory(data)
    with only_one(directory), closing(Store(directory / HISTORY, datetime.now(UTC))) as store:
        count = store.take_in(read_csv(file), datetime.now(UTC))
    note(f"{count:,} values taken in.")


@history.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@data_option
def salvage(file: Path, data: Path | None) -> None:
    """Take in what can still be read of FILE, a damaged history that was put aside. The gateway must not run.

    FILE stays as it is, and what was recorded since stays too. Run again, it changes nothing.
    """
    directory = data_directory(data)
    now = datetime.now(UTC)
    with only_one(directory), closing(Store(directory / HISTORY, now)) as store, bar("Salvaging") as tell:
        found = store.salvage(file, now, tell)
    note(f"{found.values:,} values taken in; {found.lost_hours:,} hours of devices could not be read.")


@history.command()
@data_option
@json_option
def stats(data: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes by name
    """Say what is recorded, since when, and what it takes on the disk."""
    path = data_directory(data) / HISTORY
    found = extent(path)
    document = {
        "file": str(path),
        "bytes": found.size_bytes,
        "samples": found.samples,
        "signals": found.signals,
    }

    def tables() -> Iterator[Table]:
        note(f"{path}: {found.size_bytes / 1e6:,.1f} MB, {found.samples:,} samples.")
        lines = (
            (
                s.device,
                s.name,
                f"{s.samples:,}",
                f"{s.first_at:%Y-%m-%d %H:%M}",
                f"{s.last_at:%Y-%m-%d %H:%M}",
            )
            for s in found.signals
        )
        columns = ("device", "signal", "samples", "first (UTC)", "last (UTC)")
        yield Table(columns=columns, rows=tuple(lines), right=frozenset({"samples"}))

    show(document, tables, as_json=as_json)


history.add_command(gaps)


@history.command("check")
@data_option
@json_option
def check_(data: Path | None, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Look at every byte, and say what is damaged. Works while the gateway runs. Ends with 1 if anything is."""
    path = data_directory(data) / HISTORY
    with bar("Checking") as tell:
        report = check(path, tell)

    def tables() -> Iterator[Table]:
        faults = (*report.file_faults, *report.damaged)
        note(f"{path}: {report.rows:,} rows looked at, {'all sound' if report.is_sound else 'damage found'}.")
        if faults:
            yield Table(columns=("damage",), rows=tuple((fault,) for fault in faults))

    show(msgspec.to_builtins(report) | {"is_sound": report.is_sound}, tables, as_json=as_json)
    if not report.is_sound:
        click.get_current_context().exit(ExitCode.SAID_NO)


@history.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
def backup(file: Path, data: Path | None) -> None:
    """Copy the history to FILE, whole and proved, while the gateway runs. An existing FILE is never overwritten."""
    with bar("Copying") as tell:
        back_up(data_directory(data) / HISTORY, file, tell)
    note(f"{file}: {file.stat().st_size / 1e6:,.1f} MB.")


@history.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
def restore_(file: Path, data: Path | None) -> None:
    """Put the backup FILE in the place of the history. The gateway must not run; what was there is put aside."""
    directory = data_directory(data)
    with only_one(directory), bar("Copying") as tell:
        aside = restore(file, directory / HISTORY, datetime.now(UTC), tell)
    note(f"Restored to {directory / HISTORY}." + (f" What was there is now {aside}." if aside else ""))


@contextmanager
def bar(description: str) -> Iterator[Progress]:
    """A progress bar fed with what is done of how much."""
    with progress(description, 1.0) as advance:
        before = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal before
            share = done / total if total else 1.0
            advance(share - before)
            before = share

        yield tell
