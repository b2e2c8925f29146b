"""Home Assistant's discovery: the same entities in one message for a device, or in one for each.

Both ways share unique ids, so that whoever changes from one to the other keeps entities and their past.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from ohmstead import __version__
from ohmstead.bridges.mqtt.board import CLEARED
from ohmstead.bridges.mqtt.entities import Entity
from ohmstead.bridges.mqtt.topics import BETWEEN, HOME, Topics
from ohmstead.bridges.settings import Discovery
from ohmstead.gateway import DeviceStatus
from ohmstead.kit.registry import families
from ohmstead.model import Site

ORIGIN: Final = {"name": "Ohmstead", "sw_version": __version__}
DEVICE: Final = "device"
"""What a device stands as among the components of discovery topics."""
ENCODER: Final = msgspec.json.Encoder(order="deterministic")

Config = Mapping[str, Any]
"""Any: JSON."""
NOTHING: Final[Mapping[str, str]] = {}


class Announced(msgspec.Struct, frozen=True):
    """A device, or the home, as it is to be shown."""

    device: Config
    entities: tuple[Entity, ...]


def announcements(
    way: Discovery, topics: Topics, name: str, announced: Announced, withdrawn: Mapping[str, str] = NOTHING
) -> Iterator[tuple[str, bytes]]:
    """Topics and texts that make `name`, a device's slug or the home, known.

    `withdrawn` are keys that were entities once, with their platforms. An empty text is a topic to be cleared.
    """
    if way is Discovery.NONE:
        return
    shared: dict[str, Any] = {  # Any: JSON
        "device": announced.device,
        "origin": ORIGIN,
        "availability": _availability(topics, name),
        "availability_mode": "all",
    }
    told = {entity.key: _told(topics, name, entity) for entity in announced.entities}
    if way is Discovery.DEVICE:
        removed = {key: {"platform": platform} for key, platform in withdrawn.items()}
        yield topics.config(DEVICE, name), ENCODER.encode({**shared, "components": {**told, **removed}})
        return
    for entity in announced.entities:
        yield (
            topics.config(entity.platform, f"{name}{BETWEEN}{entity.key}"),
            ENCODER.encode({**shared, **told[entity.key]}),
        )
    for key, platform in withdrawn.items():
        yield topics.config(platform, f"{name}{BETWEEN}{key}"), CLEARED


def config_topics(way: Discovery, topics: Topics, name: str, keys: Mapping[str, str]) -> Iterator[str]:
    """Where `announcements` put what it is to be shown by; `keys` are those of its entities, with their platforms."""
    if way is Discovery.DEVICE:
        yield topics.config(DEVICE, name)
    elif way is Discovery.COMPONENTS:
        yield from (topics.config(platform, f"{name}{BETWEEN}{key}") for key, platform in keys.items())


def of_device(topics: Topics, name: str, status: DeviceStatus) -> Config:
    """As devices are called in Home Assistant's registry."""
    card = families().get(status.family)
    title = status.name if status.name not in ("", status.source) else status.id.replace("/", " ")
    found = {
        "identifiers": [identifier(topics, name)],
        "name": title,
        "manufacturer": (card.vendor if card else "") or status.family,
        "model": status.model,
        "serial_number": status.serial,
        "sw_version": status.firmware,
        "via_device": identifier(topics, HOME),
    }
    return {word: value for word, value in found.items() if value}


def of_site(topics: Topics, site: Site) -> Config:
    return {
        "identifiers": [identifier(topics, HOME)],
        "name": site.name,
        "manufacturer": "Ohmstead",
        "model": "Gateway",
        "sw_version": __version__,
    }


def identifier(topics: Topics, name: str) -> str:
    return f"{topics.node}_{name}"


def _told(topics: Topics, name: str, entity: Entity) -> dict[str, Any]:  # Any: JSON
    return {
        "platform": entity.platform,  # where a topic says it already, it is said twice
        "unique_id": f"{identifier(topics, name)}_{entity.key}",
        **entity.config,
    }


def _availability(topics: Topics, name: str) -> list[Config]:
    gateway = {"topic": topics.status}
    return [gateway] if name == HOME else [gateway, {"topic": topics.device(name, "availability")}]
