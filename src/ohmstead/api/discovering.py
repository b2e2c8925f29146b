"""Finds devices, and tries them before they become part of the site."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final, cast

from ohmstead.api.problems import Declined
from ohmstead.api.site_asks import DiscoverAsk, FoundView, TriedDevice, TryAsk, TryView
from ohmstead.api.site_editing import require_no_hand
from ohmstead.gateway import (
    DeviceStatus,
    Gateway,
    Tried,
    discover,
    place_of,
    require_reachable,
    staying_reachable,
    try_device,
)
from ohmstead.kit.link.vicinity import own_networks
from ohmstead.kit.registry import LocalServices, family_of_url
from ohmstead.model import AnyReading, ConfigError, DeviceConfig, DeviceInfo, Found, Reading

MOST_NETWORKS: Final = 8


async def find(gateway: Gateway, ask: DiscoverAsk) -> tuple[FoundView, ...]:
    """The site's own devices first; they are not disturbed."""
    networks = [part.strip() for part in ask.network.split(",")] if ask.network else list(own_networks())
    if len(networks) > MOST_NETWORKS:
        raise Declined(HTTPStatus.BAD_REQUEST, f"At most {MOST_NETWORKS} networks are looked at.")
    if not networks:
        raise Declined(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This machine is in no private network; name one, such as 192.168.1.0/24.",
        )
    if gateway.looking.locked():
        raise Declined(HTTPStatus.SERVICE_UNAVAILABLE, "A search is under way.", retry_after_s=10)
    serials = {status.serial for status in gateway.devices() if status.serial}
    async with gateway.looking:
        try:
            found = await discover(networks, LocalServices(gateway.clock), spared=gateway.places())
        except ConfigError as error:
            raise Declined(HTTPStatus.BAD_REQUEST, str(error)) from error
    known = tuple(_known(gateway, config) for config in gateway.site_file.devices)
    return known + tuple(_view(one, is_known=False) for one in found if one.serial not in serials)


def _known(gateway: Gateway, config: DeviceConfig) -> FoundView:
    status = next((status for status in gateway.devices() if status.source == config.name), None)
    title = " ".join(filter(None, (config.name, status.model, status.serial))) if status else config.name
    serial = status.serial if status else ""
    family = family_of_url(config.url).name
    return _view(Found(family=family, url=config.url, title=title, serial=serial), is_known=True)


def _view(found: Found, *, is_known: bool) -> FoundView:
    return FoundView(
        family=found.family,
        url=found.url,
        title=found.title,
        serial=found.serial,
        needs=found.needs,
        is_known=is_known,
    )


async def try_it(gateway: Gateway, ask: TryAsk) -> TryView:
    """A device of the site is not opened a second time: many take one connection."""
    known = next(
        (config for config in gateway.site_file.devices if place_of(config.url) == place_of(ask.url)), None
    )
    if known is not None:
        return _as_known(gateway, known)
    try:
        await require_reachable(ask.url, gateway.site_file.devices)
        require_no_hand(ask.url, ask.settings)
        with staying_reachable(ask.url):
            tried = await try_device(
                ask.url, ask.settings, ask.secret, clock=gateway.clock, secrets=gateway.secrets
            )
    except ConfigError as error:
        raise Declined(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
    return _as_tried(tried)


def _as_known(gateway: Gateway, config: DeviceConfig) -> TryView:
    statuses = [status for status in gateway.devices() if status.source == config.name]
    trouble = next((status.reason for status in statuses if status.last_good_at is None), "")
    if trouble:
        raise Declined(HTTPStatus.BAD_GATEWAY, f"{config.name} is part of the site already, but: {trouble}")
    devices = tuple(_device(status, status.readings) for status in statuses)
    return TryView(devices=devices, secrets=())


def _as_tried(tried: Tried) -> TryView:
    read = tried.sample.readings
    devices = (_device(info, (one for one in read if one.device == info.id)) for info in tried.devices)
    return TryView(devices=tuple(devices), secrets=tried.secrets)


def _device(info: DeviceInfo | DeviceStatus, readings: Iterable[Reading]) -> TriedDevice:
    return TriedDevice(
        id=info.id,
        model=info.model,
        serial=info.serial,
        firmware=info.firmware,
        # cast: `Reading` is the base of the roles, and nothing is a reading without one
        readings=cast("tuple[AnyReading, ...]", tuple(readings)),
    )
