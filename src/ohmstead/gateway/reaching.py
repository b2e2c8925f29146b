"""Where a request from outside may send us: into the home network, to the vendors' clouds, and where the site file says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from ohmstead.kit.link.vicinity import is_near_host, staying_near
from ohmstead.kit.registry import config_from_table, family_of_url
from ohmstead.model import ConfigError, DeviceConfig

NO_PLACES: Final = re.compile(r"(0|1|true|false|([0-9A-Fa-f]{2}:?){32})?")
"""What a URL's query may say that is no address: a switch, or a fingerprint."""
EXAMPLE: Final = "hoymiles://192.168.1.7"


async def require_reachable(url: str, known: Iterable[DeviceConfig]) -> None:
    """Raises `ConfigError` for a URL of no family, and for one that leads out of the home and not to the vendor; `known`
    are the site file's, whose author may send us anywhere.
    """
    config_from_table({"url": url, "name": "device"})  # a URL that can be split, of a family there is
    if any(config.url == url for config in known):
        return
    parts, card = urlsplit(url), family_of_url(url)
    host = parts.hostname or ""
    is_cloud = bool(card.clouds) and host in ("", *card.clouds)
    if not is_cloud and not await is_near_host(host):
        raise ConfigError(
            f"{host or url!r} is no address in a home network. Devices elsewhere are named in the site file by hand.",
            example=EXAMPLE,
        )
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if NO_PLACES.fullmatch(value) is None and not await is_near_host(_host(value)):
            raise ConfigError(f"?{name}={value!r} is no address in a home network.", example=EXAMPLE)


def staying_reachable(url: str) -> AbstractContextManager[None]:
    """While it is opened: a name that `require_reachable` has passed may lead elsewhere a moment later."""
    return staying_near(*family_of_url(url).clouds)


def _host(value: str) -> str:
    try:
        return urlsplit(f"//{value}").hostname or ""
    except ValueError:
        return ""
