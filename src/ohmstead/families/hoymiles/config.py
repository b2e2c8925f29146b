"""The `[[device]]` table of a DTU."""

from __future__ import annotations

from typing import Annotated

import msgspec

from ohmstead.families.hoymiles.wire import GAP_S, PORT
from ohmstead.model import DeviceConfig, host_and_port


class HoymilesConfig(DeviceConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    poll_all: bool = True
    """Ask the DTU to collect before each read; some firmware serves old data without it."""
    spares_uploads: bool = True
    """Do not read shortly before the DTU reports to the vendor's cloud, which would make it skip that."""
    gap_s: Annotated[float, msgspec.Meta(ge=0.0, le=10.0)] = GAP_S
    """Between two requests, and four times as long between two connections; DTUs that are hurried fall silent."""

    def __post_init__(self) -> None:
        address(self.url)  # raises for what is none: not only when it is first dialled

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the URL. Raises `ConfigError` when it has none."""
        return address(self.url)


def address(url: str) -> tuple[str, int]:
    """Host and port of `hoymiles://HOST[:PORT]`; a bare host will do. Raises `ConfigError`."""
    return host_and_port(url, "hoymiles", PORT)
