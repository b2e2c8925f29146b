"""The `[[device]]` table of an adapter."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ohmstead.families.givenergy.wire import PORT
from ohmstead.model import ConfigError, DeviceConfig, host_and_port

USUAL_INTERVAL_S = 15.0


class GivEnergyConfig(DeviceConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    interval_s: Annotated[float, msgspec.Meta(ge=5.0, le=3600.0)] = USUAL_INTERVAL_S
    """Between two polls. The vendor's cloud polls the same bus twice a minute."""
    gap_s: Annotated[float, msgspec.Meta(ge=0.0, le=10.0)] = 0.25
    """Between two requests; shorter ones make adapters lose replies."""
    timeout_s: Annotated[float, msgspec.Meta(gt=0.0, le=60.0)] = 2.0
    """For one reply. Adapters are silent for seconds now and then, and a Gen 3 takes a second for each."""
    allow_gated: bool = False
    """Send writes that are harmless but not proven on this model."""

    time_zone: str = ""
    """Of the inverter's clock, such as "Europe/London", for setting it; empty: this computer's."""

    def __post_init__(self) -> None:
        try:
            self.zone  # noqa: B018 - raises for what is none
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
            raise ConfigError(
                f"time_zone {self.time_zone!r} is not in the time zone database.",
                example='time_zone = "Europe/London"',
            ) from None

    @property
    def zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.time_zone) if self.time_zone else None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the URL. Raises `ConfigError` when it has none."""
        return address(self.url)


def address(url: str) -> tuple[str, int]:
    """Host and port of `givenergy://HOST[:PORT]`; a bare host will do. Raises `ConfigError`."""
    return host_and_port(url, "givenergy", PORT)
