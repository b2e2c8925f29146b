"""The numbers that stand for devices, signals and words in the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping


class Names:
    """Knows all of them by heart. After a rolled-back transaction `reload` it: some numbers never came to be."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.reload()

    def reload(self) -> None:
        ask = self._connection.execute
        self._devices: dict[str, int] = dict(ask("SELECT name, id FROM device"))
        self._signals = {tuple(row[:3]): row[3] for row in ask("SELECT device, role, field, id FROM signal")}
        self._words = {
            (signal, text): number for signal, text, number in ask("SELECT signal, text, id FROM word")
        }

    def find_device(self, name: str) -> int | None:
        return self._devices.get(name)

    def find_signal(self, device: int, name: str) -> int | None:
        """By a name such as `solar.power_w`."""
        role, _, field = name.partition(".")
        return self._signals.get((device, role, field))

    def devices(self) -> Mapping[str, int]:
        return dict(self._devices)

    def signals(self, device: int) -> Mapping[int, tuple[str, str]]:
        """Role and field by number."""
        return {
            number: (role, field) for (owner, role, field), number in self._signals.items() if owner == device
        }

    def words(self, signal: int) -> Mapping[int, str]:
        return {number: text for (owner, text), number in self._words.items() if owner == signal}

    def device(self, name: str) -> int:
        if (number := self._devices.get(name)) is None:
            number = self._insert("INSERT INTO device (name) VALUES (?)", name)
            self._devices[name] = number
        return number

    def signal(self, device: int, role: str, field: str) -> int:
        if (number := self._signals.get((device, role, field))) is None:
            number = self._insert(
                "INSERT INTO signal (device, role, field) VALUES (?, ?, ?)", device, role, field
            )
            self._signals[device, role, field] = number
        return number

    def word(self, signal: int, text: str) -> int:
        if (number := self._words.get((signal, text))) is None:
            number = self._insert("INSERT INTO word (signal, text) VALUES (?, ?)", signal, text)
            self._words[signal, text] = number
        return number

    def _insert(self, statement: str, *values: int | str) -> int:
        number = self._connection.execute(statement, values).lastrowid
        assert number is not None  # noqa: S101 - SQLite always has one after an INSERT
        return number
