"""The data-quality gate: what is impossible goes no further. A bad field is `None`; the rest of the poll is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import msgspec

from ohmstead.model import ChargerReading, ChargerState, Detail, DeviceId, Quality, Reading, Sample
from ohmstead.polling.counters import Counter, step
from ohmstead.polling.ranges import FLAGS, RANGES, Range

CounterKey = tuple[DeviceId, str]
"""A device, and a field with its role, such as "solar.energy_wh"."""

Suspicion = Callable[[Reading | None, Reading], Mapping[str, str]]
"""A rate-of-change rule: from the last passed reading of a device and role and the next one to the fields that
changed impossibly, each with the reason."""


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A value that was kept aside."""

    device: DeviceId
    field: str
    """With its role: "solar.power_w"."""
    value: str
    """As text: it may be no number."""
    reason: str
    at: datetime


class Checked(msgspec.Struct, frozen=True):
    sample: Sample
    """Without the rejected values."""
    rejected: tuple[Rejected, ...] = ()


class Verdict(msgspec.Struct, frozen=True):
    """On one field: what to pass on instead, and why; no reason if nothing is wrong with the value."""

    field: str
    value: object
    reason: str = ""


class Gate:
    """One per source. Remembers its counters, so that totals never fall.

    `counters` is what an earlier gate remembered.
    """

    def __init__(
        self, counters: Mapping[CounterKey, Counter] | None = None, suspicions: tuple[Suspicion, ...] = ()
    ) -> None:
        self.counters: dict[CounterKey, Counter] = dict(counters or {})
        self._suspicions = suspicions
        self._last: dict[tuple[DeviceId, type[Reading]], Reading] = {}

    def check(self, sample: Sample) -> Checked:
        rejected: list[Rejected] = []
        readings = tuple(self._passed(reading, rejected) for reading in sample.readings)
        details = {device: tuple(map(_passed_detail, found)) for device, found in sample.details.items()}
        return Checked(msgspec.structs.replace(sample, readings=readings, details=details), tuple(rejected))

    def _passed(self, reading: Reading, rejected: list[Rejected]) -> Reading:
        changes: dict[str, object] = {}
        for verdict in self._verdicts(reading):
            changes[verdict.field] = verdict.value
            if verdict.reason:
                rejected.append(_rejected(reading, verdict))
        passed = msgspec.structs.replace(reading, **changes) if changes else reading
        self._last[reading.device, type(reading)] = passed
        return passed

    def _verdicts(self, reading: Reading) -> Iterator[Verdict]:
        yield from _type_verdicts(reading)
        for limits in RANGES[type(reading)]:
            value = getattr(reading, limits.field)
            if value is None:
                continue
            if reason := _impossible(value, limits):
                yield Verdict(limits.field, None, reason)
            elif limits.total:
                yield from self._counted(reading, limits.field, value)
        for suspicion in self._suspicions:
            last = self._last.get((reading.device, type(reading)))
            yield from (Verdict(field, None, reason) for field, reason in suspicion(last, reading).items())

    def _counted(self, reading: Reading, field: str, raw_wh: float) -> Iterator[Verdict]:
        key = (reading.device, named(reading, field))
        taken = step(self.counters.get(key), raw_wh, reading.at)
        self.counters[key] = taken.counter
        if taken.reason or taken.total_wh != raw_wh:
            yield Verdict(field, taken.total_wh, taken.reason)


def named(reading: Reading, field: str) -> str:
    """A field with its role, as signals are called everywhere: "solar.power_w"."""
    return f"{type(reading).__struct_config__.tag}.{field}"


def _impossible(value: object, limits: Range) -> str:
    """Why a value cannot be; empty if it can. NaN is in no range, and a huge integer is compared, not converted."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"expected a number, got {type(value).__name__}"
    if not limits.low <= value <= limits.high:
        return f"outside {limits.low:g} to {limits.high:g}"
    return ""


def _type_verdicts(reading: Reading) -> Iterator[Verdict]:
    for flag in FLAGS.get(type(reading), ()):
        value = getattr(reading, flag)
        if value is not None and not isinstance(value, bool):
            yield Verdict(flag, None, f"expected yes or no, got {type(value).__name__}")
    if isinstance(reading, ChargerReading) and not isinstance(reading.state, ChargerState):
        yield Verdict("state", ChargerState.UNKNOWN, "no charger state we know")


def _passed_detail(detail: Detail) -> Detail:
    """A detail has no range; a number that is none is still no value."""
    value = detail.value
    if isinstance(value, float) and not abs(value) < float("inf"):
        return msgspec.structs.replace(detail, value=None, quality=Quality.SUSPECT)
    return detail


def _rejected(reading: Reading, verdict: Verdict) -> Rejected:
    return Rejected(
        device=reading.device,
        field=named(reading, verdict.field),
        value=_shown(getattr(reading, verdict.field)),
        reason=verdict.reason,
        at=reading.at,
    )


def _shown(value: object) -> str:
    try:
        return repr(value)[:80]
    except ValueError:  # Python refuses to print integers of thousands of digits
        return "an integer of thousands of digits"
