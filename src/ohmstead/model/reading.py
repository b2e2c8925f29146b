"""What devices say, in our words: one class per role in the home.

Sources are positive when they feed the home, sinks when they draw from it. Units stand in the names. `None` means
not known, never zero. Energy totals never fall.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from ohmstead.model.charge_point import ChargePointFacts
from ohmstead.model.device import Detail, DeviceId, Quality


class Reading(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """What one device said in one role. It holds nothing that could hold it, so no collector need look at it."""

    device: DeviceId
    at: datetime
    """The sample's instant on our clock; a device's own clock and its drift are details."""
    quality: Quality = Quality.GOOD
    power_w: float | None = None


class SolarReading(Reading, frozen=True, kw_only=True, tag="solar"):
    """power_w: + producing."""

    losses_w: float | None = None
    """Between its DC side and its AC side, of a device that measures both; told in one of its roles."""
    energy_wh: float | None = None


class GridReading(Reading, frozen=True, kw_only=True, tag="grid"):
    """power_w: + importing."""

    imported_wh: float | None = None
    exported_wh: float | None = None
    voltage_v: float | None = None
    frequency_hz: float | None = None
    connected: bool | None = None


class BatteryReading(Reading, frozen=True, kw_only=True, tag="battery"):
    """power_w: + discharging."""

    losses_w: float | None = None
    """Between its DC side and its AC side, of a device that measures both; told in one of its roles."""
    soc_pct: float | None = None
    capacity_wh: float | None = None
    charged_wh: float | None = None
    discharged_wh: float | None = None
    temperature_c: float | None = None


class GeneratorReading(Reading, frozen=True, kw_only=True, tag="generator"):
    """power_w: + feeding the home."""

    energy_wh: float | None = None
    running: bool | None = None


class LoadReading(Reading, frozen=True, kw_only=True, tag="load"):
    """power_w: + drawing."""

    energy_wh: float | None = None


class VehiclePortReading(Reading, frozen=True, kw_only=True, tag="vehicle_port"):
    """Vehicle-to-load port. power_w: + leaving through the port, - a vehicle feeding in."""

    delivered_wh: float | None = None
    received_wh: float | None = None
    active: bool | None = None


class ChargerState(StrEnum):
    EMPTY = "empty"
    CONNECTED = "connected"
    UNAUTHORISED = "unauthorised"
    """A car is there, and nobody has allowed it to charge yet."""
    CHARGING = "charging"
    PAUSED_BY_VEHICLE = "paused_by_vehicle"
    PAUSED_BY_CHARGER = "paused_by_charger"
    FINISHED = "finished"
    FAULTED = "faulted"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


class ChargerReading(Reading, frozen=True, kw_only=True, tag="charger"):
    """power_w: + drawing."""

    state: ChargerState = ChargerState.UNKNOWN
    limit_a: float | None = None
    phases: int | None = None
    energy_wh: float | None = None
    session_energy_wh: float | None = None
    vehicle_soc_pct: float | None = None
    """As the car tells it. For showing only: it may be anything, and nothing is decided by it."""


AnyReading = (
    SolarReading
    | GridReading
    | BatteryReading
    | GeneratorReading
    | LoadReading
    | VehiclePortReading
    | ChargerReading
)
"""Every role, for decoding a reading by its tag."""


class Sample(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One poll of one source; may be partial, and then says what is missing and why."""

    at: datetime
    readings: tuple[Reading, ...]
    details: Mapping[DeviceId, tuple[Detail, ...]] = msgspec.field(default_factory=dict)
    missing: Mapping[str, str] = msgspec.field(default_factory=dict)
    charge_points: Mapping[DeviceId, ChargePointFacts] = msgspec.field(default_factory=dict)
