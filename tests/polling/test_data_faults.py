"""F19 and what else meters say that is not so: ten thousand lies in weeks of polls, and what reaches the totals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import msgspec
import pytest

from ohmstead.model import DeviceId, Sample, SolarReading
from ohmstead.polling import Checked, Gate

START: Final = datetime(2025, 6, 1, tzinfo=UTC)
HEALED: Final = 12
"""Polls after the last lie by which the total is right again."""
FAULTS: Final = 10_000
HOME: Final = DeviceId("home/1")


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    every_s: float
    step_wh: float
    peak_w: float

    @property
    def one_poll_wh(self) -> float:
        """The most that flows from one poll to the next."""
        return self.peak_w * self.every_s / 3600


METERS: Final = (
    Meter(every_s=5, step_wh=1, peak_w=11_000),
    Meter(every_s=15, step_wh=100, peak_w=6_000),
    Meter(every_s=30, step_wh=10, peak_w=9_000),
    Meter(every_s=35, step_wh=1, peak_w=1_600),
)


class Truth:
    """A power that wanders between nothing and its peak, and the energy that flows with it."""

    def __init__(self, meter: Meter, random: Random) -> None:
        self.meter = meter
        self.power_w = 0.0
        self.energy_wh = 4_321_234.5
        self._random = random

    def go_on(self) -> None:
        before_w = self.power_w
        if self._random.random() < 0.02:  # something is switched
            self.power_w = self._random.choice([0.0, self._random.uniform(0, self.meter.peak_w)])
        else:
            self.power_w = min(max(self.power_w * self._random.uniform(0.9, 1.1), 0.0), self.meter.peak_w)
        self.energy_wh += (before_w + self.power_w) / 2 * self.meter.every_s / 3600


class Device:
    """What the meter shows: its own count, off the truth by what was lost on it."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.offset_wh = 0.0
        self.span_wh = math.inf

    @property
    def counter_wh(self) -> float:
        step_wh = self.truth.meter.step_wh
        return (self.truth.energy_wh + self.offset_wh) % self.span_wh // step_wh * step_wh

    def says(self) -> dict[str, Any]:
        return {"power_w": self.truth.power_w, "energy_wh": self.counter_wh}


Lie = Callable[[Device, Random], Iterator[dict[str, Any]]]
"""What is said instead of the truth, poll by poll."""


def flipped_counter_bit(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    step_wh = device.truth.meter.step_wh
    yield {"energy_wh": (int(device.counter_wh / step_wh) ^ 1 << random.randrange(1, 32)) * step_wh}


def flipped_power_bit(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    yield {"power_w": float(int(device.truth.power_w) ^ 1 << random.randrange(16))}


def counter_of_zero(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    yield from random.choice([1, 2, 3]) * [{"energy_wh": 0.0}]


def bank_of_zeros(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    yield from random.choice([1, 2, 3]) * [{"power_w": 0.0, "energy_wh": 0.0}]


def long_bank_of_zeros(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    yield from random.randint(8, 40) * [{"power_w": 0.0, "energy_wh": 0.0}]


def registers_of_something_else(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    yield {"power_w": random.uniform(-1_000, 60_000), "energy_wh": float(random.randrange(10**10))}


def registers_of_ones(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    yield {"energy_wh": random.choice([0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF]) * device.truth.meter.step_wh}


def wrong_type(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    wrong = ["", "5000", True, [1.0], {}, math.nan, math.inf, -math.inf, 10**40, -1.0]
    yield {"energy_wh": random.choice(wrong), "power_w": random.choice([*wrong[:-1], -1e9])}


def jump_there_and_back(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    leap_wh = 10 ** random.uniform(3, 9)
    for _ in range(random.choice([1, 2])):
        yield {"energy_wh": device.counter_wh + leap_wh}


def frozen(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    yield from random.randint(2, 20) * [device.says()]


def backwards(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    for back in range(1, random.randint(3, 8)):
        yield {
            "energy_wh": max(device.counter_wh - back * random.randint(1, 9) * device.truth.meter.step_wh, 0)
        }


TRANSIENT: Final[tuple[Lie, ...]] = (
    flipped_counter_bit,
    flipped_power_bit,
    counter_of_zero,
    bank_of_zeros,
    long_bank_of_zeros,
    registers_of_something_else,
    registers_of_ones,
    wrong_type,
    jump_there_and_back,
    frozen,
    backwards,
)


def reset(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    device.offset_wh = -device.truth.energy_wh
    yield {}


def restored_from_yesterday(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    device.offset_wh -= min(random.uniform(5_000, 50_000), device.counter_wh)
    yield {}


def jump_for_good(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    device.offset_wh += 10 ** random.uniform(3.7, 6)
    yield {}


def rollover(device: Device, random: Random) -> Iterator[dict[str, Any]]:
    """Of the 32 bits that a tenth of a watt-hour is counted in."""
    device.span_wh = 0.1 * 2**32
    device.offset_wh = device.span_wh - device.truth.energy_wh - 1_000
    while device.counter_wh > 1e6:
        yield {}
    yield {}


LASTING: Final[tuple[Lie, ...]] = (reset, restored_from_yesterday, jump_for_good, rollover)


class Proof:
    """One meter under one gate, with a lie now and then."""

    def __init__(self, meter: Meter, seed: int) -> None:
        self.random = Random(seed)
        self.truth = Truth(meter, self.random)
        self.device = Device(self.truth)
        self.gate = Gate()
        self.at = START
        self.total_wh = 0.0
        self.good = self.doubted = 0
        for _ in range(50):
            self.poll()
        self.good = self.doubted = 0

    def poll(self, lie: dict[str, Any] | None = None) -> Checked:
        self.truth.go_on()
        self.at += timedelta(seconds=self.truth.meter.every_s)
        reading = SolarReading(device=HOME, at=self.at, **self.device.says() | (lie or {}))
        checked = self.gate.check(Sample(at=self.at, readings=(reading,)))
        total_wh = checked.sample.readings[0].energy_wh
        if total_wh is not None:
            assert total_wh >= self.total_wh
            self.total_wh = total_wh
        return checked

    def polls(self, count: int) -> None:
        for _ in range(count):
            self.doubted += bool(self.poll().rejected)
            self.good += 1

    @property
    def error_wh(self) -> float:
        return self.total_wh - self.truth.energy_wh

    def tell(self, lie: Lie) -> float:
        """The error that one fault leaves behind when it is over."""
        before_wh = self.error_wh
        for said in lie(self.device, self.random):
            self.poll(said)
        for _ in range(HEALED):
            self.poll()
        return self.error_wh - before_wh


@pytest.mark.long
@pytest.mark.parametrize("lie", TRANSIENT, ids=lambda lie: lie.__name__)
@pytest.mark.parametrize("meter", METERS, ids=lambda meter: f"{meter.every_s:g} s")
def test_f19_no_passing_lie_leaves_a_trace_in_the_total(meter: Meter, lie: Lie) -> None:
    proof = Proof(meter, seed=7)
    before_wh = proof.error_wh
    for _ in range(FAULTS // len(TRANSIENT) // len(METERS) + 1):
        assert abs(proof.tell(lie)) <= meter.step_wh + meter.one_poll_wh
        proof.polls(8)
    proof.polls(500)  # until the counter has caught up with what it said too early
    assert abs(proof.error_wh - before_wh) <= meter.step_wh + 1e-6


@pytest.mark.long
@pytest.mark.parametrize("lie", LASTING, ids=lambda lie: lie.__name__)
@pytest.mark.parametrize("meter", METERS, ids=lambda meter: f"{meter.every_s:g} s")
def test_f19_a_counter_that_begins_elsewhere_costs_one_poll(meter: Meter, lie: Lie) -> None:
    proof = Proof(meter, seed=8)
    for _ in range(50):
        left_wh = proof.tell(lie)
        assert abs(left_wh) <= 2 * (meter.step_wh + meter.one_poll_wh)
        proof.polls(200)


def test_of_a_million_good_samples_hardly_any_is_doubted(soak: float) -> None:
    good = doubted = 0
    for seed, meter in enumerate(METERS):
        proof = Proof(meter, seed)
        proof.polls(int(250_000 * soak))
        good, doubted = good + proof.good, doubted + proof.doubted
    assert doubted <= good / 10_000
