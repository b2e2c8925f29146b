"""The site graph: one grid connection, circuits with breakers below it, and which source hangs on which circuit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import msgspec

from ohmstead.model.errors import ConfigError
from ohmstead.model.reading import (
    BatteryReading,
    ChargerReading,
    GeneratorReading,
    GridReading,
    LoadReading,
    Reading,
    SolarReading,
    VehiclePortReading,
)

CONNECTION = "main"
"""The circuit every site has: the grid connection itself."""
LIMITS: Final = (("latitude_deg", -90, 90), ("longitude_deg", -180, 180), ("phases", 1, 3))
ROLES: Final[Mapping[type[Reading], str]] = {
    SolarReading: "solar",
    GridReading: "grid",
    BatteryReading: "battery",
    GeneratorReading: "generator",
    LoadReading: "load",
    ChargerReading: "chargers",
    VehiclePortReading: "v2l",
}
"""Of meters, as a site file calls them."""
CURRENCY: Final = re.compile("[A-Z]{3}")


class Circuit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    parent: str = CONNECTION
    breaker_a: float | None = None
    phases: int = 1
    sources: tuple[str, ...] = ()
    """Names of the sources on this circuit; a source no circuit names hangs on the connection."""


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str = "Home"
    time_zone: str = "UTC"
    currency: str = "EUR"
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    breaker_a: float | None = None
    """Of the grid connection."""
    phases: int = 1
    circuits: tuple[Circuit, ...] = ()
    masters: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Role (`solar`, `grid`, `battery`, `generator`, `load`, `chargers`, `v2l`) to the sources whose meters count, where several
    see the same edge.
    """

    def __post_init__(self) -> None:
        self._require_a_zone()
        if not CURRENCY.fullmatch(self.currency):
            raise ConfigError(
                f"currency is a code of three letters, not {self.currency!r}.", example='currency = "EUR"'
            )
        for field, low, high in LIMITS:
            value = getattr(self, field)
            if value is not None and not low <= value <= high:
                raise ConfigError(f"{field} is to lie between {low} and {high}, not {value}.")
        if (self.latitude_deg is None) != (self.longitude_deg is None):
            raise ConfigError("latitude_deg and longitude_deg belong together: give both, or neither.")
        if unknown := [role for role in self.masters if role not in ROLES.values()]:
            raise ConfigError(
                f"masters are of {', '.join(ROLES.values())}, and {unknown[0]!r} is none of them."
            )
        self._require_a_tree()

    def _require_a_zone(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
            lacking = "" if available_timezones() else " There is none: pip install 'ohmstead[site]'."
            raise ConfigError(
                f"time_zone {self.time_zone!r} is not in the time zone database.{lacking}",
                example='time_zone = "Europe/Berlin"',
            ) from None

    def _require_a_tree(self) -> None:
        known = {CONNECTION}
        for circuit in self.circuits:
            if circuit.name in known:
                raise ConfigError(f"two circuits are called {circuit.name!r}; give each its own name.")
            if circuit.parent not in known:
                raise ConfigError(
                    f"circuit {circuit.name!r} hangs on {circuit.parent!r}, which is not named before it.",
                    example=f'parent = "{CONNECTION}"',
                )
            known.add(circuit.name)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def circuit_of(self, source: str) -> str:
        return next((c.name for c in self.circuits if source in c.sources), CONNECTION)

    def counts(self, role: str, source: str) -> bool:
        """Whether this source's meter is the one to believe for the role."""
        masters = self.masters.get(role)
        return masters is None or source in masters
