"""Puts polls and gaps into the tables, inside a transaction of the caller's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from ohmstead.history.flattening import Role, as_number, role_of
from ohmstead.history.items import Item, Missed, Poll
from ohmstead.history.names import Names
from ohmstead.history.polls import pack_poll, quality_number
from ohmstead.history.times import key
from ohmstead.model import Reading, source_of


class _Plan(msgspec.Struct, frozen=True):
    """One device in one role: where each value of a reading goes."""

    role: Role
    signals: tuple[int, ...]


class Writing:
    """Forgets itself with `Names`: after a rolled-back transaction, make a new one."""

    def __init__(self, connection: sqlite3.Connection, names: Names) -> None:
        self._connection = connection
        self._names = names
        self._plans: dict[tuple[str, type[Reading]], _Plan] = {}
        self._open_gaps: dict[str, tuple[int, str]] = {}

    def write(self, items: Iterable[Item]) -> None:
        rows = []
        for item in items:
            if isinstance(item, Poll):
                rows.append(self._poll(item))
            else:
                self._miss(item)
        self._connection.executemany("INSERT OR REPLACE INTO hot (key, body) VALUES (?, ?)", rows)

    def _poll(self, poll: Poll) -> tuple[int, bytes]:
        if self._open_gaps:
            self._open_gaps.pop(poll.device, None)
            self._open_gaps.pop(source_of(poll.device), None)
        values: list[float] = []
        signals: list[int] = []
        qualities: list[int] = []
        for reading in poll.readings:
            before = len(values)
            self._flatten(poll.device, reading, values, signals)
            qualities += [quality_number(reading.quality)] * (len(values) - before)
        return key(self._names.device(poll.device), poll.at_ms), pack_poll(values, signals, qualities)

    def _flatten(self, device: str, reading: Reading, values: list[float], signals: list[int]) -> None:
        plan = self._plans.get((device, type(reading))) or self._plan(device, type(reading))
        for signal, value in zip(plan.signals, plan.role.values(reading), strict=True):
            if value is None:
                continue
            number = self._names.word(signal, value) if isinstance(value, str) else as_number(value)
            if number is not None:
                values.append(number)
                signals.append(signal)

    def _plan(self, device: str, kind: type[Reading]) -> _Plan:
        role, number = role_of(kind), self._names.device(device)
        plan = _Plan(role, tuple(self._names.signal(number, role.name, field) for field in role.fields))
        self._plans[device, kind] = plan
        return plan

    def _miss(self, missed: Missed) -> None:
        """A miss right after one of the same reason makes that gap longer."""
        gap, reason = self._open_gaps.get(missed.source, (0, ""))
        if gap and reason == missed.reason:
            self._connection.execute(
                "UPDATE gap SET first_ms = min(first_ms, ?), last_ms = max(last_ms, ?), polls = polls + ? WHERE id = ?",
                (missed.first_ms, missed.last_ms, missed.polls, gap),
            )
            return
        added = self._connection.execute(
            "INSERT INTO gap (source, first_ms, last_ms, polls, reason) VALUES (?, ?, ?, ?, ?)",
            (missed.source, missed.first_ms, missed.last_ms, missed.polls, missed.reason),
        )
        self._open_gaps[missed.source] = (added.lastrowid or 0, missed.reason)
