"""What speaks for which way of switching V2L: each write that could have done it, and each effect that was seen.

A write that only repeats a record it has read is no switch: the app sends whole records back, V2L fields and all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.facts import commands
from ohmstead.families.franklinwh.facts.codes import MessageKind
from ohmstead.families.franklinwh.v2l.har.entries import Entry
from ohmstead.families.franklinwh.v2l.har.redacting import OF_V2L, Redactor

CIRCUIT_3: Final = ("Sw3Mode", "Sw3ProLoad", "Sw3MsgType")
GENERATOR_WRITE: Final = "updateIotGenerator"
NO_SWITCH: Final = ("runstate", "ratedpower", "timeout")
"""How V2L fields end that tell or set something else."""
READING: Final = ("get", "select", "query", "list", "check", "obtain")
"""How paths begin whose POST only reads."""


class Speaks(StrEnum):
    CIRCUIT3 = "circuit3"
    GENERATOR = "generator"
    OTHER_ENDPOINT = "other-endpoint"


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Fit to be shown: path and fields are redacted."""

    entry: int
    at_s: float | None
    method: str
    path: str
    cmd_type: int | None
    fields: Mapping[str, Any]
    """The keys concerned. Any: JSON."""
    speaks_for: Speaks | None
    """None: it is quoted, and decides nothing."""


def writes(entries: Iterable[Entry], redactor: Redactor) -> Iterator[Evidence]:
    """In the order of the file, which is the order of time."""
    known = Known()
    for entry in entries:
        found = _write(entry, known)
        if found is not None:
            speaks_for, keys = found
            if speaks_for is Speaks.CIRCUIT3 and known.is_plain_circuit:
                speaks_for = None
            yield quoted(entry, {key: entry.written.get(key) for key in keys}, speaks_for, redactor)
        known.learn(entry)


def quoted(
    entry: Entry, fields: Mapping[str, Any], speaks_for: Speaks | None, redactor: Redactor
) -> Evidence:
    return Evidence(
        entry=entry.number,
        at_s=entry.at_s,
        method=entry.method,
        path=redactor.path(entry.path),
        cmd_type=entry.command,
        fields=redactor.fields(fields),
        speaks_for=speaks_for,
    )


class Known:
    """What earlier exchanges have told. Any: JSON."""

    def __init__(self) -> None:
        self._records: dict[str, Mapping[str, Any]] = {}
        """What was last read or written, by `_record`."""
        self._told: dict[str, Any] = {}
        """What was last told under a name, in whatever record."""

    @property
    def is_plain_circuit(self) -> bool:
        """The V2L flag is known to be 0, and circuit 3 a circuit like the others."""
        return self._told.get("v2lModeEnable") == 0

    def before(self, entry: Entry, key: str) -> Any:
        """What the record that is written held before. None: nobody knows."""
        return self._records.get(_record(entry), {}).get(key)

    def learn(self, entry: Entry) -> None:
        name = _record(entry)
        self._records[name] = {**self._records.get(name, {}), **entry.written, **entry.told}
        for fields in nested(entry.told):
            self._told |= {key: value for key, value in fields.items() if value is not None}

    def repeats(self, entry: Entry, key: str) -> bool:
        """Whether the write carries the key only because it sends a whole record back."""
        record, written = self._records.get(_record(entry), {}), entry.written
        is_known = len(record.keys() & written.keys()) * 2 > len(record) > 2
        if not is_known and not {"Sw1Mode", "Sw3Mode"} <= written.keys():
            return False
        return bool(record.get(key, self._told.get(key, written[key])) == written[key])


def nested(fields: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A record and those within it, two levels down: live answers hold their measurements in one of their parts."""
    yield fields
    for part in fields.values():
        if isinstance(part, dict):
            yield part


def _record(entry: Entry) -> str:
    """Reads and writes of the same record have the same name."""
    if entry.is_tunnel:
        return f"tunnel {entry.command}"
    last = entry.path.rpartition("/")[2].lower()
    return last.removeprefix("update").removeprefix("select").removeprefix("get").removeprefix("set")


def _write(entry: Entry, known: Known) -> tuple[Speaks | None, list[str]] | None:
    """What a write speaks for and the keys that make it so; None for what has nothing to do with V2L."""
    if entry.is_tunnel:
        return _tunnel_write(entry, known)
    keys = _switch_keys(entry, known)
    last = entry.path.rpartition("/")[2]
    is_about_v2l = OF_V2L.fullmatch(last) is not None
    if not keys and not is_about_v2l:
        return None
    if entry.method == "GET" or last.lower().startswith(READING):
        return None if not is_about_v2l else (None, keys)
    return (Speaks.GENERATOR if last == GENERATOR_WRITE else Speaks.OTHER_ENDPOINT), keys


def _tunnel_write(entry: Entry, known: Known) -> tuple[Speaks | None, list[str]] | None:
    command, written = entry.command, entry.written
    if command is None or written.get("opt") != 1:
        return None
    if command not in commands.COMMANDS:
        return Speaks.OTHER_ENDPOINT, [*written]
    if keys := _switch_keys(entry, known):
        return Speaks.OTHER_ENDPOINT, keys
    if command == commands.CIRCUITS.number and _switches_circuit_3(entry, known):
        return Speaks.CIRCUIT3, [key for key in CIRCUIT_3 if key in written]
    return None


def _switches_circuit_3(entry: Entry, known: Known) -> bool:
    """Named as the circuit that is switched, or, where the app names none, changed."""
    kind, written = entry.written.get("Sw3MsgType"), entry.written
    if kind == MessageKind.SWITCH:
        return "Sw3Mode" in written
    before = known.before(entry, "Sw3Mode")
    return (
        kind in (None, MessageKind.NONE) and "Sw3Mode" in written and before not in (None, written["Sw3Mode"])
    )


def _switch_keys(entry: Entry, known: Known) -> list[str]:
    """V2L fields that are written, and by more than sending a record back."""
    return [
        key
        for key in entry.written
        if OF_V2L.fullmatch(key) and not key.lower().endswith(NO_SWITCH) and not known.repeats(entry, key)
    ]
