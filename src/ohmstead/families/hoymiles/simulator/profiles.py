"""The DTUs there are to simulate: firmware behaviours and the hardware behind them, as a table.

Assembled from owners' reports and captures; the slugs are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.hoymiles.actions import Action
from ohmstead.model import ConfigError

REFUSED: Final = 7
"""The only refusal anybody has seen: a DTU-Pro-S and action 8. Source: owners' reports."""
ENCRYPTING_FLAGS: Final = 0x4E0000C0
"""Of a DTU that encrypts. Source: owners' reports."""


class LimitReadBack(Enum):
    """Where the firmware says its persistent limit."""

    CONFIG = "config"
    LIVE = "live"
    NOWHERE = "nowhere"


class OldAnswer(Enum):
    """What the older request for live data, A303, gets."""

    OLD = "its own body"
    NEW = "the body of the newer one"
    SILENCE = "nothing"


class InverterModel(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    serial_prefix: str
    rated_w: float
    ports: int
    panel_w: float
    software_version: int
    hardware_part_number: int
    hardware_version: int
    phases: int = 1


HMS_800W_2T: Final = InverterModel(
    title="HMS-800W-2T",
    serial_prefix="1412A0",
    rated_w=800.0,
    ports=2,
    panel_w=400.0,
    software_version=10008,
    hardware_part_number=0x10214201,
    hardware_version=256,
)
HMS_1600_4T: Final = msgspec.structs.replace(
    HMS_800W_2T, title="HMS-1600-4T", serial_prefix="1164A0", rated_w=1600.0, ports=4
)
HM_800_2T: Final = msgspec.structs.replace(HMS_800W_2T, title="HM-800-2T", serial_prefix="1141A0")
HMT_2250_6T: Final = msgspec.structs.replace(
    HMS_800W_2T, title="HMT-2250-6T", serial_prefix="1382A0", rated_w=2250.0, ports=6, phases=3
)


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    slug: str
    title: str
    serial_prefix: str
    software_version: int
    """01.00.08 is 4104."""
    hardware_version: int = 256
    inverters: tuple[InverterModel, ...] = ()
    refresh_s: float = 30.0
    """How long a data set stands."""
    performance_refresh_s: float | None = None
    """After action 33, until the next start; `None` where the firmware has no such mode."""
    holds_off: bool = False
    """Each read sooner than a refresh after the one before puts the refresh off."""
    upload_min: int = 5
    quiet_s: float = 120.0
    """A cloud upload is skipped when a local client read less than this before it."""
    limit_read_back: LimitReadBack = LimitReadBack.CONFIG
    is_built_in: bool = False
    """Fed by the panels: in the dark it is not there at all."""
    refuses: Mapping[Action, int] = msgspec.field(default_factory=dict)
    """Error code for actions this firmware knows but does not take."""
    ignores: frozenset[Action] = frozenset()
    """Accepted, reported as done, and without effect."""
    encrypts: bool = False
    answers_new_data: bool = True
    """Whether it knows A311."""
    old_answer: OldAnswer = OldAnswer.NEW
    pushes_old_data: bool = False
    """Sends A203 once a minute without being asked."""
    is_storage: bool = False


HMSW_MID: Final = Profile(
    slug="hmsw-mid",
    title="HMS-…W with built-in DTU, firmware V01.00",
    serial_prefix="4143A0",
    software_version=4104,
    inverters=(HMS_800W_2T,),
    performance_refresh_s=2.0,
    holds_off=True,
    is_built_in=True,
    refuses=MappingProxyType({Action.POWER_LIMIT_TEMPORARY: REFUSED}),
)
HMSW_OLD: Final = Profile(
    slug="hmsw-old",
    title="HMS-…W with built-in DTU, firmware V00.01.11 to V00.01.14",
    serial_prefix="4143A1",
    software_version=267,
    inverters=(HMS_800W_2T,),
    holds_off=True,
    upload_min=15,
    quiet_s=32.0,
    is_built_in=True,
    refuses=MappingProxyType({Action.POWER_LIMIT_TEMPORARY: REFUSED}),
)
HMSW_ENC: Final = Profile(
    slug="hmsw-enc",
    title="HMS-…W with built-in DTU, firmware V01.01, which encrypts",
    serial_prefix="4144A0",
    software_version=4353,
    inverters=(HMS_800W_2T,),
    performance_refresh_s=2.0,
    holds_off=True,
    limit_read_back=LimitReadBack.LIVE,
    is_built_in=True,
    encrypts=True,
)
DTU_PRO_S: Final = Profile(
    slug="dtu-pro-s",
    title="DTU-Pro-S, firmware V00.07, with several inverters",
    serial_prefix="10FBA0",
    software_version=1792,
    inverters=(HMS_1600_4T, HMS_1600_4T, HM_800_2T),
    refresh_s=60.0,
    upload_min=15,
    quiet_s=60.0,
    limit_read_back=LimitReadBack.LIVE,
    refuses=MappingProxyType(
        {
            Action.POWER_LIMIT: REFUSED,
            Action.POWER_LIMIT_TEMPORARY: REFUSED,
            Action.STORAGE_REBOOT: REFUSED,
        }
    ),
    ignores=frozenset({Action.INVERTER_ON, Action.INVERTER_OFF}),
    old_answer=OldAnswer.OLD,
)
DTU_WLITE_S: Final = Profile(
    slug="dtu-wlite-s",
    title="DTU-WLite-S, firmware V01.02.03, which encrypts, with several inverters",
    serial_prefix="4130A0",
    software_version=4611,
    inverters=(HMS_1600_4T, HM_800_2T, HM_800_2T, HM_800_2T),
    limit_read_back=LimitReadBack.LIVE,
    encrypts=True,
    refuses=MappingProxyType({Action.POWER_LIMIT_TEMPORARY: REFUSED}),
)
DTU_OLD: Final = Profile(
    slug="dtu-old",
    title="DTU-Pro of the first firmware, which knows the older live data only and pushes it",
    serial_prefix="10F8A0",
    software_version=527,
    inverters=(HM_800_2T,),
    refresh_s=60.0,
    upload_min=15,
    quiet_s=60.0,
    refuses=MappingProxyType({Action.POWER_LIMIT_TEMPORARY: REFUSED}),
    answers_new_data=False,
    old_answer=OldAnswer.OLD,
    pushes_old_data=True,
)
DTU_HMT: Final = Profile(
    slug="dtu-hmt",
    title="DTU-Pro with a three-phase inverter",
    serial_prefix="10FDA0",
    software_version=4102,
    inverters=(HMT_2250_6T,),
    refuses=MappingProxyType({Action.POWER_LIMIT_TEMPORARY: REFUSED}),
)
STORAGE_GW: Final = Profile(
    slug="storage-gw",
    title="Storage gateway with a hybrid inverter and a battery",
    serial_prefix="",
    software_version=4098,
    is_storage=True,
    old_answer=OldAnswer.SILENCE,
    answers_new_data=False,
)

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {p.slug: p for p in (HMSW_MID, HMSW_OLD, HMSW_ENC, DTU_PRO_S, DTU_WLITE_S, DTU_OLD, DTU_HMT, STORAGE_GW)}
)


def profile(slug: str) -> Profile:
    """The default is the first. Raises `ConfigError` with the slugs there are."""
    if not slug:
        return next(iter(PROFILES.values()))
    try:
        return PROFILES[slug]
    except KeyError:
        raise ConfigError(f"no DTU profile is called {slug!r}; there are {', '.join(PROFILES)}.") from None
