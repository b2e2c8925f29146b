"""The `[mqtt]` and `[influxdb]` tables of the site file."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.gateway import SiteFile
from ohmstead.kit.link.http import address
from ohmstead.model import ConfigError, require_port

PREFIX: Final = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")

HOST: Final = re.compile(r"[\w.-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[\w:.%-]*")
"""A name or an IPv4 address, or an IPv6 address; with one colon it would have a port or a scheme."""


class Discovery(StrEnum):
    DEVICE = "device"
    """One message for each device: Home Assistant 2024.11 and later."""
    COMPONENTS = "components"
    """One message for each entity: every Home Assistant."""
    NONE = "none"
    """Only topics with readings."""


class MqttSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without this table nothing is told to any broker."""

    host: str
    """Of the broker."""
    port: int = 0
    """0: 1883, or 8883 under TLS."""
    tls: bool = False
    fingerprint: str = ""
    """SHA-256 of the broker's certificate, if no authority that this machine trusts vouches for it."""
    username: str = ""
    secret: str = "mqtt"  # noqa: S105 - a reference into the secrets file
    """Reference of the password in the secrets file; asked for only with a username."""
    prefix: str = "ohmstead"
    """All our topics begin with it. Two gateways on one broker need two."""
    discovery: Discovery = Discovery.DEVICE
    """How Home Assistant is told: `device` from 2024.11 on, `components` for older ones, `none` for nobody."""
    discovery_prefix: str = "homeassistant"
    details: bool = True
    """Whether vendors' own measured values are offered too; in Home Assistant they are off until enabled."""
    enabled: bool = True
    """False: the next start removes everything of ours from the broker, and connects no more."""

    def __post_init__(self) -> None:
        if not HOST.fullmatch(self.host):
            raise ConfigError(
                f"host is the broker's name or address alone, not {self.host!r}.",
                example='host = "192.0.2.9"',
            )
        require_port("port", self.port, 1883)
        for name in ("prefix", "discovery_prefix"):
            if not PREFIX.fullmatch(value := getattr(self, name)):
                raise ConfigError(
                    f"{name} is words of letters, digits, - and _, parted by slashes, not {value!r}.",
                    example=f'{name} = "{"ohmstead" if name == "prefix" else "homeassistant"}"',
                )
        if self.fingerprint and not self.tls:
            raise ConfigError("fingerprint is of a certificate, which only TLS has.", example="tls = true")

    @property
    def port_number(self) -> int:
        return self.port or (8883 if self.tls else 1883)


class InfluxSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without this table nothing is pushed to any database."""

    url: str
    """Scheme, host and port, such as `http://192.0.2.9:8086`."""
    bucket: str
    """Of InfluxDB 1.8: `database/retention-policy`."""
    org: str = ""
    secret: str = "influxdb"  # noqa: S105 - a reference into the secrets file
    """Reference of the token in the secrets file; empty: none is sent."""
    interval_s: float = 10.0
    """Between two batches."""
    enabled: bool = True

    def __post_init__(self) -> None:
        try:
            address(self.url)
        except ConfigError:
            raise ConfigError(
                f"url is no address of a host alone: {self.url!r}.", example='url = "http://192.0.2.9:8086"'
            ) from None
        if not self.bucket:
            raise ConfigError("bucket is where readings are kept.", example='bucket = "home"')
        if not 1 <= self.interval_s <= 3600:
            raise ConfigError(
                f"interval_s is to lie between 1 and 3600, not {self.interval_s:g}.",
                example="interval_s = 10",
            )


class BridgeSettings(msgspec.Struct, frozen=True):
    mqtt: MqttSettings | None = None
    influxdb: InfluxSettings | None = None


def bridge_settings(site_file: SiteFile) -> BridgeSettings:
    return BridgeSettings(mqtt=site_file.table(MqttSettings), influxdb=site_file.table(InfluxSettings))
