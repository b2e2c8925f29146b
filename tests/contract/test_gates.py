"""Gates R1 and R2 for every family: what a line does to the bytes between the device and us.

R1: a fault that ends within an interval loses no sample and makes no wrong value. R2: whatever arrives, nothing but our
own errors comes out, and no impossible value passes as good.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead.kit.link import Link, TaskScope, listen, tcp
from ohmstead.kit.registry import families
from ohmstead.model import Family, OhmsteadError, Quality, Sample, Source
from ohmstead.polling import RANGES, Checked, Gate, Health, Missed, Poller
from ohmstead.testing import elapse, run, warped
from ohmstead.testing.contract.bench import Home, connected, simulated, with_port
from ohmstead.testing.contract.promise import Subject

POLLS: Final = 10
DEADLINE_S: Final = 50.0
"""A poller gives an answer up after so long, and tries again."""
GRACE_W: Final = 100.0
"""What a home may change its mind by within the minutes of a test."""

Meddle = Callable[[Link, bytes], Awaitable[None]]
"""How one message of the device's travels on to us."""

FAMILIES = [pytest.param(card, id=card.name) for card in families().values()]


async def untouched(link: Link, data: bytes) -> None:
    await link.send(data)


async def byte_by_byte(link: Link, data: bytes) -> None:
    for at in range(len(data)):
        await link.send(data[at : at + 1])
        await asyncio.sleep(0.0001)


async def in_two(link: Link, data: bytes) -> None:
    await link.send(data[: len(data) // 2])
    await asyncio.sleep(0.3)
    await link.send(data[len(data) // 2 :])


async def slow(link: Link, data: bytes) -> None:
    await asyncio.sleep(0.5)
    await link.send(data)


async def cut_before(link: Link, data: bytes) -> None:
    await link.close()


async def cut_within(link: Link, data: bytes) -> None:
    await link.send(data[: len(data) // 2])
    await link.close()


async def cut_after(link: Link, data: bytes) -> None:
    await link.send(data)
    await link.close()


async def swallow(link: Link, data: bytes) -> None:
    """Nothing arrives."""


PASSING: Final[tuple[Meddle, ...]] = (byte_by_byte, in_two, slow, cut_before, cut_within, cut_after)


class Line:
    """Between the device and us. The next message of the device's goes through `meddle`."""

    def __init__(self, port: int) -> None:
        self.meddle: Meddle = untouched
        self.met = 0
        """How often it did."""
        self._port = port

    async def serve(self, near: Link) -> None:
        with suppress(OhmsteadError):
            async with tcp("127.0.0.1", self._port)() as far, TaskScope() as scope:
                scope.start(self._back(far, near))
                while data := await near.receive():
                    await far.send(data)

    async def _back(self, far: Link, near: Link) -> None:
        with suppress(OhmsteadError):
            while data := await far.receive():
                meddle, self.meddle = self.meddle, untouched
                self.met += meddle is not untouched
                await meddle(near, data)
        await near.close()


@asynccontextmanager
async def led_through_a_line(card: Family) -> AsyncIterator[tuple[Home, Line, str]]:
    """A simulated device, the line to it, and the URL that leads through the line; in the open where the family can."""
    open_text = {extra.name: "true" for extra in card.extras if extra.name == "plain"}
    async with simulated(Subject(card, card.models[0]), extras=open_text) as home:
        line = Line(next(iter(home.simulator.endpoints.values())))
        async with listen(line.serve, "127.0.0.1", 0) as listener:
            yield home, line, with_port(home.url, listener.port)


class Notebook:
    """An outlet that remembers."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.gaps: list[tuple[Missed, str]] = []

    def opened(self, source: str, session: Source) -> None:
        """Of no interest here."""

    def sample(self, source: str, checked: Checked, due: datetime) -> None:
        self.samples.append(checked.sample)

    def gap(self, source: str, missed: Missed, reason: str) -> None:
        self.gaps.append((missed, reason))

    def health(self, source: str, health: Health) -> None:
        """Of no interest here."""


def numbers(sample: Sample) -> dict[tuple[str, str], float]:
    """Every number of the sample's readings that are good."""
    return {
        (f"{reading.device} {type(reading).__name__}", name): value
        for reading in sample.readings
        if reading.quality is Quality.GOOD
        for name, value in msgspec.structs.asdict(reading).items()
        if isinstance(value, float)
    }


def out_of_line(before: Sample, sample: Sample, after: Sample) -> list[str]:
    """The numbers that are not between what was said before and what was said after, give or take."""
    first, last = numbers(before), numbers(after)
    return [
        f"{key}: {value} is not between {first[key]} and {last[key]}"
        for key, value in numbers(sample).items()
        if key in first and key in last
        for grace in (GRACE_W if key[1] == "power_w" else max(abs(first[key]), 10.0) / 10,)
        if not min(first[key], last[key]) - grace <= value <= max(first[key], last[key]) + grace
    ]


async def troubled(card: Family, fault: Meddle) -> Notebook:
    """Of `POLLS` intervals in each of which one message meets the fault, and two before that in which none does."""
    async with led_through_a_line(card) as (home, line, url):
        notebook = Notebook()
        subject = Subject(card, card.models[0])
        poller = Poller("here", lambda: connected(subject, url, home.clock), notebook, home.clock)
        async with TaskScope() as scope:
            scope.start(poller.run())
            await elapse(5)
            every_s = poller.interval.total_seconds()
            await elapse(2 * every_s)
            del notebook.samples[:-1]
            for _ in range(POLLS):
                line.meddle = fault
                await elapse(every_s)
        assert line.met >= POLLS / 2
    return notebook


@pytest.mark.long
@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("card", FAMILIES)
@warped
async def test_r1_a_fault_that_ends_within_an_interval_loses_no_sample(card: Family, fault: Meddle) -> None:
    notebook = await troubled(card, fault)
    assert notebook.gaps == []
    first, *middle, last = notebook.samples
    assert len(middle) + 1 >= POLLS - 1
    assert [wrong for sample in middle for wrong in out_of_line(first, sample, last)] == []


@pytest.mark.parametrize("card", FAMILIES)
@warped
async def test_r1_what_silence_takes_is_asked_again_or_told_as_a_gap(card: Family) -> None:
    notebook = await troubled(card, swallow)
    first, *middle, last = notebook.samples
    # The last poll may be under way for as long as an interval, in which the next one is due.
    assert len(middle) + 1 + sum(missed.polls for missed, _ in notebook.gaps) >= POLLS - 2
    assert all(reason for _, reason in notebook.gaps)
    assert [wrong for sample in middle for wrong in out_of_line(first, sample, last)] == []


class Twist(msgspec.Struct, frozen=True):
    """What becomes of one message: a stretch of it replaced, from `at` (a share of its length) on."""

    at: float
    taken_bytes: int
    put: bytes

    def __call__(self, data: bytes) -> bytes:
        start = int(self.at * len(data))
        return data[:start] + self.put + data[start + self.taken_bytes :]


DIGITS: Final = st.sampled_from(
    [b"9" * 40, b"-1", b"NaN", b"Infinity", b"null", b"[", b'"', b"1e999", b"<html>"]
)
TWISTS: Final = st.builds(
    Twist,
    at=st.floats(0, 1),
    taken_bytes=st.one_of(st.integers(0, 8), st.just(2000)),
    put=st.one_of(st.binary(max_size=64), DIGITS),
)


@asynccontextmanager
async def twisted(line: Line, twists: list[Twist | None]) -> AsyncIterator[None]:
    """Each of the device's messages in turn goes through its twist, for as long as there are some."""
    left = iter(twists)

    async def twist(link: Link, data: bytes) -> None:
        line.meddle = twist
        turned = next(left, None)
        await link.send(turned(data) if turned else data)

    line.meddle = twist
    yield


def impossible(sample: Sample) -> list[str]:
    """The good values of the sample that no home has."""
    limits = {(kind.__name__, limit.field): limit for kind, ranges in RANGES.items() for limit in ranges}
    return [
        f"{key}: {value}"
        for key, value in numbers(sample).items()
        for limit in (limits.get((key[0].split()[-1], key[1])),)
        if not math.isfinite(value) or (limit and not limit.low <= value <= limit.high)
    ]


@pytest.mark.long
@pytest.mark.parametrize("card", FAMILIES)
@settings(max_examples=25)
@given(twists=st.lists(st.one_of(st.none(), TWISTS), min_size=1, max_size=20))
def test_r2_whatever_arrives_makes_our_own_errors_or_possible_values(
    card: Family, twists: list[Twist | None]
) -> None:
    async def read() -> None:
        async with led_through_a_line(card) as (home, line, url), twisted(line, twists):
            gate, subject = Gate(), Subject(card, card.models[0])
            with suppress(OhmsteadError, TimeoutError):
                async with asyncio.timeout(DEADLINE_S), connected(subject, url, home.clock) as source:
                    for _ in range(3):
                        assert impossible(gate.check(await source.read()).sample) == []

    run(read())
