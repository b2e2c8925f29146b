"""A bridge that is switched off leaves a broker as if it had never been there."""

from __future__ import annotations

import logging

from ohmstead.bridges.mqtt.board import CLEARED
from ohmstead.bridges.mqtt.broker import connected
from ohmstead.bridges.mqtt.topics import topics_of
from ohmstead.bridges.settings import MqttSettings
from ohmstead.model import OhmsteadError

log = logging.getLogger(__name__)


async def clear(settings: MqttSettings, password: str = "") -> int:
    """Remove every retained message of ours; how many there were. Raises `OhmsteadError`."""
    topics = topics_of(settings)
    async with connected(settings, topics, password) as broker:
        found = await broker.retained(topics.ours, f"{topics.prefix}/mark")
        for topic in found:
            await broker.publish(topic, CLEARED)
    return len(found)


async def clear_if_possible(settings: MqttSettings, password: str) -> None:
    """Tried at every start: once nothing is left it costs one look."""
    try:
        if count := await clear(settings, password):
            log.info("%d messages of ours were removed from the MQTT broker", count)
    except OhmsteadError as error:
        log.warning("what we left on the MQTT broker is still there: %s", error)
