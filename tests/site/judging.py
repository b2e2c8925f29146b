"""What a run is judged by: what is stored of each poll that was due, and what came through to the devices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from ohmstead.gateway import DeviceStatus, Gateway, Order
from ohmstead.gateway.commands import PATIENCE_S
from ohmstead.history import Point, Signal
from ohmstead.model import Envelope, Outcome, Receipt, Unsafe
from ohmstead.polling import RANGES, interval
from tests.site.bench import Bench, Line, Written

STORED_TO: Final = timedelta(milliseconds=2)
"""Instants are stored in whole milliseconds."""
LIMITING: Final = frozenset({"limits_solar", "limits_current", "allows_charging"})
"""Whose values can be found in a device; what forbids charging is a limit of 0."""
HALF_A_STEP: Final = 0.06
"""Of the limits of solar equipment and chargers, a tenth."""
SETTLED_S: Final = 60.0
"""Wire time. A poll that is under way may yet be stored, or become a gap."""
TOTALS: Final = {
    f"{role.__struct_config__.tag}.{limits.field}"
    for role, table in RANGES.items()
    for limits in table
    if limits.total
}
A_DAY: Final = timedelta(days=1)
FOUND_S: Final = 60.0
"""Wire time until a device that has moved is read at its new address."""
JUST_BEFORE: Final = timedelta(minutes=10)


async def lost(gateway: Gateway, start: datetime, end: datetime) -> list[str]:
    """Each due poll of each device that is neither stored nor in a gap.

    By the definition of the word, from the history alone. A device counts from its first sample on.
    """
    await gateway.history.flush()
    signals: dict[str, list[Signal]] = {}
    for signal in await gateway.history.signals():
        signals.setdefault(signal.device, []).append(signal)
    found: list[str] = []
    for status in gateway.devices():
        if own := signals.get(status.id):
            began = max(start, min(signal.first_at for signal in own))
            missing = await _missing(gateway, status, own, began, end)
            found += [f"{status.id}: the poll that was due at {at}" for at in missing]
    return found


async def _missing(
    gateway: Gateway, status: DeviceStatus, signals: Sequence[Signal], start: datetime, end: datetime
) -> list[datetime]:
    every = interval(status.contract, gateway.clock.speed)
    gaps = [
        *await gateway.history.gaps(start - A_DAY, end, status.source),
        *await gateway.history.gaps(start - A_DAY, end, status.id),
    ]
    # Slots are on a grid. A gap begins on it, and so does the next poll of a source without one.
    own = [gap for gap in gaps if gap.source == status.source]
    zero = own[-1].last_at if own else status.next_try_at or start
    in_gaps = {
        slot
        for gap in gaps
        if gap.reason
        for slot in range(_slot(gap.first_at, zero, every), _slot(gap.last_at, zero, every) + 1)
    }
    settled = end - timedelta(seconds=SETTLED_S * gateway.clock.speed)
    due = range(_slot(start, zero, every) + 1, _slot(settled, zero, every))
    instants: set[datetime] = set()
    missing = list(due)
    for signal in sorted(signals, key=lambda signal: -signal.samples):
        instants |= await _instants(gateway, signal, start, end)
        missing = unserved(due, in_gaps, [_slot(at, zero, every) for at in sorted(instants)])
        if not missing:
            break
    return [zero + slot * every for slot in missing]


def unserved(due: Iterable[int], in_gaps: Collection[int], answered: Sequence[int]) -> list[int]:
    """Slots without a sample: neither one that came in them, nor a second one that came in a later slot."""
    served: set[int] = set()
    late: list[int] = []
    for slot in answered:
        if slot in served or slot in in_gaps:
            late.append(slot)
        served.add(slot)
    waiting = [slot for slot in due if slot not in served and slot not in in_gaps]
    for slot in late:
        if waiting and waiting[0] < slot:
            waiting.pop(0)
    return waiting


def _slot(at: datetime, zero: datetime, every: timedelta) -> int:
    return (at + STORED_TO - zero) // every


async def _instants(gateway: Gateway, signal: Signal, start: datetime, end: datetime) -> set[datetime]:
    """Of its samples."""
    return {point.at async for point in _points(gateway, signal, start, end)}


async def _points(gateway: Gateway, signal: Signal, start: datetime, end: datetime) -> AsyncIterator[Point]:
    """A day at a time, as long answers are refused."""
    while start < end:
        until = min(start + A_DAY, end)
        series = await gateway.history.series(signal.device, signal.name, start, until, 0)
        for point in series.points:
            yield point
        start = until


async def falling(gateway: Gateway, start: datetime, end: datetime) -> list[str]:
    """Totals that fell."""
    found: list[str] = []
    for signal in await gateway.history.signals():
        if signal.name not in TOTALS:
            continue
        highest_wh = 0.0
        async for point in _points(gateway, signal, start, end):
            if point.mean < highest_wh:
                found.append(
                    f"{signal.device} {signal.name}: {highest_wh} fell to {point.mean} at {point.at}"
                )
            highest_wh = max(highest_wh, point.mean)
    return found


async def not_found(gateway: Gateway, name: str, line: Line) -> list[str]:
    """Moves of a device after which it was not read in time (F12). One that was away just before may be away still."""
    signals = [signal for signal in await gateway.history.signals() if signal.device.startswith(f"{name}/")]
    clock, now_s = gateway.clock, asyncio.get_running_loop().time()
    settled, found_by = (timedelta(seconds=s * clock.speed) for s in (1.0, FOUND_S))
    moves = [clock.now() - timedelta(seconds=(now_s - at_s) * clock.speed) for at_s in line.moved_at_s]
    return [
        f"{name}: has moved at {at}, and was not found"
        for at in moves
        if await _was_read(gateway, signals, at - JUST_BEFORE, at)
        and not await _was_read(gateway, signals, at + settled, at + found_by)
    ]


async def _was_read(gateway: Gateway, signals: Sequence[Signal], start: datetime, end: datetime) -> bool:
    for signal in signals:
        if (await gateway.history.series(signal.device, signal.name, start, end, 0)).points:
            return True
    return False


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """An order, and when it was under way on the loop's clock."""

    order: Order
    envelope: Envelope
    receipt: Receipt
    began_s: float
    ended_s: float

    @property
    def source(self) -> str:
        return self.order.device.partition("/")[0]

    @property
    def is_allowed(self) -> bool:
        try:
            self.envelope.check(self.order.value)
        except Unsafe:
            return False
        return True

    @property
    def latest_s(self) -> float:
        return self.began_s + PATIENCE_S + self.envelope.latency_s + self.envelope.settle_s


def unsafe(source: str, line: Line, given: Iterable[Given]) -> list[str]:
    """What came through to a device that nobody had asked for, was outside its limits, too late, or there twice."""
    orders = [one for one in given if one.source == source]
    found: list[str] = []
    for one in orders:
        came = [write for write in line.written if one.began_s <= write.at_s <= one.ended_s]
        found += [f"{one.order} {why}" for why in _unsafe(one, came)]
    for write in line.written:
        if not any(one.began_s <= write.at_s <= one.ended_s for one in orders):
            found.append(f"{source} was written to, and nobody had asked: {write.data!r}")
    return found


def in_force(site: Bench, given: Iterable[Given]) -> list[str]:
    """Limits that devices keep when the gateway is gone, other than those that somebody gave them for good."""
    asked: dict[str, set[float]] = {}
    for one in given:
        if one.is_allowed and one.order.ability in LIMITING:
            asked.setdefault(one.source, set()).add(one.envelope.check(one.order.value))
    return [
        f"{name} is left with {value}, and what was asked of it is {asked.get(name, set())}"
        for name, simulator in site.simulators.items()
        for value in _limits(dict(simulator.state()))
        if not any(abs(value - wish) < HALF_A_STEP for wish in asked.get(name, set()))
    ]


def _limits(state: Mapping[str, Any]) -> Iterator[float]:  # Any: JSON
    """Those below what the devices themselves can do."""
    for inverter in state.get("inverters", ()):
        if inverter["limit_pct"] != 100.0:
            yield inverter["limit_pct"]
        if inverter["temporary_w"] is not None:
            yield inverter["temporary_w"]
    for evse in state.get("evses", ()):
        most_a = evse["limits_a"]["hardware"]
        yield from (limit_a for limit_a in evse["limits_a"].values() if limit_a < most_a)


def _unsafe(one: Given, came: Sequence[Written]) -> Iterable[str]:
    if came and not one.is_allowed:
        yield "is outside the limits, and reached the device"
    if not one.is_allowed and one.receipt.outcome is not Outcome.REFUSED:
        yield f"is outside the limits, and became {one.receipt}"
    if any(write.at_s > one.latest_s for write in came):
        yield "reached the device after its deadline"
    if one.envelope.is_momentary and len(came) > 1:
        yield f"cannot be repeated, and reached the device {len(came)} times"
