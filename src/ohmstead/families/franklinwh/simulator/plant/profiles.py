"""The sites there are: which gateway, packs and accessories, in which country. Facts only, from captures and price lists."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts.codes import Country, WorkMode

APOWER_X: Final = 2
APOWER_2: Final = 20
APOWER_S: Final = 21
"""Hardware versions of packs, as they say them."""


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """What a country's network and address look like."""

    country: Country
    zone: str
    province: int
    leg_v: float
    """One conductor to neutral."""
    is_split_phase: bool
    nominal_hz: float

    @property
    def line_v(self) -> float:
        return 2.0 * self.leg_v if self.is_split_phase else self.leg_v


US: Final = Region(
    country=Country.UNITED_STATES,
    zone="America/New_York",
    province=67,
    leg_v=120.0,
    is_split_phase=True,
    nominal_hz=60.0,
)
AU: Final = Region(
    country=Country.AUSTRALIA,
    zone="Australia/Sydney",
    province=4,
    leg_v=230.0,
    is_split_phase=False,
    nominal_hz=50.0,
)


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """One gateway and what hangs on it."""

    hardware: int
    """The gateway's hardware id, 100 to 104."""
    packs: int
    pack_version: int = APOWER_X
    has_generator: bool = False
    has_circuits: bool = False
    is_merged: bool = False
    """Circuits 1 and 2 are one of 240 V."""
    has_vehicle_port: bool = False
    """Circuit 3 is a vehicle port that may supply and feed."""

    @property
    def generation(self) -> int:
        return 2 if self.hardware >= 103 else 1


class Profile(msgspec.Struct, frozen=True):
    slug: str
    region: Region
    sites: tuple[Site, ...]


_FULL: Final = Site(hardware=101, packs=2, has_generator=True, has_circuits=True, has_vehicle_port=True)

_PROFILES: Final = (
    Profile("us_v1_full", US, (_FULL,)),
    Profile("us_v1_circuits", US, (Site(hardware=100, packs=1, has_circuits=True),)),
    Profile("us_v1_generator", US, (Site(hardware=101, packs=1, has_generator=True),)),
    Profile(
        "us_v2",
        US,
        (Site(hardware=103, packs=2, pack_version=APOWER_2, has_circuits=True, has_vehicle_port=True),),
    ),
    Profile(
        "us_v2_full",
        US,
        (msgspec.structs.replace(_FULL, hardware=104, packs=3, pack_version=APOWER_S),),
    ),
    Profile("us_bare", US, (Site(hardware=103, packs=3),)),
    Profile("au_v1", AU, (Site(hardware=102, packs=1, has_circuits=True),)),
    Profile("au_v1_full", AU, (Site(hardware=102, packs=1, has_generator=True, has_circuits=True),)),
    Profile("us_merged", US, (msgspec.structs.replace(_FULL, is_merged=True),)),
    Profile("two_gateways", US, (_FULL, Site(hardware=103, packs=3))),
)
PROFILES: Final[Mapping[str, Profile]] = MappingProxyType({found.slug: found for found in _PROFILES})
"""By slug, the default first."""

PROGRAMMES: Final[Mapping[WorkMode, int]] = MappingProxyType(
    {WorkMode.TIME_OF_USE: 111729, WorkMode.SELF_CONSUMPTION: 21669, WorkMode.EMERGENCY_BACKUP: 31106}
)
SECOND_PROGRAMMES: Final[Mapping[WorkMode, int]] = MappingProxyType(
    {WorkMode.TIME_OF_USE: 29287, WorkMode.SELF_CONSUMPTION: 85232, WorkMode.EMERGENCY_BACKUP: 47522}
)
"""Those of a second gateway: ids differ."""


class Identity(msgspec.Struct, frozen=True):
    """Made-up serials in the vendor's pattern."""

    gateway: str
    packs: tuple[str, ...]
    generator: str
    circuits: str


def identity(site: Site, seed: int, number: int) -> Identity:
    """Of the gateway with that number (from 0) in a home."""
    own = seed % 10_000_000
    return Identity(
        f"10060005A{2 + number:02d}X{own:08d}",
        tuple(f"10050011A{5 + number:02d}X{own + pack:08d}" for pack in range(site.packs)),
        f"10070003A{1 + number:02d}X{own:08d}",
        f"10070004A{1 + number:02d}X{own:08d}",
    )
