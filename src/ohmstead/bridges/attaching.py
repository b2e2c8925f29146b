"""Bridges of a site, as its file asks for them, while a context lasts."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from ohmstead.bridges.influxdb import InfluxPush
from ohmstead.bridges.settings import BridgeSettings, InfluxSettings, MqttSettings
from ohmstead.gateway import Gateway
from ohmstead.kit.libraries import brought_by
from ohmstead.kit.link import TaskScope

log = logging.getLogger(__name__)

Secret = Callable[[str], str]
"""A reference in, a secret out; raises `ConfigError`."""


@asynccontextmanager
async def bridged(gateway: Gateway, settings: BridgeSettings, secret: Secret) -> AsyncIterator[None]:
    """Raises `ConfigError` for a secret or a library that is missing. A broker or database that is away is no error."""
    async with TaskScope() as scope:
        if settings.mqtt is not None:
            _start_mqtt(scope, gateway, settings.mqtt, secret)
        push = None
        if settings.influxdb is not None and settings.influxdb.enabled:
            push = _start_push(scope, gateway, settings.influxdb, secret)
        yield
    if push is not None:
        await push.finish()


def _start_mqtt(scope: TaskScope, gateway: Gateway, settings: MqttSettings, secret: Secret) -> None:
    with brought_by("mqtt", "[mqtt]"):
        from ohmstead.bridges.mqtt import MqttBridge, clear_if_possible  # noqa: PLC0415 - only where it is asked for

    password = secret(settings.secret) if settings.username else ""
    if not settings.enabled:
        scope.start(_alone("MQTT", clear_if_possible(settings, password)))
        return
    scope.start(_alone("MQTT", MqttBridge(gateway, settings, password).run()))


def _start_push(scope: TaskScope, gateway: Gateway, settings: InfluxSettings, secret: Secret) -> InfluxPush:
    push = InfluxPush(gateway, settings, secret(settings.secret) if settings.secret else "")
    scope.start(_alone("InfluxDB", push.collect()))
    scope.start(_alone("InfluxDB", push.push()))
    return push


async def _alone(name: str, work: Coroutine[Any, Any, None]) -> None:  # Any: what asyncio's coroutines say
    """Whatever ends a bridge, the site goes on."""
    try:
        await work
    except Exception:  # this task's root: the site is not the bridge's to end
        log.exception("the bridge to %s has ended by a fault in Ohmstead; the site goes on without it", name)
