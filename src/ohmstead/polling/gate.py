"""The data-quality gate: what is impossible goes no further. A bad field is `None`; the rest of the poll is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import msgspec

from ohmstead.model import ChargerReading, ChargerState, Detail, DeviceId, Quality, Reading, Sample, unit_of
from ohmstead.polling.counters import Counter, step
from ohmstead.polling.leaps import LEAPS, Peak, Seen, leap, surge
from ohmstead.polling.ranges import FLAGS, RANGES, Range
from ohmstead.polling.standstill import BLANK_POLLS, Standing, is_blank, is_stuck, next_standing

CounterKey = tuple[DeviceId, str]
"""A device, and a field with its role, such as "solar.energy_wh"."""

HEAD: Final = frozenset({"device", "at", "quality"})
"""What every reading has: whose it is, when, and how good."""
WIPED: Final = "every value is zero at once, as of a register bank that was not filled"


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
    shifted: bool = False
    """Whether a total goes on from another count than before: where it stands is to be kept at once."""

    @property
    def emptied(self) -> dict[DeviceId, str]:
        """Devices of which nothing is left, and why."""
        reasons = {value.device: value.reason for value in self.rejected}
        left = {reading.device for reading in self.sample.readings if reasons and _says_something(reading)}
        return {device: reason for device, reason in reasons.items() if device not in left}


class Verdict(msgspec.Struct, frozen=True):
    """On one field: what to pass on instead, and why; no reason if nothing is wrong with the value."""

    field: str
    value: object
    reason: str = ""


class Gate:
    """One per source. Remembers its counters, so that totals never fall.

    `counters` is what an earlier gate remembered.
    """

    def __init__(self, counters: Mapping[CounterKey, Counter] | None = None) -> None:
        self.counters: dict[CounterKey, Counter] = dict(counters or {})
        self._seen: dict[CounterKey, Seen] = {}
        self._peaks: dict[CounterKey, Peak] = {}
        self._standings: dict[tuple[DeviceId, type[Reading]], Standing] = {}
        self._shifts = 0

    def check(self, sample: Sample) -> Checked:
        rejected: list[Rejected] = []
        shifts_before = self._shifts
        readings = tuple(self._passed(reading, rejected) for reading in sample.readings)
        details = {device: tuple(map(_passed_detail, found)) for device, found in sample.details.items()}
        return Checked(
            msgspec.structs.replace(sample, readings=readings, details=details),
            tuple(rejected),
            shifted=self._shifts > shifts_before,
        )

    def _passed(self, reading: Reading, rejected: list[Rejected]) -> Reading:
        changes: dict[str, object] = {}
        for verdict in self._verdicts(reading):
            changes[verdict.field] = verdict.value
            if verdict.reason:
                rejected.append(_rejected(reading, verdict))
        return msgspec.structs.replace(reading, **changes) if changes else reading

    def _verdicts(self, reading: Reading) -> Iterator[Verdict]:
        yield from _type_verdicts(reading)
        possible: dict[str, float] = {}
        for limits in RANGES[type(reading)]:
            value = getattr(reading, limits.field)
            if value is None:
                continue
            if reason := _impossible(value, limits):
                yield Verdict(limits.field, None, reason)
            else:
                possible[limits.field] = value
        standing = self._stand(reading, possible)
        if self._is_wiped(reading, standing):
            yield from (Verdict(field, None, WIPED) for field in possible)
        else:
            yield from self._doubts(reading, possible, standing)

    def _stand(self, reading: Reading, possible: Mapping[str, float]) -> Standing:
        key = (reading.device, type(reading))
        standing = self._standings[key] = next_standing(self._standings.get(key), possible, reading.at)
        return standing

    def _is_wiped(self, reading: Reading, standing: Standing) -> bool:
        """Zeros only, where a counter had counted: a register bank that was not filled."""
        if not is_blank(standing.values) or standing.blanks > BLANK_POLLS:
            return False
        return any(counter.raw_wh > 0 for _, counter in self._counters_of(reading))

    def _doubts(
        self, reading: Reading, possible: Mapping[str, float], standing: Standing
    ) -> Iterator[Verdict]:
        power_w = possible.get("power_w")
        if power_w is not None and (reason := self._power_doubt(reading, power_w, standing)):
            yield Verdict("power_w", None, reason)
            power_w = None
        for field in possible.keys() & LEAPS.keys():
            key = (reading.device, named(reading, field))
            self._seen[key], reason = leap(self._seen.get(key), field, possible[field], reading.at)
            if reason:
                yield Verdict(field, None, reason)
        for limits in RANGES[type(reading)]:
            if limits.total and limits.field in possible:
                yield from self._counted(reading, limits.field, possible[limits.field], power_w)

    def _power_doubt(self, reading: Reading, power_w: float, standing: Standing) -> str:
        key = (reading.device, named(reading, "power_w"))
        self._peaks[key], reason = surge(self._peaks.get(key, Peak()), power_w)
        paces = [counter.pace for _, counter in self._counters_of(reading) if counter.pace is not None]
        if paces and is_stuck(standing, power_w, max(pace.step_wh for pace in paces)):
            return f"stuck at {power_w:g} W since {standing.since:%H:%M} UTC: no counter beside it has moved"
        return reason

    def _counters_of(self, reading: Reading) -> Iterator[tuple[CounterKey, Counter]]:
        for limits in RANGES[type(reading)]:
            key = (reading.device, named(reading, limits.field))
            if limits.total and (counter := self.counters.get(key)) is not None:
                yield key, counter

    def _counted(
        self, reading: Reading, field: str, raw_wh: float, power_w: float | None
    ) -> Iterator[Verdict]:
        key = (reading.device, named(reading, field))
        known = self.counters.get(key)
        taken = step(known, raw_wh, reading.at, power_w)
        self.counters[key] = taken.counter
        self._shifts += known is not None and known.offset_wh != taken.counter.offset_wh
        if taken.reason or taken.total_wh != raw_wh:
            yield Verdict(field, taken.total_wh, taken.reason)


def _says_something(reading: Reading) -> bool:
    said = (getattr(reading, name) for name in reading.__struct_fields__ if name not in HEAD)
    return any(value is not None for value in said)


def named(reading: Reading, field: str) -> str:
    """A field with its role, as signals are called everywhere: "solar.power_w"."""
    return f"{type(reading).__struct_config__.tag}.{field}"


def _impossible(value: object, limits: Range) -> str:
    """Why a value cannot be; empty if it can. NaN is in no range, and a huge integer is compared, not converted."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "no number"
    if not limits.low <= value <= limits.high:
        return f"outside {limits.low:,.0f} to {limits.high:,.0f} {unit_of(limits.field)}".rstrip()
    return ""


def _type_verdicts(reading: Reading) -> Iterator[Verdict]:
    for flag in FLAGS.get(type(reading), ()):
        value = getattr(reading, flag)
        if value is not None and not isinstance(value, bool):
            yield Verdict(flag, None, "neither yes nor no")
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
