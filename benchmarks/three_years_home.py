"""Three years of a home of twelve devices, polled every ten seconds, written hour by hour as they would lie sealed.

Going through the front door would take hours. Powers repeat some hundred made-up hours, which are packed once; counters
rise through all three years, so that of their packed hours only what stays the same is kept.
"""

from __future__ import annotations

import math
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import sub
from pathlib import Path

import msgspec

from ohmstead.accounting import Amounts, Books, Rates, Sink, Source
from ohmstead.gateway.disk import open_disk
from ohmstead.gateway.opening import HISTORY, LEDGER
from ohmstead.gateway.quarters import Stretch, write_quarters
from ohmstead.history.blocks import Block, pack_block, pack_ticks
from ohmstead.history.codec import pack_differences, pack_integers, pack_varint, protect
from ohmstead.history.file import open_file
from ohmstead.history.names import Names
from ohmstead.history.rollups import summarise
from ohmstead.history.sealed import SealedHour, SealedSignal, put_hour
from ohmstead.history.times import HOUR_MS, MINUTE_MS, to_ms
from ohmstead.history.transactions import transaction

YEARS = 3
INTERVAL_MS = 10_000
POLLS = HOUR_MS // INTERVAL_MS
WEATHERS = 3
OFFSETS = tuple(range(0, HOUR_MS, INTERVAL_MS))
PLACES = range(POLLS)
GOOD = bytes(POLLS)
AN_HOUR = timedelta(hours=1)

SOLAR = ("solar.power_w", "solar.energy_wh")
HYBRID = (
    "grid.power_w",
    "grid.imported_wh",
    "grid.exported_wh",
    "grid.voltage_v",
    "grid.frequency_hz",
    "battery.power_w",
    "battery.discharged_wh",
    "battery.charged_wh",
    "battery.soc_pct",
    "battery.temperature_c",
)
DEVICES = (
    *((f"roof/{panel}", SOLAR) for panel in range(1, 7)),
    *((f"cellar/{unit}", HYBRID) for unit in (1, 2)),
    *((f"garage/{post}", ("charger.power_w", "charger.energy_wh")) for post in (1, 2)),
    *((f"meter/{circuit}", ("load.power_w", "load.energy_wh")) for circuit in (1, 2)),
)
SIGNALS = sum(len(signals) for _, signals in DEVICES)


class Hour(msgspec.Struct, frozen=True):
    """One made-up hour of one signal, packed."""

    values: tuple[float, ...]
    block: bytes
    minutes: bytes
    hour: tuple[int, int, float, float, float]


class Rise(msgspec.Struct, frozen=True):
    """What a counter adds in such an hour, packed but for where it begins."""

    gained: int
    steps: bytes
    lows: bytes
    above: bytes
    hour: tuple[int, float]
    """Samples, and their total above the beginning."""


async def make(folder: Path, start: datetime, end: datetime) -> int:
    """Both files of a gateway. Says how many samples."""
    moments, counters = pack_ticks(OFFSETS), dict[tuple[str, str], int]()
    connection, names, _ = open_file(folder / HISTORY, start)
    hours = round((end - start) / AN_HOUR)
    with closing(connection):
        for day in range(0, hours, 24):
            with transaction(connection):
                for at in (start + n * AN_HOUR for n in range(day, min(hours, day + 24))):
                    write_hour(connection, names, at, moments, counters)
    await write_books(folder / LEDGER, start, end)
    return hours * POLLS * SIGNALS


def write_hour(
    connection: sqlite3.Connection,
    names: Names,
    at: datetime,
    moments: bytes,
    counters: dict[tuple[str, str], int],
) -> None:
    first_ms = to_ms(at)
    reach = {"samples": POLLS, "first_ms": first_ms, "last_ms": first_ms + OFFSETS[-1]}
    for device, signals in DEVICES:
        sealed = []
        for name in signals:
            role, _, field = name.partition(".")
            if field.endswith("_wh"):
                begins = counters.get((device, name), 1_000_000)
                packed, counters[device, name] = risen(name, at, begins)
            else:
                packed = made(name, at.month, weather(at), at.hour)
            sealed.append(
                SealedSignal(
                    role=role,
                    field=field,
                    block=packed.block,
                    minutes=packed.minutes,
                    hour=packed.hour,
                    **reach,
                )
            )
        put_hour(
            connection,
            names,
            SealedHour(device=device, hour=first_ms // HOUR_MS, moments=moments, signals=tuple(sealed)),
        )


def weather(at: datetime) -> int:
    return at.toordinal() * 7919 % WEATHERS


@cache
def made(name: str, month: int, sky: int, hour: int) -> Hour:
    values = tuple(numbers(name, month, sky, hour))
    minutes, whole = summarise(OFFSETS, values)
    return Hour(values, pack_block(Block(PLACES, values, GOOD), POLLS), minutes, whole)


def numbers(name: str, month: int, sky: int, hour: int) -> Iterator[float]:
    """As noisy and as rounded as devices say them."""
    chance = random.Random(f"{name} {month} {sky} {hour}")
    sun = max(0.0, math.sin((hour - 5) / 14 * math.pi)) * (1, 0.6, 0.25)[sky] * (1 - abs(month - 6.5) / 8)
    level, spread, digits = {
        "solar.power_w": (700 * sun, 6 * sun, 1),
        "grid.power_w": (400 - 3000 * sun, 60, 0),
        "grid.voltage_v": (231, 0.4, 1),
        "grid.frequency_hz": (50, 0.01, 2),
        "battery.power_w": (500 - 2500 * sun, 40, 0),
        "battery.soc_pct": (50 + 40 * sun, 0.2, 0),
        "battery.temperature_c": (20 + 5 * sun, 0.05, 1),
        "charger.power_w": (7000.0 if sky == 0 and hour in (1, 2, 20) else 0.0, 0.0, 0),
        "load.power_w": (300 + 200 * (6 < hour < 23), 30, 0),
    }[name]
    for _ in OFFSETS:
        yield round(level + chance.gauss(0, spread), digits)


def risen(name: str, at: datetime, begins: int) -> tuple[Hour, int]:
    """A counter's hour from where it stands, and where it stands after it."""
    rise = rises(name, at.month, weather(at), at.hour)
    first, (count, above) = pack_varint(begins << 1), rise.hour
    block = protect(bytes((7, 0)) + first + rise.steps)
    minutes = protect(bytes((1, 0)) + rise.lows + first + rise.above)
    ends = begins + rise.gained
    return Hour((), block, minutes, (0, count, begins * count + above, float(begins), float(ends))), ends


@cache
def rises(name: str, month: int, sky: int, hour: int) -> Rise:
    role, _, field = name.partition(".")
    sign = -1 if field.startswith(("exported", "charged")) else 1
    total, counts = 0.0, []
    for power_w in made(f"{role}.power_w", month, sky, hour).values:
        total += max(0.0, sign * power_w) * INTERVAL_MS / HOUR_MS
        counts.append(int(total))
    a_minute = MINUTE_MS // INTERVAL_MS
    groups = [counts[first : first + a_minute] for first in range(0, POLLS, a_minute)]
    lows = [group[0] for group in groups]
    return Rise(
        gained=counts[-1],
        steps=differences(counts),
        lows=pack_differences(range(60)) + pack_differences([a_minute] * 60),
        above=differences(lows)
        + pack_integers([group[-1] - group[0] for group in groups])
        + pack_integers([sum(group) - a_minute * group[0] for group in groups]),
        hour=(POLLS, float(sum(counts))),
    )


def differences(counts: Sequence[int]) -> bytes:
    return pack_integers(list(map(sub, counts[1:], counts)))


async def write_books(path: Path, start: datetime, end: datetime) -> None:
    books, quarter = Books(), AN_HOUR / 4
    async with open_disk(path) as disk:
        for day in range((end - start) // timedelta(days=1)):
            first = start + timedelta(days=day)
            ats = [first + n * quarter for n in range(96)]
            quarters = [
                Stretch(at=at, entry=books.enter(amounts(at), Rates(import_per_kwh=0.3))) for at in ats
            ]
            until = first + timedelta(days=1)
            await disk.run(lambda c, q=quarters, u=until: write_quarters(c, quarters=q, books=books, until=u))


def amounts(at: datetime) -> Amounts:
    """Six flows in a sunny quarter-hour."""
    sun = sum(made("solar.power_w", at.month, weather(at), at.hour).values) / POLLS * 6 / 4
    given = {Source.SOLAR: sun, Source.BATTERY: 40.0, Source.GRID: 90.0}
    taken = {Sink.CHARGERS: 30.0, Sink.BATTERY: sun / 3, Sink.GRID: sun / 4}
    left = sum(given.values()) - sum(taken.values())
    return Amounts(given=given, taken=taken | {Sink.HOME: left})


def midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
