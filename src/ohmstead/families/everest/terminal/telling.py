"""Announcements and errors in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from ohmstead.kit.console import Table

Json = Mapping[str, Any]  # Any: as a server sent it


class Heard(msgspec.Struct, frozen=True):
    """An announcement, read."""

    method: str
    params: object


class Changes:
    """Tells of each announcement what is new in it. `meter_data` is long: only its sums are told."""

    def __init__(self) -> None:
        self._before: dict[tuple[str, object], dict[str, object]] = {}

    def told(self, heard: Heard) -> str:
        params = heard.params if isinstance(heard.params, dict) else {}
        index = params.get("evse_index", 0)
        topic = heard.method.rpartition(".")[2]
        now = dict(leaves(params))
        before = self._before.get((topic, index), {})
        self._before[topic, index] = now
        new = {place: value for place, value in now.items() if before.get(place) != value}
        gone = [place for place in before if place not in now]
        words = [f"{_short(place)} {value}" for place, value in new.items() if place != "evse_index"]
        words += [f"{_short(place)} is gone" for place in gone]
        where = f"EVSE {index}" if index else "charger"
        return f"{where} {topic}: {', '.join(words) or 'the same again'}"


def leaves(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """What a document says, each by its place, such as "status.state"; "none" for a list or an object of nothing."""
    if place and value in ([], {}):
        yield place, "none"
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from leaves(item, f"{place}.{number}" if place else str(number))
    else:
        yield place, value


def _short(place: str) -> str:
    """Without the object that an announcement has around it."""
    return place.partition(".")[2] or place


def error_table(errors: Sequence[Json]) -> Table:
    """For a technician: the worst first."""
    order = {"High": 0, "Medium": 1, "Low": 2}
    ranked = sorted(
        errors, key=lambda error: (order.get(str(error.get("severity")), 3), str(error.get("timestamp")))
    )
    return Table(
        title="Active errors",
        columns=("Type", "Severity", "Origin", "Time", "Message"),
        rows=tuple(_error_row(error) for error in ranked),
        nothing="No error is active.",
    )


def _error_row(error: Json) -> tuple[str, ...]:
    kind, sub_type = str(error.get("type", "")), error.get("sub_type")
    return (
        f"{kind} ({sub_type})" if sub_type else kind,
        str(error.get("severity", "")),
        _origin(error.get("origin")),
        str(error.get("timestamp", "")),
        str(error.get("message", "")),
    )


def _origin(origin: object) -> str:
    if not isinstance(origin, dict):
        return ""
    index, connector = origin.get("evse_index"), origin.get("connector_index")
    where = f"EVSE {index}" if index else "charger"
    if connector:
        where += f", connector {connector}"
    return f"{where} ({origin.get('module_id', '')}/{origin.get('implementation_id', '')})"
