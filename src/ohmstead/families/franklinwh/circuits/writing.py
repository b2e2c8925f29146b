"""Writes of the circuits record: the whole record as it was read, in its order, with one circuit changed.

A gateway acknowledges a change of the wrong kind and drops it; a partial record is refused by some firmware. Pure: a
record in, a record out, and a `ValueError` for what must not be sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ohmstead.families.franklinwh.circuits.record import ON_THE_WIRE, Record, is_merged, is_newer_merged
from ohmstead.families.franklinwh.circuits.schedule import Times, schedule_fields
from ohmstead.families.franklinwh.facts.codes import CircuitMode, MessageKind, RemoteSwitch

NEVER_WRITTEN: Final = ("modeChoose", "result")
PAIR: Final = (1, 2)


def switched(record: Record, number: int, *, on: bool, fitted: int = ON_THE_WIRE) -> dict[str, Any]:
    """Circuit on or off. `SwnProLoad` is written as the inverse of `SwnMode`."""
    return patched(record, number, MessageKind.SWITCH, {"Mode": int(on), "ProLoad": int(not on)}, fitted)


def with_cutoff(
    record: Record, number: int, *, enable: bool, soc_pct: int, fitted: int = ON_THE_WIRE
) -> dict[str, Any]:
    """Open the circuit below a charge level. Acts off grid only."""
    if not 0 <= soc_pct <= 100:
        raise ValueError(f"a charge level is 0 to 100 %, not {soc_pct}")
    fields = {"AtuoEn": int(enable), "SocLowSet": soc_pct}
    return patched(record, number, MessageKind.CONFIGURATION, fields, fitted)


def limited(record: Record, number: int, *, limit_a: int, fitted: int = ON_THE_WIRE) -> dict[str, Any]:
    if limit_a < 0:
        raise ValueError(f"a load limit is 0 A or more, not {limit_a}")
    return patched(record, number, MessageKind.CONFIGURATION, {"LoadLimit": limit_a}, fitted)


def scheduled(
    record: Record,
    number: int,
    spans: Times,
    *,
    cycle_days: int,
    base_date: date | None = None,
    fitted: int = ON_THE_WIRE,
) -> dict[str, Any]:
    present = record.get(f"Sw{number}Time")
    fields = schedule_fields(present if isinstance(present, list) else [], spans, cycle_days, base_date)
    return patched(
        record, number, MessageKind.CONFIGURATION, {"Mode": CircuitMode.SCHEDULE.value, **fields}, fitted
    )


def patched(
    record: Record, number: int, kind: MessageKind, fields: Mapping[str, Any], fitted: int = ON_THE_WIRE
) -> dict[str, Any]:
    """The record to send: `fields` by what follows `Swn`, for the circuit, or both legs of a merged pair alike."""
    numbers = _written(number, fitted, is_pair=is_merged(record))
    sent = {key: value for key, value in record.items() if key not in NEVER_WRITTEN}
    sent["opt"] = 1
    for n in range(1, ON_THE_WIRE + 1):
        if f"Sw{n}MsgType" in sent:
            sent[f"Sw{n}MsgType"] = MessageKind.NONE.value
    for n in numbers:
        sent |= {f"Sw{n}{name}": value for name, value in fields.items()}
        sent[f"Sw{n}MsgType"] = kind.value
    return sent


def newer_switched(record: Record, number: int, *, on: bool, fitted: int = ON_THE_WIRE) -> dict[str, Any]:
    """The same for the record of newer firmware (387)."""
    numbers = _written(number, fitted, is_pair=is_newer_merged(record))
    entries = [dict(entry) for entry in record.get("smartSwitch") or ()]
    if len(entries) < max(numbers):
        raise ValueError(f"the gateway tells of {len(entries)} circuits; there is no circuit {number}")
    for n in numbers:
        entries[n - 1]["openAction"] = (RemoteSwitch.ON if on else RemoteSwitch.OFF).value
    return {**record, "opt": 1, "smartSwitch": entries}


def _written(number: int, fitted: int, *, is_pair: bool) -> tuple[int, ...]:
    if isinstance(number, bool) or number not in range(1, fitted + 1):
        raise ValueError(f"there is no circuit {number}; the module has 1 to {fitted}")
    if is_pair and number == 2:
        raise ValueError(
            "circuits 1 and 2 are merged to one 240 V circuit: switch circuit 1, both legs follow. One leg alone is dangerous"
        )
    return PAIR if is_pair and number in PAIR else (number,)
