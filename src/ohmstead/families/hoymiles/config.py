"""The `[[device]]` table of a DTU."""

from __future__ import annotations

from urllib.parse import urlsplit

from ohmstead.families.hoymiles.wire import PORT
from ohmstead.model import ConfigError, DeviceConfig

EXAMPLE = 'url = "hoymiles://192.0.2.7"'


class HoymilesConfig(DeviceConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    poll_all: bool = True
    """Ask the DTU to collect before each read; some firmware serves old data without it."""
    spares_uploads: bool = True
    """Do not read shortly before the DTU reports to the vendor's cloud, which would make it skip that."""

    def __post_init__(self) -> None:
        address(self.url)  # raises for what is none: not only when it is first dialled

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the URL. Raises `ConfigError` when it has none."""
        return address(self.url)


def address(url: str) -> tuple[str, int]:
    """Host and port of `hoymiles://HOST[:PORT]`; a bare host will do. Raises `ConfigError`."""
    try:
        parts = urlsplit(url if "://" in url else f"hoymiles://{url}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"{url!r} is no address: {error}.", example=EXAMPLE) from None
    if not host or any(character.isspace() for character in host):
        raise ConfigError(f"{url!r} names no host.", example=EXAMPLE)
    if port == 0:
        raise ConfigError(f"{url!r} has no port; ports are 1 to 65535.", example=EXAMPLE)
    return host, PORT if port is None else port
