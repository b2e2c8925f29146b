"""What each field of the model is, for other programs: the one table from which Home Assistant's classes, Prometheus'
metric names and InfluxDB's fields come.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.model import (
    BatteryReading,
    ChargerReading,
    GeneratorReading,
    GridReading,
    LoadReading,
    Reading,
    SolarReading,
    VehiclePortReading,
)


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as others call it."""

    metric: str
    """At the end of a metric's name."""
    device_class: str = ""
    """Home Assistant's word for what is measured."""
    symbol: str
    """As Home Assistant writes it."""
    divisor: int = 1
    """From our number to one in `symbol`."""
    digits: int = 1
    """After the point, where people look at it."""


UNITS: Final[Mapping[str, Unit]] = {
    "W": Unit(metric="watts", device_class="power", symbol="W", digits=0),
    "kW": Unit(metric="kilowatts", device_class="power", symbol="kW", digits=2),
    "VA": Unit(metric="volt_amperes", device_class="apparent_power", symbol="VA", digits=0),
    "Wh": Unit(metric="watt_hours", device_class="energy", symbol="kWh", divisor=1000, digits=2),
    "kWh": Unit(metric="kilowatt_hours", device_class="energy", symbol="kWh", digits=2),
    "V": Unit(metric="volts", device_class="voltage", symbol="V"),
    "A": Unit(metric="amperes", device_class="current", symbol="A"),
    "Hz": Unit(metric="hertz", device_class="frequency", symbol="Hz", digits=2),
    "°C": Unit(metric="celsius", device_class="temperature", symbol="°C"),
    "degC": Unit(metric="celsius", device_class="temperature", symbol="°C"),
    "%": Unit(metric="percent", symbol="%", digits=0),
    "s": Unit(metric="seconds", device_class="duration", symbol="s", digits=0),
}
"""By what fields' names and vendors' details call it."""
SUFFIXES: Final = {"w": "W", "wh": "Wh", "v": "V", "a": "A", "hz": "Hz", "c": "°C", "pct": "%"}


class Kind(StrEnum):
    MEASUREMENT = "measurement"
    TOTAL = "total"
    """Never falls."""
    RESETTING = "resetting"
    """An amount that begins anew, as of one session: no statistics are made from it."""
    FLAG = "flag"
    WORD = "word"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    role: type[Reading]
    name: str
    title: str
    kind: Kind = Kind.MEASUREMENT
    device_class: str = ""
    """Home Assistant's, where the unit alone does not say it."""

    @property
    def key(self) -> str:
        """As signals are called everywhere: "solar.power_w"."""
        return f"{tag_of(self.role)}.{self.name}"

    @property
    def unit(self) -> Unit | None:
        return UNITS.get(SUFFIXES.get(self.name.rpartition("_")[2], ""))


def tag_of(role: type[Reading]) -> str:
    return str(role.__struct_config__.tag)


Line = tuple[str, str] | tuple[str, str, Kind] | tuple[str, str, Kind, str]
"""Name, title, and where they are not the usual: kind, and Home Assistant's class."""


def _fields(role: type[Reading], *lines: Line) -> tuple[Field, ...]:
    return tuple(
        Field(role=role, name=name, title=title, kind=kind, device_class=device_class)
        for name, title, kind, device_class in map(_whole, lines)
    )


def _whole(line: Line) -> tuple[str, str, Kind, str]:
    kind = line[2] if len(line) > 2 else Kind.MEASUREMENT
    return line[0], line[1], kind, line[3] if len(line) > 3 else ""


FIELDS: Final[tuple[Field, ...]] = (
    *_fields(
        SolarReading,
        ("power_w", "Solar power"),
        ("losses_w", "Solar conversion losses"),
        ("energy_wh", "Solar energy", Kind.TOTAL),
    ),
    *_fields(
        GridReading,
        ("power_w", "Grid power"),
        ("imported_wh", "Grid energy imported", Kind.TOTAL),
        ("exported_wh", "Grid energy exported", Kind.TOTAL),
        ("voltage_v", "Grid voltage"),
        ("frequency_hz", "Grid frequency"),
        ("connected", "Grid connected", Kind.FLAG, "power"),
    ),
    *_fields(
        BatteryReading,
        ("power_w", "Battery power"),
        ("losses_w", "Battery conversion losses"),
        ("soc_pct", "Battery charge", Kind.MEASUREMENT, "battery"),
        ("capacity_wh", "Battery capacity", Kind.MEASUREMENT, "energy_storage"),
        ("charged_wh", "Battery energy charged", Kind.TOTAL),
        ("discharged_wh", "Battery energy discharged", Kind.TOTAL),
        ("temperature_c", "Battery temperature"),
    ),
    *_fields(
        GeneratorReading,
        ("power_w", "Generator power"),
        ("energy_wh", "Generator energy", Kind.TOTAL),
        ("running", "Generator running", Kind.FLAG, "running"),
    ),
    *_fields(LoadReading, ("power_w", "Load power"), ("energy_wh", "Load energy", Kind.TOTAL)),
    *_fields(
        VehiclePortReading,
        ("power_w", "Vehicle port power"),
        ("delivered_wh", "Vehicle port energy delivered", Kind.TOTAL),
        ("received_wh", "Vehicle port energy received", Kind.TOTAL),
        ("active", "Vehicle port active", Kind.FLAG, "power"),
    ),
    *_fields(
        ChargerReading,
        ("power_w", "Charger power"),
        ("state", "Charger state", Kind.WORD),
        ("limit_a", "Charger limit"),
        ("phases", "Charger phases"),
        ("energy_wh", "Charger energy", Kind.TOTAL),
        ("session_energy_wh", "Charger session energy", Kind.RESETTING),
        ("vehicle_soc_pct", "Vehicle charge", Kind.MEASUREMENT, "battery"),
    ),
)
FIELDS_OF: Final[Mapping[type[Reading], tuple[Field, ...]]] = {
    role: tuple(field for field in FIELDS if field.role is role) for role in {field.role for field in FIELDS}
}
FLOWS: Final[Mapping[str, str]] = {
    "solar_w": "Solar power",
    "grid_w": "Grid power",
    "battery_w": "Battery power",
    "generator_w": "Generator power",
    "home_w": "Home power",
    "chargers_w": "Chargers power",
    "v2l_w": "Vehicle port power",
    "losses_w": "Losses",
    "unaccounted_w": "Unaccounted power",
}
"""Of the whole home, with their titles."""
