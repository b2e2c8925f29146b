"""Where a URL of the site file, or what somebody typed for one, leads."""

from __future__ import annotations

from typing import Final

from ohmstead.model.errors import ConfigError

HIGHEST_PORT: Final = 65_535


def require_port(name: str, port: int, example: int) -> None:
    """Of a key of the site file; 0 will do. Raises `ConfigError`."""
    if not 0 <= port <= HIGHEST_PORT:
        raise ConfigError(f"{name} is a port, not {port}.", example=f"{name} = {example}")


def host_and_port(url: str, scheme: str, usual_port: int) -> tuple[str, int]:
    """Of `SCHEME://HOST[:PORT]`; a bare HOST[:PORT] will do. Raises `ConfigError`."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - a client that is given a host needs none of it

    example = f'url = "{scheme}://192.0.2.7"'
    try:
        parts = urlsplit(url if "://" in url else f"{scheme}://{url}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"{url!r} is no address: {error}.", example=example) from None
    if not host or any(character.isspace() for character in host):
        raise ConfigError(f"{url!r} names no host.", example=example)
    if port == 0:
        raise ConfigError(f"{url!r} has no port; ports are 1 to 65535.", example=example)
    return host, usual_port if port is None else port
