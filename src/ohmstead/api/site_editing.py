"""The site file as a document that can be read, changed as a whole, and taken back by one step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import msgspec

from ohmstead.api.contract import Nothing
from ohmstead.api.problems import Declined
from ohmstead.api.site_asks import DeviceEntry, FamilyView, SiteAsk, SiteDocument
from ohmstead.gateway import Gateway, SiteFile, beyond_defaults, require_reachable, with_names_of
from ohmstead.kit.registry import config_from_table, families, family_of_url, load
from ohmstead.kit.registry.meanings import meanings
from ohmstead.model import ConfigError, DeviceConfig

COMMON: Final = frozenset(DeviceConfig.__struct_fields__)
"""Of every device, beside its family's settings."""
Json = Mapping[str, Any]  # Any: JSON


async def site(gateway: Gateway, _: Nothing) -> SiteDocument:
    said = gateway.site_file.site
    return SiteDocument(
        name=said.name,
        time_zone=said.time_zone,
        currency=said.currency,
        latitude_deg=said.latitude_deg,
        longitude_deg=said.longitude_deg,
        devices=tuple(map(_entry, gateway.site_file.devices)),
        families=tuple(
            FamilyView(
                name=card.name, title=card.title, schemes=card.schemes, settings=settings_schema(card.config)
            )
            for card in families().values()
        ),
        can_undo=gateway.editor.can_undo,
    )


async def save(gateway: Gateway, ask: SiteAsk) -> SiteDocument:
    """The running site follows at once. Nothing is changed by what is not valid as a whole."""

    def edit(current: SiteFile) -> SiteFile:
        before = {config.name: config for config in current.devices}
        devices = tuple(_config(entry, before) for entry in ask.devices)
        said = {
            name: getattr(ask, name)
            for name in ("name", "time_zone", "currency", "latitude_deg", "longitude_deg")
        }
        site = with_names_of(current.site, current.devices, devices)
        return msgspec.structs.replace(current, site=msgspec.structs.replace(site, **said), devices=devices)

    try:
        for entry in ask.devices:
            await require_reachable(entry.url, gateway.site_file.devices)
        await gateway.editor.save(edit, ask.secrets)
    except ConfigError as error:
        raise Declined(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
    return await site(gateway, Nothing())


async def undo(gateway: Gateway, _: Nothing) -> SiteDocument:
    try:
        is_undone = await gateway.editor.undo()
    except ConfigError as error:
        raise Declined(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
    if not is_undone:
        raise Declined(HTTPStatus.CONFLICT, "There is no change to take back.")
    return await site(gateway, Nothing())


def _entry(config: DeviceConfig) -> DeviceEntry:
    settings = {name: value for name, value in beyond_defaults(config).items() if name not in COMMON}
    common = {name: getattr(config, name) for name in COMMON}
    return DeviceEntry(**common, settings=settings)


def _config(entry: DeviceEntry, before: Mapping[str, DeviceConfig]) -> DeviceConfig:
    was = before.get(entry.name)
    kept = beyond_defaults(was) if was is not None else {}
    settings = {
        name: value for name, value in entry.settings.items() if name not in kept or kept[name] != value
    }
    require_no_hand(entry.url, settings)
    if taken := COMMON & entry.settings.keys():
        raise ConfigError(f"{min(taken)} stands beside the settings, not among them.")
    return config_from_table({**entry.settings, **{name: getattr(entry, name) for name in COMMON}})


def require_no_hand(url: str, settings: Json) -> None:
    """No request reaches this machine's files and lines. Raises `ConfigError` for settings that name some."""
    schema = settings_schema(family_of_url(url).config)
    for name in settings:
        if schema["properties"].get(name, {}).get("readOnly"):
            raise ConfigError(f"{name} is set in the site file by hand: it names something of this machine.")


@cache
def settings_schema(config: str) -> Json:
    """Of a family's own settings, as JSON Schema."""
    kind: type[DeviceConfig] = load(config)
    _, components = msgspec.json.schema_components([kind])
    said = meanings(kind)
    properties = {
        name: {**field, "description": said[name]} if name in said else field
        for name, field in components[kind.__name__]["properties"].items()
        if name not in COMMON
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}
