"""Servers a simulator may be pointed at. The vendor's own are left alone unless somebody insists."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from ohmstead.families.hoymiles.wire import PORT
from ohmstead.model import ConfigError

VENDOR_DOMAINS: Final = ("hoymiles.com", "hoymiles.cn", "hoymiles.net")


def server(text: str, option: str, *, allow_vendor: bool) -> tuple[str, int]:
    """Host and port of HOST[:PORT]. Raises `ConfigError` for what is none, or is the vendor's."""
    example = f"{option} 127.0.0.1:{PORT}"
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"{option} {text!r} is no address: {error}.", example=example) from None
    if not host or parts.path or parts.username is not None:
        raise ConfigError(f"{option} {text!r} is no HOST:PORT.", example=example)
    if is_vendor(host) and not allow_vendor:
        raise ConfigError(
            f"{host} is the vendor's own cloud, which a simulated device has no business with; "
            "--allow-vendor-cloud insists.",
            example=example,
        )
    return host, PORT if port is None else port


def is_vendor(host: str) -> bool:
    name = host.rstrip(".").lower()
    return any(name == domain or name.endswith(f".{domain}") for domain in VENDOR_DOMAINS)
