"""The `[[device]]` table of an EVerest charge point."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from ohmstead.model import ConfigError, DeviceConfig

EXAMPLE: Final = 'url = "everest://192.0.2.7"'
PLAIN, SECURE = "everest", "everests"
PORT: Final = 8080
SECURE_PORT: Final = 8443


class EverestConfig(DeviceConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    token: str = ""
    """The name of a secret that holds an access token; empty: none is needed."""
    fingerprint: str = ""
    """Of the certificate that is expected, as SHA-256 in hexadecimal; empty: one that this machine trusts."""

    @property
    def websocket_url(self) -> str:
        """Where the charge point listens. Raises `ConfigError` when the URL has no host."""
        return websocket_url(self.url)


def websocket_url(url: str) -> str:
    """`ws://HOST:PORT` of `everest://HOST[:PORT]`, `wss://` of `everests://`; a bare host will do. Raises `ConfigError`."""
    try:
        parts = urlsplit(url if "://" in url else f"{PLAIN}://{url}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"{url!r} is no address: {error}.", example=EXAMPLE) from None
    if not host:
        raise ConfigError(f"{url!r} names no host.", example=EXAMPLE)
    if parts.scheme not in (PLAIN, SECURE):
        raise ConfigError(f"{url!r} is no charge point's address.", example=EXAMPLE)
    is_secure = parts.scheme == SECURE
    shown = f"[{host}]" if ":" in host else host
    default = SECURE_PORT if is_secure else PORT
    return f"{'wss' if is_secure else 'ws'}://{shown}:{default if port is None else port}"
