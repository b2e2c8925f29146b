"""What an ability promises: it says what it takes, takes nothing else, and reads back what became of it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from ohmstead.model import ABILITIES, BudgetSpent, DeviceId, Envelope, Outcome, Receipt, Source, Unsafe
from ohmstead.testing.contract.bench import Traffic, at_home
from ohmstead.testing.contract.promise import Broken, Subject, expect, within

COMMAND_S = 120.0
"""Sending, waiting for the device, and reading back."""

LONGEST_HOLD = timedelta(hours=1)
"""Of a budget that does not say when it lets the next command pass."""


class Actuator(NamedTuple):
    device: DeviceId
    name: str
    envelope: Envelope
    act: Callable[
        [Any], Awaitable[Receipt]
    ]  # Any: each ability takes its own value, and here also wrong ones


def actuators(source: Source) -> list[Actuator]:
    found = []
    for device in source.devices():
        for token in ABILITIES.values():
            ability = source.ability(device, token)
            if ability is not None:
                found.append(Actuator(device, token.name, ability.envelope, getattr(ability, token.verb)))
    return found


async def envelopes_are_sane(subject: Subject) -> None:
    async with at_home(subject) as (_, source):
        for device, name, envelope, _ in actuators(source):
            which = f"{device} {name}"
            expect(envelope.unit and envelope.allowed, f"{which} does not say its unit or what is allowed")
            edges = [edge for interval in envelope.allowed for edge in (interval.low, interval.high)]
            expect(all(map(math.isfinite, edges)), f"{which} allows without bound: {envelope.allowed}")
            expect(edges == sorted(edges), f"the intervals of {which} are out of order: {envelope.allowed}")
            expect(envelope.step > 0, f"{which} has steps of {envelope.step}")
            spans = (envelope.latency_s, envelope.settle_s, envelope.minimum_on_s, envelope.minimum_off_s)
            expect(min(spans) >= 0, f"{which} states a negative time: {spans}")


async def what_is_outside_is_unsafe_and_nothing_is_sent(subject: Subject) -> None:
    traffic = Traffic()
    async with at_home(subject, traffic) as (_, source):
        for device, name, envelope, act in actuators(source):
            low, high = envelope.allowed[0].low, envelope.allowed[-1].high
            for value in (low - 1, high + 1, 1e40, math.nan, math.inf, -math.inf, True, "1", None):
                sent_bytes = traffic.sent_bytes()
                async with _unsafe(f"{device} {name} {value!r}"):
                    await act(value)
                expect(traffic.sent_bytes() == sent_bytes, f"{device} {name} {value!r} was sent")


async def a_command_is_confirmed_by_reading_back(subject: Subject) -> None:
    async with at_home(subject) as (_, source):
        for actuator in actuators(source):
            device, name, envelope, _ = actuator
            for asked in (_middle(envelope), envelope.check(envelope.allowed[-1].high)):
                receipt = await _commanded(actuator, asked)
                expect(
                    (receipt.device, receipt.ability) == (device, name),
                    f"a receipt for {name} of {device} is for {receipt.ability} of {receipt.device}",
                )
                _expect_done(receipt, asked, is_momentary=envelope.is_momentary)
                await asyncio.sleep(envelope.latency_s + envelope.settle_s)


def _expect_done(receipt: Receipt, asked: float, *, is_momentary: bool) -> None:
    """Read back and equal, or acknowledged where there is nothing to read back."""
    what = f"{receipt.ability} {asked:g} of {receipt.device}: {receipt}"
    expect(receipt.outcome is (Outcome.ACKNOWLEDGED if is_momentary else Outcome.CONFIRMED), what)
    expect(receipt.asked == asked, what)
    expect(is_momentary or receipt.read_back == asked, what)


async def _commanded(actuator: Actuator, asked: float) -> Receipt:
    """A budget may hold the command back, for as long as it says or an hour, and lets it pass then."""
    what = f"{actuator.name} of {actuator.device}"
    for _ in range(2):
        try:
            async with within(COMMAND_S, what):
                return await actuator.act(asked)
        except BudgetSpent as held:
            await asyncio.sleep((held.after or LONGEST_HOLD).total_seconds())
    raise Broken(f"{what} is still held back after the time its budget said")


@asynccontextmanager
async def _unsafe(what: str) -> AsyncIterator[None]:
    try:
        yield
    except Unsafe:
        return
    expect(kept=False, otherwise=f"{what} is outside the envelope and was accepted")


def _middle(envelope: Envelope) -> float:
    widest = max(envelope.allowed, key=lambda interval: interval.high - interval.low)
    return envelope.check((widest.low + widest.high) / 2)
