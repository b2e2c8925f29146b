"""Measurements in our words: W and Wh, sources positive when they feed the home, the vehicle port positive when it
supplies. The vendor's signs for grid and battery are ours already; only the port has a sign that must be found.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from ohmstead.families.franklinwh.client.readings import Stats
from ohmstead.families.franklinwh.device.counting import Tallies
from ohmstead.families.franklinwh.device.parts import Ids, Parts
from ohmstead.families.franklinwh.facts.codes import GeneratorState, GridConnectionState, V2lState
from ohmstead.model import (
    BatteryReading,
    GeneratorReading,
    GridReading,
    LoadReading,
    Quality,
    Reading,
    SolarReading,
    VehiclePortReading,
)

V2L_IN_P_LOAD: Final = True
"""The gateway's own balance has no term for the port, so its load is taken to hold the port's net power. A report of an
owner who drives his home from a car may turn this round."""

DAILY: Final = (
    "battery_charge",
    "battery_discharge",
    "grid_import",
    "grid_export",
    "solar",
    "generator",
    "home_use",
)


def told_wh(stats: Stats, parts: Parts) -> dict[str, float | None]:
    """The counters of a live answer, as `counting` takes them."""
    names = (*DAILY, "v2l_export", "v2l_import") if parts.has_port else DAILY
    return {name: _thousand(stats, "totals", name) for name in names}


def port_power_w(stats: Stats, parts: Parts, before: Stats | None) -> float | None:
    """Of the vehicle port, + leaving through it; None where the hardware has none, or the gateway no licence for it."""
    if not parts.has_port or stats.current.v2l_enabled != 1:
        return None
    power_w = _thousand(stats, "current", "v2l_use")
    if power_w is None or power_w < 0:
        return power_w
    return -power_w if before is not None and _only_received(before, stats) else power_w


def _only_received(before: Stats, now: Stats) -> bool:
    """The wire may send a magnitude: then the counters tell the direction."""
    return (
        now.totals.v2l_import > before.totals.v2l_import and now.totals.v2l_export == before.totals.v2l_export
    )


def readings(
    stats: Stats, parts: Parts, ids: Ids, at: datetime, *, tallies: Tallies, port_w: float | None
) -> tuple[Reading, ...]:
    """Every role that is fitted. `at`: when the values were true, on our clock."""
    quality = Quality.STALE if stats.is_stale else Quality.GOOD
    load_w = _thousand(stats, "current", "home_load")
    home_w = load_w if load_w is None or port_w is None or not V2L_IN_P_LOAD else load_w - port_w
    now = stats.current
    found: list[Reading] = [
        SolarReading(
            device=ids.gateway,
            at=at,
            quality=quality,
            power_w=_thousand(stats, "current", "solar_production"),
            energy_wh=tallies.total_wh("solar"),
        ),
        BatteryReading(
            device=ids.gateway,
            at=at,
            quality=quality,
            power_w=_thousand(stats, "current", "battery_use"),
            soc_pct=_told(stats, "current", "battery_soc"),
            capacity_wh=parts.capacity_wh,
            charged_wh=tallies.total_wh("battery_charge"),
            discharged_wh=tallies.total_wh("battery_discharge"),
        ),
        GridReading(
            device=ids.gateway,
            at=at,
            quality=quality,
            power_w=_thousand(stats, "current", "grid_use"),
            imported_wh=tallies.total_wh("grid_import"),
            exported_wh=tallies.total_wh("grid_export"),
            voltage_v=now.grid_line_voltage or None if now.electrical_time else None,
            frequency_hz=now.grid_frequency or None if now.electrical_time else None,
            connected=now.grid_connection_state is GridConnectionState.CONNECTED,
        ),
        LoadReading(device=ids.gateway, at=at, quality=quality, power_w=home_w, energy_wh=tallies.home_wh),
    ]
    return (*found, *_of_parts(stats, parts, ids, at=at, quality=quality, tallies=tallies, port_w=port_w))


def _of_parts(
    stats: Stats,
    parts: Parts,
    ids: Ids,
    *,
    at: datetime,
    quality: Quality,
    tallies: Tallies,
    port_w: float | None,
) -> Iterator[Reading]:
    if parts.has_generator:
        yield GeneratorReading(
            device=ids.generator,
            at=at,
            quality=quality,
            power_w=_thousand(stats, "current", "generator_production"),
            energy_wh=tallies.total_wh("generator"),
            running=stats.current.generator_status == GeneratorState.RUNNING,
        )
    if parts.has_port:
        yield VehiclePortReading(
            device=ids.port,
            at=at,
            quality=quality,
            power_w=port_w,
            delivered_wh=tallies.total_wh("v2l_export"),
            received_wh=tallies.total_wh("v2l_import"),
            active=stats.current.v2l_status == V2lState.ACTIVE,
        )


def _told(stats: Stats, part: str, name: str) -> float | None:
    """None for what was absent or cannot be true."""
    attribute = f"{part}.{name}"
    if attribute in stats.missing or attribute in stats.bad:
        return None
    value: float | None = getattr(getattr(stats, part), name)
    return value


def _thousand(stats: Stats, part: str, name: str) -> float | None:
    """From kW to W, from kWh to Wh."""
    value = _told(stats, part, name)
    return None if value is None else round(value * 1000, 3)
