"""Puts the site on the board: readings, health, availability, settings in force, receipts, announcements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from ohmstead.bridges.fields import FIELDS_OF, FLOWS, tag_of
from ohmstead.bridges.mqtt.announcing import (
    ENCODER,
    Announced,
    announcements,
    config_topics,
    of_device,
    of_site,
)
from ohmstead.bridges.mqtt.board import CLEARED, Board
from ohmstead.bridges.mqtt.controls import CONTROLS, shown
from ohmstead.bridges.mqtt.entities import Entity, of_abilities, of_details, of_fields, of_health, of_home
from ohmstead.bridges.mqtt.topics import HOME, Topics, slug
from ohmstead.bridges.settings import MqttSettings
from ohmstead.bridges.telling import Recalled, Value, is_reached, told, told_details
from ohmstead.gateway import DeviceStatus
from ohmstead.model import ROLES, Detail, DeviceId, Envelope, Flows, Receipt, Site

DIGITS: Final = 3
ONLINE: Final = b"online"
OFFLINE: Final = b"offline"


class Projection:
    def __init__(
        self, board: Board, topics: Topics, settings: MqttSettings, recalled: Recalled | None = None
    ) -> None:
        self._board = board
        self._recalled = recalled or Recalled()
        self._topics = topics
        self._settings = settings
        self._known: dict[DeviceId, set[str]] = {}
        """Fields a device has ever told: one that is unknown now is announced all the same."""
        self._details: dict[DeviceId, dict[str, Detail]] = {}
        """As each was first told with a value."""
        self._abilities: dict[DeviceId, dict[str, Envelope]] = {}
        """What it could ever be asked for: some abilities come and go with a session."""
        self._in_force: dict[DeviceId, dict[str, float]] = {}
        """What was read back last, by ability."""
        self._announced: dict[str, Announced] = {}
        self._ever: dict[str, dict[str, str]] = {}
        """Platforms of all entities there have been, by key: what is none any more is taken back."""
        self.slugs: dict[str, DeviceId] = {}
        """Of devices that are on the board."""

    def home(self, flows: Flows, site: Site) -> None:
        self._announce(HOME, Announced(of_site(self._topics, site), tuple(of_home(self._topics))))
        text = ENCODER.encode({name: _rounded(getattr(flows, name)) for name in FLOWS})
        self._board.put(self._topics.home, text)

    def device(self, status: DeviceStatus, site: Site) -> None:
        """A source that has never told of a device is none yet."""
        if not status.readings and not status.details:
            return
        name = slug(status.id)
        self.slugs[name] = status.id
        found = tuple(self._entities(name, status, site))
        self._announce(name, Announced(of_device(self._topics, name, status), found))
        self._put(name, "state", self._readings(status))
        self._put(name, "details", {detail.key: _rounded(detail.value) for detail in told_details(status)})
        self._put(name, "health", {"state": status.health.value, "reason": status.reason})
        self._put(name, "settings", self._settings_of(status))
        self._board.put(self._topics.device(name, "availability"), ONLINE if is_reached(status) else OFFLINE)

    def gone(self, devices: Iterable[DeviceId]) -> None:
        """Nothing of them stays on the broker. First goes what others find the rest by."""
        for device in devices:
            name = slug(device)
            ever = self._ever.pop(name, {})
            self._board.drop(config_topics(self._settings.discovery, self._topics, name, ever))
            self._board.drop(self._board.topics(self._topics.device(name, "")))
            self.slugs.pop(name, None)
            self._announced.pop(name, None)
            self._known.pop(device, None)
            self._details.pop(device, None)
            self._abilities.pop(device, None)
            self._in_force.pop(device, None)

    def withdraw(self, status: DeviceStatus, platforms: Mapping[str, str]) -> None:
        """Entities of an earlier run that the device has no more, with their platforms."""
        if platforms:
            name = slug(status.id)
            self._ever.setdefault(name, {}).update(platforms)
            self._announced.pop(name, None)

    def receipt(self, receipt: Receipt) -> None:
        """Of any command, whoever asked; the next `device` shows what is in force then."""
        name = slug(receipt.device)
        if receipt.ability not in CONTROLS or name not in self.slugs:
            return
        if isinstance(receipt.read_back, int | float):
            self._in_force.setdefault(receipt.device, {})[receipt.ability] = float(receipt.read_back)
        self._put(name, f"receipt/{receipt.ability}", receipt)

    def recall(self, receipt: Receipt) -> None:
        """An old receipt: what it read back is in force unless a newer one says so."""
        known = self._in_force.setdefault(receipt.device, {})
        if receipt.ability not in known and isinstance(receipt.read_back, int | float):
            known[receipt.ability] = float(receipt.read_back)

    def _entities(self, name: str, status: DeviceStatus, site: Site) -> Iterable[Entity]:
        yield of_health(self._topics, name)
        yield from of_fields(self._topics.device(name, "state"), self._fields(status), counting(status, site))
        if self._settings.details:
            known = self._details.setdefault(status.id, {})
            for detail in told_details(status):
                if detail.value is not None:
                    known.setdefault(detail.key, detail)
            yield from of_details(self._topics.device(name, "details"), known.values())
        abilities = self._abilities.setdefault(status.id, {})
        abilities.update(status.abilities)
        if status.control:
            yield from of_abilities(self._topics, name, abilities)

    def _fields(self, status: DeviceStatus) -> Collection[str]:
        known = self._known.setdefault(status.id, set())
        for reading in status.readings:
            fields = FIELDS_OF[type(reading)]
            known |= {field.key for field in fields if getattr(reading, field.name) is not None}
        return known

    def _readings(self, status: DeviceStatus) -> Mapping[str, object]:
        return {
            tag_of(type(reading)): {one.field.name: _rounded(one.value) for one in fields}
            for reading, fields in told(status, self._recalled)
        }

    def _settings_of(self, status: DeviceStatus) -> Mapping[str, object]:
        in_force = {**self._in_force.get(status.id, {}), **dict(_told_by_readings(status))}
        return {
            ability: shown(ability, envelope, in_force.get(ability))
            for ability, envelope in status.abilities.items()
        }

    def _announce(self, name: str, announced: Announced) -> None:
        """Entities that are none any more, such as a control its owner took away, are taken back."""
        if self._announced.get(name) == announced:
            return
        self._announced[name] = announced
        ever = self._ever.setdefault(name, {})
        now = {entity.key: entity.platform for entity in announced.entities}
        withdrawn = {key: platform for key, platform in ever.items() if key not in now}
        ever |= now
        for topic, text in announcements(self._settings.discovery, self._topics, name, announced, withdrawn):
            if text == CLEARED:
                self._board.drop((topic,))
            else:
                self._board.put(topic, text)

    def _put(self, name: str, leaf: str, value: object) -> None:
        self._board.put(self._topics.device(name, leaf), ENCODER.encode(value))


def counting(status: DeviceStatus, site: Site) -> frozenset[str]:
    """Roles whose meters count for the home where several see the same edge."""
    roles = {type(reading) for reading in status.readings}
    return frozenset(tag_of(role) for role in roles if site.counts(ROLES[role], status.source))


def _told_by_readings(status: DeviceStatus) -> Iterator[tuple[str, float]]:
    """Settings that a device tells itself with every poll."""
    for ability, control in CONTROLS.items():
        if control.told_by is None:
            continue
        role, field = control.told_by
        for reading in status.readings:
            if isinstance(reading, role) and (value := getattr(reading, field)) is not None:
                yield ability, value


def _rounded(value: Value) -> Value:
    """Without the noise of floating point; still finer than any meter."""
    return round(value, DIGITS) if isinstance(value, float) else value
