"""`ohmstead franklinwh history`: energy of the past, from the cloud."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

import click

from ohmstead.families.franklinwh.command_line.root import asking, franklinwh, session, tables
from ohmstead.kit.console import Table, quantity, show

SPANS: Final = {"day": 1, "week": 2, "month": 3, "year": 4, "total": 5}
COLUMNS: Final = (
    ("Solar", "kwhSuArray"),
    ("Generator", "kwhGenArray"),
    ("Imported", "kwhUtiInArray"),
    ("Exported", "kwhUtiOutArray"),
    ("Charged", "kwhFhpChgArray"),
    ("Discharged", "kwhFhpDiArray"),
    ("Home", "kwhLoadArray"),
)
TIMES: Final = "deviceTimeArray"


@franklinwh.command()
@click.argument("by", type=click.Choice(tuple(SPANS)), default="day")
@click.option(
    "--date", "since", type=click.DateTime(("%Y-%m-%d",)), help="A day within it; today if not given."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print lines of kWh with commas between.")
@asking
async def history(asked: Any, *, by: str, since: datetime | None, as_csv: bool, as_json: bool) -> None:
    """Show energy by day, week, month, year or in total, in the gateway's own days."""
    day = since.date() if since else today()
    async with session(asked) as client:
        record = await client.get_power_details(SPANS[by], day)
    rows = buckets(record)
    if as_csv:
        click.echo(csv_text(rows))
        return
    drawn = tuple(
        (time, *(quantity(None if kwh is None else kwh * 1000, "Wh") for kwh in values))
        for time, values in rows
    )
    columns = tuple(label for label, _ in COLUMNS)
    table = Table(title=f"Energy by {by}", columns=("When", *columns), rows=drawn, right=frozenset(columns))
    show(record, tables(table), as_json=as_json)


def today() -> date:
    """Of this machine; a gateway elsewhere has its own, which --date can say."""
    return datetime.now(UTC).astimezone().date()


def buckets(record: dict[str, Any]) -> list[tuple[str, list[float | None]]]:  # Any: the vendor's JSON
    times = record.get(TIMES)
    listed = times if isinstance(times, list) else []
    return [(str(time), [_at(record, key, index) for _, key in COLUMNS]) for index, time in enumerate(listed)]


def _at(record: dict[str, Any], key: str, index: int) -> float | None:
    values = record.get(key)
    value = values[index] if isinstance(values, list) and index < len(values) else None
    return value if isinstance(value, int | float) else None


def csv_text(rows: list[tuple[str, list[float | None]]]) -> str:
    head = ",".join(("time", *(f"{label.lower()}_kwh" for label, _ in COLUMNS)))
    lines = (
        ",".join((time, *("" if kwh is None else f"{kwh:g}" for kwh in values))) for time, values in rows
    )
    return "\n".join((head, *lines))
