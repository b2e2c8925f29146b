"""The `[[device]]` table of a Wall Connector."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import parse_qs, urlsplit

from ohmstead.families.tesla_wall_connector.power import Wiring
from ohmstead.model import BY_HAND, ConfigError, DeviceConfig, host_and_port

SCHEME = "tesla-wall-connector"
PORT = 80
CONDUCTOR_A = (6, 200)


class TeslaWallConnectorConfig(DeviceConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    access_point: Annotated[str, BY_HAND] = ""
    """`192.168.92.1` where this machine can join the unit's own Wi-Fi: limits are set over it. Empty: read only."""
    meter_port: Annotated[str, BY_HAND] = ""
    """Experimental: the line at whose other end the unit looks for its RS485 meter, `/dev/ttyUSB0` or HOST:PORT of an
    adapter. Ohmstead then is that meter, and leads the unit by its figures. Needs `conductor_limit_a` and `access_point`.
    """
    conductor_limit_a: float = 0.0
    """6 to 200: exactly as it was commissioned with the meter."""
    wiring: Literal["", "phases", "split_1", "split_2"] = ""
    """How the unit's figures are to be read; empty: as its voltages show."""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port on the home network. Raises `ConfigError` when the URL has none."""
        return address(self.url)

    @property
    def access_point_address(self) -> tuple[str, int] | None:
        """From the table, or from `?access_point=` of the URL."""
        said = self.access_point or parse_qs(urlsplit(self.url).query).get("access_point", [""])[0]
        return address(said) if said else None

    @property
    def meter_line(self) -> str:
        """Of the meter port; empty: none. Raises `ConfigError` where something is missing for it."""
        if self.meter_port and not CONDUCTOR_A[0] <= self.conductor_limit_a <= CONDUCTOR_A[1]:
            raise ConfigError(
                f"meter_port needs the conductor limit that was commissioned, {CONDUCTOR_A[0]} to {CONDUCTOR_A[1]} A.",
                example="conductor_limit_a = 63",
            )
        if self.meter_port and self.access_point_address is None:
            raise ConfigError(
                "meter_port needs the access point, to learn the installer's limit once.",
                example='access_point = "192.168.92.1"',
            )
        return self.meter_port

    @property
    def stated_wiring(self) -> Wiring | None:
        return Wiring(self.wiring) if self.wiring else None


def address(url: str) -> tuple[str, int]:
    """Host and port of `tesla-wall-connector://HOST[:PORT]`; a bare host will do. Raises `ConfigError`."""
    return host_and_port(url, SCHEME, PORT)
