"""Which layout a payload has, where one id has two.

Newer DTUs answer the old question for live data with the new answer, and old clients ask for alarms in an older layout.
Neither says so: the numbers and wire types of the fields do. Sources: captures, owners' reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from google.protobuf.message import Message

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.messages import messages_by_id
from ohmstead.families.hoymiles.messages.app import ALARMS, REAL_DATA
from ohmstead.families.hoymiles.messages.cloud import CLOUD_ALARMS, CLOUD_HISTORY_DATA, CLOUD_REAL_DATA

VARINT: Final = 0
FIXED_64: Final = 1
DELIMITED: Final = 2
FIXED_32: Final = 5
LONGEST_VARINT: Final = 10

NEW_LIVE: Final = {(6, DELIMITED), (7, DELIMITED), (11, DELIMITED)}
OLD_LIVE: Final = {(6, VARINT), (7, VARINT), (11, VARINT)}
"""Lists in one layout, numbers in the other."""


def message_class(command_id: int, payload: bytes) -> type[Message] | None:
    """What the payload of a frame with this id is; `None` for an id nobody knows."""
    choosing = CHOICES.get(command_id)
    return messages_by_id().get(command_id) if choosing is None else choosing(payload)


def live_data_class(payload: bytes) -> type[protos.live_old.RealDataFromDtu | protos.live.RealDataNewFromDtu]:
    """The answer to the old question: the old body unless something says otherwise."""
    found = list(fields(payload))
    kinds = {(field.number, field.kind) for field in found}
    if kinds & NEW_LIVE or {12, 13} & {number for number, _ in kinds}:
        return protos.live.RealDataNewFromDtu
    if kinds & OLD_LIVE:
        return protos.live_old.RealDataFromDtu
    entries = [f for f in found if (f.number, f.kind) == (10, DELIMITED)]
    # A port of the old body, or a three-phase inverter: one has a time behind its last counters, the other ends there.
    inside = [{f.number for f in fields(payload[entry.start : entry.end])} for entry in entries]
    is_new = bool(inside) and all(20 in numbers and not numbers & {21, 22, 23, 24} for numbers in inside)
    return protos.live.RealDataNewFromDtu if is_new else protos.live_old.RealDataFromDtu


def alarms_class(
    payload: bytes,
) -> type[protos.alarms.AlarmsFromDtu | protos.alarms_legacy.AlarmsLegacyFromDtu]:
    """Field 3 is a count of packets, or the list."""
    is_legacy = any((field.number, field.kind) == (3, DELIMITED) for field in fields(payload))
    return protos.alarms_legacy.AlarmsLegacyFromDtu if is_legacy else protos.alarms.AlarmsFromDtu


def alarms_request_class(
    payload: bytes,
) -> type[protos.alarms.AlarmsToDtu | protos.alarms_legacy.AlarmsLegacyToDtu]:
    """The time is field 5, or field 4, where the other has an offset of hours."""
    numbers = {field.number: field.value for field in fields(payload) if field.kind == VARINT}
    is_legacy = 5 not in numbers and numbers.get(4, 0) > 1_000_000
    return protos.alarms_legacy.AlarmsLegacyToDtu if is_legacy else protos.alarms.AlarmsToDtu


CHOICES: Final[Mapping[int, Callable[[bytes], type[Message]]]] = MappingProxyType(
    {
        REAL_DATA.answer_id: live_data_class,
        CLOUD_REAL_DATA.request_id: live_data_class,
        CLOUD_HISTORY_DATA.request_id: live_data_class,
        ALARMS.answer_id: alarms_class,
        CLOUD_ALARMS.request_id: alarms_class,
        ALARMS.request_id: alarms_request_class,
    }
)


class Field(NamedTuple):
    number: int
    kind: int
    """Wire type."""
    value: int
    """Of a varint."""
    start: int
    """Where what it holds begins in the payload, and ends."""
    end: int


def fields(payload: bytes) -> Iterator[Field]:
    """The fields on the top level. What is no protobuf ends them early."""
    at = 0
    while at < len(payload):
        tag, at = _varint(payload, at)
        kind, value, start = tag & 7, 0, at
        if kind == VARINT:
            value, at = _varint(payload, at)
        elif kind == DELIMITED:
            size, start = _varint(payload, at)
            at = start + size
        elif kind in (FIXED_32, FIXED_64):
            at += 4 if kind == FIXED_32 else 8
        else:
            return
        if at > len(payload):
            return
        yield Field(tag >> 3, kind, value, start, at)


def _varint(payload: bytes, at: int) -> tuple[int, int]:
    """Value and the place behind it; behind the payload for one that does not end."""
    value = 0
    for shift, byte in enumerate(payload[at : at + LONGEST_VARINT]):
        value |= (byte & 0x7F) << 7 * shift
        if not byte & 0x80:
            return value, at + shift + 1
    return 0, len(payload) + 1
