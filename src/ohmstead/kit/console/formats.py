"""Numbers as people read them. Inside the house a number keeps its unit in its name; here it gets it beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

Value = float | str | bool | None
"""What a vendor's field may hold."""

THOUSANDS: Final = {"W": "kW", "Wh": "kWh", "VA": "kVA"}
"""Units that read better in thousands from 1,000 on (energy: always, since one unit per column compares better)."""

SPANS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def quantity(value: Value, unit: str = "") -> str:
    """A value with its unit: `812 W`, `4.21 kW`, `12.4 kWh`, `50.02 Hz`, `yes`, and `–` for what is not known."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if unit in THOUSANDS and (abs(value) >= 1_000 or unit == "Wh"):
        value, unit = value / 1_000, THOUSANDS[unit]
    return f"{number(value, ',')} {unit}" if unit else number(value)


def number(value: float, thousands: Literal["", ","] = "") -> str:
    """At most three decimals, and no digits that say nothing."""
    text = f"{value:{thousands}.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def duration(span: timedelta | float) -> str:
    """The two largest parts of a time span: `2 h 5 min`. A number is seconds."""
    left_s = int(span.total_seconds() if isinstance(span, timedelta) else span)
    parts: list[str] = []
    for size_s, name in SPANS:
        count, left_s = divmod(left_s, size_s)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 s"


def age(at: datetime | None, now: datetime) -> str:
    """How long ago: `12 s ago`, `never` for no instant at all."""
    return "never" if at is None else f"{duration(max(now - at, timedelta()))} ago"


def blank(secret: object) -> str:
    """What stands where a secret is. It says nothing about the secret, not even its length."""
    return "" if secret in (None, "") else "•••"
