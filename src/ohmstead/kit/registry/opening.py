"""From a URL or a `[[device]]` table to an open source."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from ohmstead.kit.registry.families import family_of_url
from ohmstead.kit.registry.loading import load
from ohmstead.kit.registry.services import LocalServices
from ohmstead.model import ConfigError, DeviceConfig, Services, Source

LONGEST_NAME: Final = 100


def config_from_table(table: Mapping[str, Any]) -> DeviceConfig:  # Any: values straight from TOML
    """A `[[device]]` table as its family's own config type. Raises `ConfigError` naming the key."""
    url = table.get("url")
    if not isinstance(url, str):
        raise ConfigError("a [[device]] needs its url.", example='url = "hoymiles://192.0.2.7"')
    host = _host_of(url)
    named = {**table, "name": host or "device"} if table.get("name", "") == "" else table
    try:
        config: DeviceConfig = msgspec.convert(named, load(family_of_url(url).config))
    except msgspec.ValidationError as error:
        raise ConfigError(f"[[device]] {named['name']}: {error}") from error
    _require_name(config.name)
    return config


def connect(url: str, services: Services | None = None) -> AbstractAsyncContextManager[Source]:
    opened: AbstractAsyncContextManager[Source] = load(family_of_url(url).connect)(
        config_from_table({"url": url}), services or LocalServices()
    )
    return opened


def _require_name(name: str) -> None:
    """Device ids are made of it, and a slash ends it there."""
    if len(name) > LONGEST_NAME or "/" in name or not name.isprintable() or name != name.strip():
        raise ConfigError(
            f"name {name[:40]!r} is to be 1 to {LONGEST_NAME} visible characters without a slash.",
            example='name = "roof"',
        )


def _host_of(url: str) -> str:
    """Every family's config comes through here, so a URL it holds can be split without surprise."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ConfigError(
            f"{url!r} is no device URL: {error}.", example="hoymiles://192.0.2.7:10081"
        ) from error
    return parts.hostname or ""
