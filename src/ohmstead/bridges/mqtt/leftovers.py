"""What an earlier run left on the broker: devices that left the site, controls that were taken away, another way of
announcing. The broker's retained messages are the memory; no file of ours has to agree with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from ohmstead.bridges.mqtt.announcing import DEVICE
from ohmstead.bridges.mqtt.board import Board
from ohmstead.bridges.mqtt.controls import CONTROLS
from ohmstead.bridges.mqtt.entities import DETAIL
from ohmstead.bridges.mqtt.topics import BETWEEN, HOME, ODD, Topics, slug
from ohmstead.bridges.settings import Discovery, MqttSettings
from ohmstead.gateway import DeviceStatus

MIGRATE: Final = b'{"migrate_discovery": true}'
"""Tells Home Assistant that an entity stays and only its announcement moves."""


class Leftovers:
    def __init__(self, board: Board, topics: Topics, settings: MqttSettings) -> None:
        self._board = board
        self._topics = topics
        self._settings = settings
        self._found: dict[str, bytes] = {}

    @property
    def are_there(self) -> bool:
        return bool(self._found)

    def found(self, retained: Mapping[str, bytes]) -> None:
        """What the broker held when we came."""
        self._found = dict(retained)

    def moving(self, devices: tuple[DeviceStatus, ...]) -> Iterator[str]:
        """Topics that announce what we still have, but the other way than now."""
        names = _names(devices)
        for topic in self._found:
            component, item = self._config(topic)
            is_other = component and self._settings.discovery is not Discovery.NONE
            if is_other and not self._is_our_way(component) and item.partition(BETWEEN)[0] in names:
                yield topic

    def unwanted(self, status: DeviceStatus) -> Mapping[str, str]:
        """Entities, with their platforms, that one message announced and that are none any more."""
        text = self._found.get(self._topics.config(DEVICE, slug(status.id)), b"")
        try:
            components = msgspec.json.decode(text, type=_Announced).components
        except msgspec.DecodeError:
            return {}
        platforms = {key: str(config.get("platform", "")) for key, config in components.items()}
        return {key: name for key, name in platforms.items() if name and self._is_unwanted(key, status)}

    def clear(self, devices: tuple[DeviceStatus, ...]) -> None:
        """Remove what nobody stands behind any more. Sources that have not told of their devices yet keep theirs."""
        names = _names(devices)
        pending = tuple(f"{ODD.sub('_', status.source)}_" for status in devices if not _is_told(status))
        # First goes what others find the rest by.
        for topic in sorted(self._found, key=lambda topic: not self._config(topic)[0]):
            if self._is_left(topic, names, pending):
                del self._found[topic]
                self._board.drop((topic,))
        if not pending:
            self._found.clear()

    def _is_left(
        self, topic: str, names: Mapping[str, DeviceStatus | None], pending: tuple[str, ...]
    ) -> bool:
        component, item = self._config(topic)
        if self._board.holds(topic) or item.startswith(pending) or not item:
            return False
        owner, _, key = item.partition(BETWEEN)
        if owner not in names:
            return True
        if not component:
            return self._topics.command(topic) is not None  # somebody's retained command
        status = names[owner]
        return not self._is_our_way(component) or (status is not None and self._is_unwanted(key, status))

    def _is_our_way(self, component: str) -> bool:
        if self._settings.discovery is Discovery.NONE:
            return False
        return (component == DEVICE) is (self._settings.discovery is Discovery.DEVICE)

    def _is_unwanted(self, key: str, status: DeviceStatus) -> bool:
        """By the owner's settings. What a device only does not tell now may come back."""
        is_control = key in CONTROLS and not status.control
        return is_control or (key.startswith(DETAIL) and not self._settings.details)

    def _config(self, topic: str) -> tuple[str, str]:
        """Component and item of a discovery topic; of another topic no component, and a device's slug if it has one."""
        parts = topic.removeprefix(f"{self._topics.discovery}/").split("/")
        if len(parts) == 4 and parts[1] == self._topics.node and parts[3] == "config":
            return parts[0], parts[2]
        below = topic.removeprefix(self._topics.device("", "")[:-1])
        return "", "" if below == topic else below.partition("/")[0]


class _Announced(msgspec.Struct):
    components: dict[str, dict[str, Any]]  # Any: JSON


def _is_told(status: DeviceStatus) -> bool:
    return bool(status.readings or status.details)


def _names(devices: tuple[DeviceStatus, ...]) -> Mapping[str, DeviceStatus | None]:
    return {HOME: None, **{slug(status.id): status for status in devices if _is_told(status)}}
