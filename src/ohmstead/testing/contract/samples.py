"""What a reading promises: who it is from, when it was, and numbers that are numbers."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from ohmstead.model import DeviceId, Reading, Sample, Source
from ohmstead.testing.contract.bench import NAME, at_home, connected, read_once, simulated
from ohmstead.testing.contract.promise import Subject, expect

NEVER_FALLING = (
    "energy_wh",
    "imported_wh",
    "exported_wh",
    "charged_wh",
    "discharged_wh",
    "delivered_wh",
    "received_wh",
)
SHORTEST_SECRET = 6
"""Characters; a shorter serial would be found in harmless text by chance."""


async def devices_are_named_after_their_source(subject: Subject) -> None:
    async with at_home(subject) as (_, source):
        expect(source.devices(), "the source has no device")
        for device, info in source.devices().items():
            expect(device == info.id, f"{device} carries the id {info.id}")
            expect(device.startswith(f"{NAME}/"), f"{device} does not begin with the source's name, {NAME!r}")
            expect(info.family == subject.card.name, f"{device} says it is of the family {info.family!r}")
            expect(info.serial and info.model, f"{device} lacks a serial or a model: {info}")


async def a_sample_holds_readings_of_its_devices(subject: Subject) -> None:
    async with at_home(subject) as (home, source):
        sample = await read_once(source)
        expect(sample.readings, "the sample holds no reading")
        seen: set[tuple[DeviceId, type[Reading]]] = set()
        for reading in sample.readings:
            expect(
                reading.device in source.devices(),
                f"{reading.device} is read, but is no device of the source",
            )
            expect((reading.device, type(reading)) not in seen, f"{reading.device} is read twice in one role")
            seen.add((reading.device, type(reading)))
            _expect_instant(reading.at, home.clock.now())
        _expect_instant(sample.at, home.clock.now())
        unknown = set(sample.details) - set(source.devices())
        expect(not unknown, f"details of {unknown}, which are no devices of the source")


async def every_number_is_finite(subject: Subject) -> None:
    async with at_home(subject) as (_, source):
        for where, value in _numbers(await read_once(source)):
            expect(math.isfinite(value), f"{where} is {value}")


async def what_identifies_an_owner_is_marked_secret(subject: Subject) -> None:
    async with at_home(subject) as (_, source):
        sample = await read_once(source)
        serials = {info.serial for info in source.devices().values() if len(info.serial) >= SHORTEST_SECRET}
        for device, details in sample.details.items():
            for detail in details:
                if any(serial in str(detail.value) for serial in serials):
                    expect(detail.secret, f"{detail.key} of {device} shows a serial number and is not secret")
        for device, details in sample.details.items():
            keys = [detail.key for detail in details]
            expect(len(set(keys)) == len(keys), f"a detail of {device} stands twice: {keys}")


async def the_contract_can_be_kept(subject: Subject) -> None:
    async with at_home(subject) as (_, source):
        contract = source.contract
        expect(
            contract.interval_s >= contract.shortest_s > 0,
            f"the interval {contract.interval_s:g} s is below the shortest, {contract.shortest_s:g} s",
        )
        expect(contract.why, "the polling contract does not say why")


async def reading_on_and_on_never_goes_back(subject: Subject) -> None:
    async with at_home(subject) as (_, source):
        before = await read_once(source)
        for _ in range(3):
            await asyncio.sleep(source.contract.interval_s)
            now = await read_once(source)
            expect(now.at > before.at, f"a sample of {now.at} follows one of {before.at}")
            _expect_rising(_totals(before), _totals(now))
            before = now


async def leaving_ends_every_task(subject: Subject) -> None:
    async with simulated(subject) as home:
        before = asyncio.all_tasks()
        async with connected(subject, home.url, home.clock) as source:
            await read_once(source)
        await asyncio.sleep(5)  # the simulator may take a moment to see the connection end
        left = asyncio.all_tasks() - before
        expect(not left, f"tasks go on after the source was left: {left}")


async def two_connections_after_each_other_read_the_same_devices(subject: Subject) -> None:
    async with simulated(subject) as home:
        found = []
        for _ in range(2):
            async with connected(subject, home.url, home.clock) as source:
                found.append(set(await _devices(source)))
        expect(found[0] == found[1], f"a reconnect changed the devices from {found[0]} to {found[1]}")


async def _devices(source: Source) -> Mapping[DeviceId, object]:
    await read_once(source)
    return source.devices()


def _expect_instant(at: datetime, now: datetime) -> None:
    expect(at.utcoffset() == timedelta(), f"{at!r} is no aware UTC instant")
    expect(at <= now, f"{at} lies in the future of {now}")


def _expect_rising(before: Mapping[str, float], now: Mapping[str, float]) -> None:
    for name, total_wh in now.items():
        earlier_wh = before.get(name, 0.0)
        expect(total_wh >= earlier_wh, f"{name} fell from {earlier_wh} to {total_wh} Wh")


def _totals(sample: Sample) -> dict[str, float]:
    return {
        f"{reading.device} {type(reading).__name__}.{field}": total_wh
        for reading in sample.readings
        for field in NEVER_FALLING
        if (total_wh := getattr(reading, field, None)) is not None
    }


def _numbers(sample: Sample) -> Iterator[tuple[str, float]]:
    for reading in sample.readings:
        for field, value in msgspec.structs.asdict(reading).items():
            if isinstance(value, int | float):
                yield f"{reading.device} {field}", value
    for device, details in sample.details.items():
        for detail in details:
            if isinstance(detail.value, int | float):
                yield f"{device} {detail.key}", detail.value
