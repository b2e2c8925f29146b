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


class LimitReadBack(Enum):
    """Where the firmware says its persistent limit."""

    CONFIG = "config"
    LIVE = "live"
    NOWHERE = "nowhere"


class InverterModel(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    serial_prefix: str
    rated_w: float
    ports: int
    panel_w: float
    software_version: int
    hardware_part_number: int
    hardware_version: int


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


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    slug: str
    title: str
    serial_prefix: str
    software_version: int
    """01.00.08 is 4104."""
    hardware_version: int
    inverters: tuple[InverterModel, ...]
    refresh_s: float
    """How long a data set stands."""
    performance_refresh_s: float | None
    """After action 33, until the next start; `None` where the firmware has no such mode."""
    holds_off: bool
    """Each read sooner than a refresh after the one before puts the refresh off."""
    upload_min: int
    limit_read_back: LimitReadBack
    is_built_in: bool
    """Fed by the panels: in the dark it is not there at all."""
    refuses: Mapping[Action, int] = msgspec.field(default_factory=dict)
    """Error code for actions this firmware knows but does not take."""


HMSW_MID: Final = Profile(
    slug="hmsw-mid",
    title="HMS-…W with built-in DTU, firmware V01.00",
    serial_prefix="4143A0",
    software_version=4104,
    hardware_version=256,
    inverters=(HMS_800W_2T,),
    refresh_s=30.0,
    performance_refresh_s=2.0,
    holds_off=True,
    upload_min=5,
    limit_read_back=LimitReadBack.CONFIG,
    is_built_in=True,
)

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType({p.slug: p for p in (HMSW_MID,)})


def profile(slug: str) -> Profile:
    """The default is the first. Raises `ConfigError` with the slugs there are."""
    if not slug:
        return next(iter(PROFILES.values()))
    try:
        return PROFILES[slug]
    except KeyError:
        raise ConfigError(f"no DTU profile is called {slug!r}; there are {', '.join(PROFILES)}.") from None
