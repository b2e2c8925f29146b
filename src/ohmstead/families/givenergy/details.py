"""Every field of every device as a person may see it: unit, age, quality, and whether it names somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from enum import Enum
from typing import Final

from ohmstead.families.givenergy.types import TimeSlot
from ohmstead.families.givenergy.views import View
from ohmstead.model import Detail

WHO: Final = "serial"
"""In the name of whatever names a device."""

Plain = float | int | str | bool | None


def details(*views: View) -> tuple[Detail, ...]:
    """What the views know, each name once: the first view that knows it speaks. Registers never read are left out."""
    found: dict[str, Detail] = {}
    for view in views:
        for detail in _of(view):
            found.setdefault(detail.key, detail)
    return tuple(found.values())


def _of(view: View) -> Iterator[Detail]:
    for name in view.values:
        value = view.value_of(name)
        if value.received_at is None and (value.value is None or name not in view.derived):
            continue
        is_secret = WHO in name or (name in view.lines and view.field(name).facts.secret)
        yield Detail(
            key=name,
            label=name.replace("_", " "),
            value=plain(value.value),
            unit=value.unit,
            at=value.received_at,
            quality=value.quality,
            secret=is_secret,
        )


def plain(value: object) -> Plain:
    """As JSON can carry it, and a page show it."""
    match value:
        case Enum():
            return value.name.lower().replace("_", " ")
        case None | bool() | int() | float() | str():
            return value
        case TimeSlot():
            return f"{value.start:%H:%M} to {value.end:%H:%M}"
        case datetime() | time():
            return value.isoformat()
        case list() | tuple():
            return ", ".join("–" if part is None else str(plain(part)) for part in value)
        case _:
            return str(value)
