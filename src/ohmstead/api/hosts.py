"""Who may talk to us through a browser: only a page of ours, under a name that is ours.

A page elsewhere can make a browser send us requests, and can point its own name at our address. Both show in headers
that scripts cannot forge: Host and Origin.
"""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from ohmstead.api.contract import PREFIX
from ohmstead.api.problems import Declined

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def require_own_host(header: str, names: Collection[str]) -> None:
    """Raises `Declined` unless the Host header names us. `names` are in lower case.

    An address can be pointed nowhere else, so that any address of ours is good; which ones there are changes.
    """
    name = _name(header)
    if name not in names and not (names is not LOOPBACK_NAMES and _is_address(name)):
        raise Declined(
            HTTPStatus.MISDIRECTED_REQUEST,
            f"No site is served under the name {header[:100]!r}; use localhost, or add it to `names` of [api].",
        )


def require_own_origin(origin: str | None, host: str) -> None:
    """Raises `Declined` for a request another page made. Programs that are no browsers send no Origin."""
    if origin is not None and origin.lower() not in (f"http://{host.lower()}", f"https://{host.lower()}"):
        raise Declined(HTTPStatus.FORBIDDEN, f"Requests of pages from {origin[:100]!r} are not answered.")


def require_own_page(path: str, fetched_by: str | None) -> None:
    """Raises `Declined` for a call that a page of another site makes a browser send, as by the address of a picture: such
    calls come without an Origin, and some, like a search of the network, do something. Links to our pages are welcome.
    """
    if fetched_by == "cross-site" and path.startswith(PREFIX):
        raise Declined(HTTPStatus.FORBIDDEN, "Calls that pages of other sites make are not answered.")


def _name(header: str) -> str:
    try:
        return (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
