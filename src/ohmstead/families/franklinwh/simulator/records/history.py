"""The past: days, weeks, months and years from the counters, and a day in steps of five minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from ohmstead.families.franklinwh.facts.codes import Country
from ohmstead.families.franklinwh.simulator.plant.counters import Ledger, Sample, Tally
from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway
from ohmstead.families.franklinwh.simulator.records.runtime import kilo

Json = dict[str, Any]  # Any: JSON
ENERGIES: Final = MappingProxyType(
    {
        "kwhSuArray": "solar",
        "kwhGenArray": "generator",
        "kwhUtiInArray": "grid_in",
        "kwhUtiOutArray": "grid_out",
        "kwhFhpChgArray": "battery_in",
        "kwhFhpDiArray": "battery_out",
        "kwhLoadArray": "load",
        "kwhGridLoadArray": "grid_to_load",
        "kwhSolarLoadArray": "solar_to_load",
        "kwhFhpLoadArray": "battery_to_load",
        "kwhGenLoadArray": "generator_to_load",
        "gridChBatArray": "grid_to_battery",
        "batOutGridArray": "battery_to_grid",
        "genChBatArray": "generator_to_battery",
        "soChBatArray": "solar_to_battery",
        "soOutGridArray": "solar_to_grid",
        "kwhV2lArray": "v2l",
        "kwhV2lToFhpArray": "v2l_to_battery",
        "kwhV2lToHomeArray": "v2l_to_load",
    }
)
POWERS: Final = MappingProxyType(
    {
        "powerSolarHomeArray": "solar_to_load",
        "powerSolarGirdArray": "solar_to_grid",
        "powerSolarFhpArray": "solar_to_battery",
        "powerGirdHomeArray": "grid_to_load",
        "powerGirdFhpArray": "grid_to_battery",
        "powerFhpHomeArray": "battery_to_load",
        "powerFhpGirdArray": "battery_to_grid",
        "powerGenHomeArray": "generator_to_load",
        "powerGenFhpArray": "generator_to_battery",
        "powerV2lFhpArray": "v2l_to_battery",
        "powerV2lHomeArray": "v2l_to_load",
    }
)
"""Gird is the vendor's spelling."""
UNFITTED: Final = (
    "proximalSolarWhArray",
    "mpptWhArray",
    "meterkitPvWhArray",
    "secondaryPvWhArray",
    "mpanPv1Wh",
    "mpanPv2Wh",
    "apbox20PvWh",
)
PRICE: Final = 0.30

Bucket = tuple[str, date, date]
"""What it is called, and its first and last day."""


def energies(gateway: Gateway, kind: int, first: date | None) -> Json:
    """kWh, one value for each bucket. Asked without the date that its kind wants, the arrays are empty."""
    buckets = [] if first is None else list(_buckets(gateway.ledger, kind, first))
    tallies = [gateway.ledger.total(start, end) for _, start, end in buckets]
    return {
        "deviceTimeArray": [name for name, _, _ in buckets],
        **{key: [kilo(getattr(tally, name)) for tally in tallies] for key, name in ENERGIES.items()},
        "remoteSolarWhTotalArray": [0.0 for _ in buckets],
        **{key: [None for _ in buckets] for key in UNFITTED},
    }


def powers(gateway: Gateway, day: date | None) -> Json:
    """In steps of five minutes, kW."""
    samples = [] if day is None else gateway.ledger.samples.get(day, [])
    stamp = "" if day is None else day.isoformat()
    return {
        "deviceTimeArray": [f"{stamp} {s.minute // 60:02d}:{s.minute % 60:02d}:00" for s in samples],
        "socArray": [round(sample.soc_pct, 1) for sample in samples],
        "runStatusArray": [sample.run_status for sample in samples],
        "kwhTotalArray": [kilo(sample.stored_wh) for sample in samples],
        **{key: [_mean_kw(sample, name) for sample in samples] for key, name in POWERS.items()},
    }


def benefits(gateway: Gateway, kind: int, first: date | None) -> Json:
    buckets = [] if first is None else list(_buckets(gateway.ledger, kind, first))
    tallies = [gateway.ledger.total(start, end) for _, start, end in buckets]

    def earned(energy: Callable[[Tally], float]) -> list[float]:
        return [round(PRICE * energy(tally) / 1000.0, 2) for tally in tallies]

    solar_kwh = sum(tally.solar for tally in tallies) / 1000.0
    return {
        "fuelConversion": round(0.1 * solar_kwh, 2),
        "evMileageConversion": round(5.0 * solar_kwh, 1),
        "treeConversion": round(0.02 * solar_kwh, 2),
        "carbonReduction": round(0.4 * solar_kwh, 2),
        "batFeedEarnList": earned(lambda tally: tally.battery_to_grid),
        "batLoadEarnList": earned(lambda tally: tally.battery_to_load),
        "batLoadEarnModList": earned(lambda tally: tally.battery_to_load),
        "solarFeedEarnList": earned(lambda tally: tally.solar_to_grid),
        "solarLoadEarnList": earned(lambda tally: tally.solar_to_load),
        "solarToHouseList": [kilo(tally.solar_to_load) for tally in tallies],
        "solarToGridList": [kilo(tally.solar_to_grid) for tally in tallies],
        "apowerToHouseList": [kilo(tally.battery_to_load) for tally in tallies],
        "apowerToGridList": [kilo(tally.battery_to_grid) for tally in tallies],
        "dayTimeList": [name for name, _, _ in buckets],
        "currency": "USD" if gateway.region.country is Country.UNITED_STATES else "AUD",
        "priceFlag": True,
    }


def _mean_kw(sample: Sample, name: str) -> float:
    return kilo(getattr(sample.mean_w, name))


def _buckets(ledger: Ledger, kind: int, first: date) -> Iterator[Bucket]:
    """1 a day, 2 a week from its Monday, 3 a month in days, 4 a year in months, 5 everything in years."""
    if kind == 1:
        yield first.isoformat(), first, first
    elif kind == 2 and first.weekday() == 0:
        yield from _days(first, first + timedelta(days=6))
    elif kind == 3:
        yield from _days(first.replace(day=1), _last_of_month(first))
    elif kind == 4:
        for month in range(1, 13):
            start = date(first.year, month, 1)
            yield f"{start:%Y-%m}", start, _last_of_month(start)
    elif kind == 5:
        for year in sorted({day.year for day in ledger.days}):
            yield str(year), date(year, 1, 1), date(year, 12, 31)


def _days(first: date, last: date) -> Iterator[Bucket]:
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield day.isoformat(), day, day


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
