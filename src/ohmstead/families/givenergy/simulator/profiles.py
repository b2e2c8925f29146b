"""The plants there are to be, and how each behaves on its bus. Contents of registers are in `plants/`.

Sources: captures of each plant; latencies and the vendor cloud's rounds are measured in them where a comment does not
say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.givenergy.types import Bank
from ohmstead.model import ConfigError

INVERTER: Final = 0x11
METERS: Final = range(0x01, 0x09)
PACKS: Final = range(0x32, 0x38)
MODULES: Final = range(0x50, 0x70)
STACKS: Final = range(0x70, 0x90)
HV_MANAGEMENT: Final = 0xA0


class Kind(Enum):
    """What drives the registers."""

    SINGLE_PHASE = "single-phase"
    THREE_PHASE = "three-phase"
    EMS = "EMS"
    GATEWAY = "gateway"


class Absence(Enum):
    """How the bus answers for a device that is not there."""

    SILENCE = "silence"
    ZEROS = "zeros"


class Ask(msgspec.Struct, frozen=True):
    device: int
    bank: Bank
    base: int
    count: int = 60


class Round(msgspec.Struct, frozen=True):
    """What the vendor's cloud reads again and again, in civil seconds."""

    every_s: float
    asks: tuple[Ask, ...]


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    slug: str
    title: str
    kind: Kind
    adapter_serial: str
    latency_s: float
    """From a request to its reply on an idle bus."""
    rated_w: float
    battery_w: float
    """The most a battery is charged or discharged with, on the AC side, all inverters together."""
    strings_w: tuple[float, ...] = ()
    """Nominal PV power by string."""
    is_ac_coupled: bool = False
    """Its PV, if any, feeds the house on its own: no conversion, and no string voltages."""
    heartbeat_s: float = 180.0
    checks_crc: bool = True
    """Older hybrids execute requests with a wrong CRC."""
    mirrors: tuple[int, ...] = ()
    """Addresses that answer with the inverter's registers where they have none of their own."""
    writable_at: tuple[int, ...] = (INVERTER,)
    absent: Mapping[int, Absence] = MappingProxyType({})
    """Addresses that are on the bus or not; every other one is silent."""
    own_envelopes: bool = False
    """A reply names the device that was addressed, not the inverter."""
    damages_write_echoes: bool = False
    """The envelope serial of an echo has NULs in it."""
    errors_echo_count: bool = True
    ignores_bad_times: bool = True
    """A slot after 23:59 is acknowledged and not stored; others refuse it."""
    refused_writes: frozenset[int] = frozenset()
    """Registers that its page has and its firmware does not take."""
    pushes_lan: bool = False
    rounds: tuple[Round, ...] = ()


def _absent(kind: Absence, addresses: Iterable[int]) -> dict[int, Absence]:
    return dict.fromkeys(addresses, kind)


def _reads(device: int, bank: Bank, *bases: int) -> tuple[Ask, ...]:
    return tuple(Ask(device, bank, base) for base in bases)


def _pages(*devices: int) -> tuple[Ask, ...]:
    return tuple(Ask(device, Bank.IR, 60) for device in devices)


_ZERO_METERS: Final = _absent(Absence.ZEROS, METERS)
_SPARE_PACKS: Final = _absent(Absence.ZEROS, (0x30, 0x31, *PACKS))
_COMMON_ROUND: Final = Round(31.0, (*_reads(INVERTER, Bank.HR, 0), *_reads(INVERTER, Bank.IR, 0, 180)))
"""Not measured on these plants; as short as on the others."""

HYBRID_GEN1: Final = Profile(
    slug="hybrid-gen1",
    title="Hybrid Gen 1 with two packs",
    kind=Kind.SINGLE_PHASE,
    adapter_serial="WF2125G000",
    latency_s=0.13,
    rated_w=5000.0,
    battery_w=2600.0,
    strings_w=(3000.0, 2700.0),
    checks_crc=False,
    mirrors=(0x30, 0x31, 0x32),
    writable_at=(INVERTER, 0x31),
    absent=_SPARE_PACKS,
    errors_echo_count=False,
    ignores_bad_times=False,
    rounds=(
        Round(31.6, (*_reads(0x31, Bank.HR, 0), *_reads(0x31, Bank.IR, 0, 180, 240), *_pages(0x32, 0x33))),
        Round(120.0, _reads(0x31, Bank.HR, 60, 120)),
        Round(300.0, _pages(0x30, 0x31)),
        Round(16.0, _reads(0x32, Bank.IR, 0, 180)),
        Round(300.0, (*_reads(0x32, Bank.HR, 0, 60, 120), *_reads(0x32, Bank.IR, 120))),
    ),
)

HYBRID_GEN2: Final = Profile(
    slug="hybrid-gen2",
    title="Hybrid Gen 2 with one pack, one meter and an LV battery controller",
    kind=Kind.SINGLE_PHASE,
    adapter_serial="WG2302G000",
    latency_s=0.13,
    rated_w=3600.0,
    battery_w=3600.0,
    strings_w=(2200.0, 2200.0),
    checks_crc=False,
    mirrors=(0x30, 0x31, 0x32),
    absent={**_SPARE_PACKS, **_absent(Absence.ZEROS, METERS)},
    rounds=(Round(31.0, (*_COMMON_ROUND.asks, *_pages(0x32))),),
)

AC: Final = Profile(
    slug="ac",
    title="AC-coupled unit with one pack",
    kind=Kind.SINGLE_PHASE,
    adapter_serial="WO0000G000",
    latency_s=0.13,
    rated_w=3000.0,
    battery_w=3000.0,
    is_ac_coupled=True,
    mirrors=(0x30, 0x31, 0x32),
    writable_at=(INVERTER, 0x31),
    absent=_SPARE_PACKS,
    refused_writes=frozenset({319, 320}),
    pushes_lan=True,
    rounds=(
        Round(31.0, (*_reads(0x31, Bank.HR, 0), *_reads(0x31, Bank.IR, 0, 180), *_pages(0x32))),
        Round(120.0, _reads(0x31, Bank.HR, 60, 120, 180, 240, 300)),
        Round(
            300.0,
            (
                *_pages(0x30, 0x31, 0x33, 0x34, 0x35, 0x36, 0x37),
                *_reads(INVERTER, Bank.HR, 0),
                *_reads(INVERTER, Bank.IR, 0),
            ),
        ),
    ),
)

ALL_IN_ONE: Final = Profile(
    slug="all-in-one",
    title="All-in-One with four modules",
    kind=Kind.SINGLE_PHASE,
    adapter_serial="WJ2414G000",
    latency_s=0.2,
    rated_w=6000.0,
    battery_w=6000.0,
    strings_w=(4000.0,),
    is_ac_coupled=True,
    absent=_ZERO_METERS,
    own_envelopes=True,
    rounds=(_COMMON_ROUND,),
)

HYBRID_HV_GEN3: Final = Profile(
    slug="hybrid-hv-gen3",
    title="Hybrid HV Gen 3 with three modules and one meter",
    kind=Kind.SINGLE_PHASE,
    adapter_serial="WH2444G000",
    latency_s=0.2,
    rated_w=8000.0,
    battery_w=6000.0,
    strings_w=(1200.0, 5600.0),
    absent=_ZERO_METERS,
    rounds=(_COMMON_ROUND,),
)

HYBRID_3PH: Final = Profile(
    slug="hybrid-3ph",
    title="Three-phase hybrid with six modules and two meters",
    kind=Kind.THREE_PHASE,
    adapter_serial="WT2337G000",
    latency_s=0.2,
    rated_w=11000.0,
    battery_w=11000.0,
    strings_w=(5000.0, 5000.0),
    absent=_ZERO_METERS,
)

EMS: Final = Profile(
    slug="ems",
    title="EMS with two meters and two managed inverters",
    kind=Kind.EMS,
    adapter_serial="FO2522G000",
    latency_s=0.2,
    rated_w=6000.0,
    battery_w=6000.0,
    strings_w=(4000.0,),
    is_ac_coupled=True,
    heartbeat_s=60.0,
    absent=_ZERO_METERS,
    rounds=(
        Round(28.0, _reads(INVERTER, Bank.IR, 0, 180, 2040)),
        Round(8.0, _pages(0x01, 0x03)),
    ),
)

GATEWAY: Final = Profile(
    slug="gateway",
    title="Gateway with two All-in-Ones",
    kind=Kind.GATEWAY,
    adapter_serial="WK2412G000",
    latency_s=0.2,
    rated_w=12000.0,
    battery_w=12000.0,
    strings_w=(5000.0,),
    is_ac_coupled=True,
    absent=_ZERO_METERS,
    damages_write_echoes=True,
    rounds=(
        Round(
            33.9,
            (
                *_pages(0x01, 0x02),
                *_reads(INVERTER, Bank.HR, 0, 60, 120, 180, 240, 300),
                *_reads(INVERTER, Bank.IR, 0, 180, 1600, 1660, 1720, 1780, 1840),
            ),
        ),
    ),
)

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {
        profile.slug: profile
        for profile in (
            HYBRID_GEN1,
            HYBRID_GEN2,
            AC,
            ALL_IN_ONE,
            HYBRID_HV_GEN3,
            HYBRID_3PH,
            EMS,
            GATEWAY,
        )
    }
)

BY_MODEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "HYBRID_GEN1": "hybrid-gen1",
        "HYBRID_GEN2": "hybrid-gen2",
        "HYBRID_GEN3": "hybrid-gen2",
        "POLAR": "hybrid-gen2",
        "HYBRID": "hybrid-gen1",
        "AC": "ac",
        "ALL_IN_ONE": "all-in-one",
        "HYBRID_HV_GEN3": "hybrid-hv-gen3",
        "HYBRID_GEN4": "hybrid-hv-gen3",
        "HYBRID_3PH": "hybrid-3ph",
        "AC_3PH": "hybrid-3ph",
        "AIO_COMMERCIAL": "hybrid-3ph",
        "ALL_IN_ONE_HYBRID": "hybrid-3ph",
        "EMS": "ems",
        "EMS_COMMERCIAL": "ems",
        "GATEWAY": "gateway",
    }
)
"""How a plant that was recorded behaves, by the model it turns out to be."""


def profile(slug: str) -> Profile:
    """The default is the first. Raises `ConfigError` with the slugs there are."""
    if not slug:
        return HYBRID_GEN1
    try:
        return PROFILES[slug]
    except KeyError:
        raise ConfigError(
            f"no GivEnergy plant is called {slug!r}; there are {', '.join(PROFILES)}."
        ) from None
