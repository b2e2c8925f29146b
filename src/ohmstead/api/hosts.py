"""Who may talk to us through a browser: only a page of ours, under a name that is ours.

A page elsewhere can make a browser send us requests, and can point its own name at our address. Both show in headers
that scripts cannot forge: Host and Origin.
"""

from __future__ import annotations

from http import HTTPStatus
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from ohmstead.api.problems import Declined
from ohmstead.model import ConfigError

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def require_loopback(host: str) -> None:
    """Raises `ConfigError` for an address that others could reach: there are no tokens yet to tell them apart."""
    if not is_loopback(host):
        raise ConfigError(
            f"{host!r} can be reached from other machines, and without tokens anybody there could command this home. "
            "Listen on loopback, and forward the port for access from elsewhere.",
            example="--host 127.0.0.1, and ssh -L 8420:localhost:8420 from the other machine",
        )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def require_own_host(header: str, bound: str) -> None:
    """Raises `Declined` unless the Host header names us."""
    if _name(header) not in {*LOOPBACK_NAMES, bound.lower()}:
        raise Declined(
            HTTPStatus.MISDIRECTED_REQUEST,
            f"No site is served under the name {header[:100]!r}; use localhost.",
        )


def require_own_origin(origin: str | None, host: str) -> None:
    """Raises `Declined` for a request another page made. Programs that are no browsers send no Origin."""
    if origin is not None and origin.lower() not in (f"http://{host.lower()}", f"https://{host.lower()}"):
        raise Declined(HTTPStatus.FORBIDDEN, f"Requests of pages from {origin[:100]!r} are not answered.")


def _name(header: str) -> str:
    try:
        return (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return ""
