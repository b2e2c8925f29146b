"""`ohmstead history gaps`: when which source brought nothing, for how long, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click
import msgspec

from ohmstead.cli.parameters import INSTANT
from ohmstead.cli.site_files import data_directory, data_option
from ohmstead.gateway.opening import HISTORY
from ohmstead.history import Gap, Gaps, read_gaps
from ohmstead.kit.console import Table, command, duration, json_option, note, show
from ohmstead.model import ConfigError

USUAL: Final = timedelta(days=7)


class GapDocument(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    start: datetime
    end: datetime
    """About when the poll after the last missed one was due."""
    length_s: float
    polls: int
    reason: str
    lasts: bool
    """Nothing is recorded of it since."""


@command()
@data_option
@click.option("--source", help="Only this source with its devices, or this device with its source.")
@click.option("--start", type=INSTANT, help="The first instant; a week before the end if not given.")
@click.option("--end", type=INSTANT, help="The instant to stop before; now if not given.")
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=200, show_default=True, help="Of the newest."
)
@json_option
def gaps(
    data: Path | None,
    *,
    source: str | None,
    start: datetime | None,
    end: datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """List when polls were due and brought nothing, and why. Works while the gateway runs."""
    first, last = span(start, end, datetime.now(UTC))
    found = read_gaps(data_directory(data) / HISTORY, first, last, source, limit)
    documents = tuple(map(document, found.gaps))
    answer = {"start": first, "end": last, "gaps": documents, "is_complete": found.is_complete}
    show(answer, lambda: tables(documents, found, first, last), as_json=as_json)


def span(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The time asked for, with what was left open. Raises `ConfigError`."""
    last = end or max(now, start + USUAL if start else now)
    first = start or last - USUAL
    if first >= last:
        raise ConfigError(
            f"--start is to lie before --end, not {first:%Y-%m-%d %H:%M} before {last:%Y-%m-%d %H:%M}."
        )
    return first, last


def document(gap: Gap) -> GapDocument:
    return GapDocument(
        source=gap.source,
        start=gap.first_at,
        end=gap.end_at,
        length_s=(gap.end_at - gap.first_at).total_seconds(),
        polls=gap.polls,
        reason=gap.reason,
        lasts=gap.lasts,
    )


def tables(
    documents: tuple[GapDocument, ...], found: Gaps, first: datetime, last: datetime
) -> Iterator[Table]:
    if not documents:
        note(
            f"Every poll that was due from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC brought something."
        )
        return
    if not found.is_complete:
        note(f"Only the newest {len(documents):,}: --limit shows more, --start and --end others.")
    rows = tuple(
        (
            gap.source,
            f"{gap.start:%Y-%m-%d %H:%M:%S}",
            "nothing since" if gap.lasts else f"{gap.end:%Y-%m-%d %H:%M:%S}",
            duration(gap.length_s) if gap.length_s else "one poll",
            gap.reason,
        )
        for gap in documents
    )
    yield Table(
        columns=("source", "from (UTC)", "to (UTC)", "how long", "why"),
        rows=rows,
        right=frozenset({"how long"}),
    )
