"""The units there are: firmware, region, wiring. Facts only, from captures and owners' reports.

A slug is `<firmware>-<region><wiring>`: `us1` and `us2` are the two ways in which firmware shows split phase, `eu1` has
one phase, with L2 and L3 dead.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

MINUTE_S: Final = 60.0


class Firmware(msgspec.Struct, frozen=True, kw_only=True):
    version: str
    githash: str
    """14 hexadecimal digits."""
    has_branch: bool = True
    """`git_branch` in the version document."""
    has_reasons: bool = False
    """`evse_not_ready_reasons` in vitals."""
    has_nan: bool = False
    """`avg_startup_temp` is a bare nan."""
    has_meter: bool = False
    """The RS485 port reads a meter."""
    has_alert_49: bool = False
    """While a car waits with a PWM pilot."""
    relay_open_v: float = 11.9
    relay_closed_v: float = 6.1
    hidden_after_s: float | None = 10 * MINUTE_S
    """The access point vanishes; None: never."""
    lapses_after_s: float = 30 * MINUTE_S
    """Presence is no longer taken for granted: error 16."""

    @property
    def number(self) -> tuple[int, ...]:
        return tuple(map(int, self.version.split(".")))

    @property
    def is_of_2022(self) -> bool:
        """Its messages number some fields differently."""
        return self.number < (23,)


_FIRMWARE: Final = (
    Firmware(
        version="24.36.3",
        githash="b8c1ee2d09f3a7",
        has_reasons=True,
        has_meter=True,
        has_alert_49=True,
    ),
    Firmware(version="21.8.5", githash="51eba2369815d7", has_branch=False, has_nan=True, hidden_after_s=None),
    Firmware(
        version="21.36.6", githash="3cd8a5e0f7b216", has_branch=False, has_nan=True, hidden_after_s=None
    ),
    Firmware(version="22.33.1", githash="9f0aa84c26d5e1"),
    Firmware(version="23.8.2", githash="d2a6e4417bc093", has_meter=True),
    Firmware(
        version="25.34.1",
        githash="77e2b10c9da458",
        has_reasons=True,
        has_meter=True,
        has_alert_49=True,
        relay_open_v=0.0,
        relay_closed_v=5.7,
    ),
)


class Wiring(msgspec.Struct, frozen=True, kw_only=True):
    """The supply, and how firmware shows it."""

    slug: str
    part_number: str
    country: str
    phases: int
    """That charge a car."""
    nominal_v: float
    """EU: phase to neutral; North America: line to line, unloaded."""
    nominal_hz: float
    car_a: int
    """What a car asks for if nothing else is said."""
    most_a: int
    """The highest output setting of the hardware."""
    gain: float = 1.0
    """Voltage behind the contactor, as measured, over the supply's."""
    sag_v_per_a: float = 0.085
    proximity_v: tuple[float, float, float] = (0.0, 1.9, 1.9)
    """Unplugged, plugged, plugged with the button pressed."""
    config_status: int = 5


_EU3: Final = Wiring(
    slug="eu3",
    part_number="1529455-02-D",
    country="DE",
    phases=3,
    nominal_v=230.0,
    nominal_hz=50.0,
    car_a=16,
    most_a=32,
)
_NACS_V: Final = (0.0, 1.5, 2.7)
_WIRINGS: Final = (
    _EU3,
    msgspec.structs.replace(_EU3, slug="eu1", phases=1, car_a=32),
    Wiring(
        slug="us1",
        part_number="1457768-02-G",
        country="US",
        phases=1,
        nominal_v=249.5,
        nominal_hz=60.0,
        car_a=48,
        most_a=48,
        gain=0.991,
        proximity_v=_NACS_V,
    ),
    Wiring(
        slug="us2",
        part_number="1457768-03-G",
        country="US",
        phases=1,
        nominal_v=249.5,
        nominal_hz=60.0,
        car_a=48,
        most_a=48,
        gain=0.977,
        proximity_v=_NACS_V,
    ),
)
UNIVERSAL: Final = msgspec.structs.replace(
    _WIRINGS[3], part_number="1734412-02-C", config_status=4, gain=0.988
)
"""NACS with a J1772 adapter built in."""


class Profile(msgspec.Struct, frozen=True):
    firmware: Firmware
    wiring: Wiring

    @property
    def slug(self) -> str:
        return f"{self.firmware.version}-{self.wiring.slug}"


def _profiles() -> tuple[Profile, ...]:
    wirings = {wiring.slug: wiring for wiring in _WIRINGS}
    found = []
    for firmware in _FIRMWARE:
        split = "us2" if firmware.has_reasons else "us1"
        for slug in ("eu3", "eu1", split):
            is_universal = (firmware.version, slug) == ("24.36.3", "us2")
            found.append(Profile(firmware, UNIVERSAL if is_universal else wirings[slug]))
    return tuple(found)


PROFILES: Final[Mapping[str, Profile]] = MappingProxyType({found.slug: found for found in _profiles()})
"""By slug, the default first."""
