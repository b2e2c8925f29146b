"""The live state: what each source's devices said last, how the source is doing, and the flows of the home."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Final

import msgspec

from ohmstead.gateway.status import DeviceStatus
from ohmstead.gateway.watching import Watch, Watchers
from ohmstead.model import (
    ABILITIES,
    Clock,
    Detail,
    DeviceConfig,
    DeviceId,
    DeviceInfo,
    Envelope,
    Flows,
    PollingContract,
    Quality,
    Reading,
    Sample,
    Site,
    Source,
    flows,
)
from ohmstead.polling import Health, Rejected, interval

SHORTEST_FRESH_S: Final = 120.0
SHORTEST_FRESH_WIRE_S: Final = 12.0
"""Gaps between frames and connections are never scaled: where civil time flies, three polls take this long."""
FRESH_POLLS: Final = 3
"""A value counts until as many polls were missed."""
REJECTED_KEPT: Final = 20


class LiveDevice:
    """The newest of one device."""

    def __init__(self, info: DeviceInfo) -> None:
        self.info = info
        self.readings: dict[type[Reading], Reading] = {}
        self.details: tuple[Detail, ...] = ()
        self.abilities: dict[str, Envelope] = {}
        self.rejected: deque[Rejected] = deque(maxlen=REJECTED_KEPT)


class LiveSource:
    """The newest of one source and the devices behind it."""

    def __init__(self, config: DeviceConfig, family: str, health: Health, speed: float) -> None:
        self.config = config
        self.health = health
        self.contract: PollingContract | None = None
        self.devices: dict[DeviceId, LiveDevice] = {}
        self.has_spoken = False
        """Whether it has ever said what it measures."""
        self._placeholder = DeviceInfo(id=DeviceId(config.name), family=family, model="", serial="")
        self._speed = speed

    @property
    def longest_age(self) -> timedelta:
        polls = FRESH_POLLS * interval(self.contract, self._speed)
        shortest_s = max(SHORTEST_FRESH_S, SHORTEST_FRESH_WIRE_S * self._speed)
        # What a source spares its device on purpose is no missed poll.
        quiet_s = self.contract.quiet_s if self.contract else 0.0
        return max(polls, timedelta(seconds=shortest_s)) + timedelta(seconds=quiet_s)

    def open(self, session: Source) -> None:
        """Take what a fresh session says of itself; devices it knew before and sees no more stay listed."""
        self.contract = session.contract
        for device, info in session.devices().items():
            self._device(device).info = info
        self._look_at_abilities(session)

    def take(self, sample: Sample, rejected: tuple[Rejected, ...]) -> None:
        self.has_spoken = True
        for reading in sample.readings:
            self._device(reading.device).readings[type(reading)] = reading
        for device, details in sample.details.items():
            self._device(device).details = details
        for value in rejected:
            self._device(value.device).rejected.appendleft(value)

    def statuses(self, now: datetime) -> tuple[DeviceStatus, ...]:
        if not self.devices:
            return (self._status(LiveDevice(self._placeholder), now),)
        return tuple(self._status(device, now) for device in self.devices.values())

    def fresh_readings(self, now: datetime) -> list[Reading]:
        """For the flows: a reading too old to count keeps its role but loses its power."""
        return [
            reading
            if now - reading.at <= self.longest_age
            else msgspec.structs.replace(reading, power_w=None)
            for device in self.devices.values()
            for reading in device.readings.values()
        ]

    def _device(self, device: DeviceId) -> LiveDevice:
        if device not in self.devices:
            self.devices[device] = LiveDevice(msgspec.structs.replace(self._placeholder, id=device))
        return self.devices[device]

    def _look_at_abilities(self, session: Source) -> None:
        for device in self.devices.values():
            found = {name: session.ability(device.info.id, token) for name, token in ABILITIES.items()}
            device.abilities = {name: able.envelope for name, able in found.items() if able is not None}

    def _status(self, device: LiveDevice, now: datetime) -> DeviceStatus:
        oldest = now - self.longest_age
        return DeviceStatus(
            id=device.info.id,
            source=self.config.name,
            family=device.info.family,
            model=device.info.model,
            serial=device.info.serial,
            firmware=device.info.firmware,
            name=device.info.name or self.config.name,
            health=self.health.state,
            reason=self.health.reason,
            since=self.health.since,
            next_try_at=self.health.next_try_at,
            last_good_at=self.health.last_good_at,
            failures=self.health.failures,
            contract=self.contract,
            readings=tuple(_aged(reading, oldest) for reading in device.readings.values()),
            details=device.details,
            abilities=device.abilities,
            control=self.config.control,
            rejected=tuple(device.rejected),
        )


class Live:
    """Every source, and those who watch."""

    def __init__(self, site: Site, clock: Clock) -> None:
        self._sources: dict[str, LiveSource] = {}
        self._site = site
        self._clock = clock
        self._watchers = Watchers()

    def add(self, config: DeviceConfig, family: str, health: Health) -> None:
        self._sources[config.name] = LiveSource(config, family, health, self._clock.speed)

    def opened(self, source: str, session: Source) -> None:
        self._sources[source].open(session)
        self._publish(source)

    def sample(self, source: str, sample: Sample, rejected: tuple[Rejected, ...]) -> None:
        """Kept until the health that follows each poll publishes it."""
        self._sources[source].take(sample, rejected)

    def health(self, source: str, health: Health) -> None:
        self._sources[source].health = health
        self._publish(source)

    def statuses(self, now: datetime) -> tuple[DeviceStatus, ...]:
        return tuple(status for source in self._sources.values() for status in source.statuses(now))

    def find(self, device: DeviceId) -> DeviceStatus | None:
        return next((status for status in self.statuses(self._clock.now()) if status.id == device), None)

    def flows(self, now: datetime) -> Flows:
        sources = self._sources.values()
        readings = [reading for source in sources for reading in source.fresh_readings(now)]
        return flows(readings, self._site, now, is_complete=all(source.has_spoken for source in sources))

    def watch(self) -> Watch:
        return self._watchers.add()

    def close(self) -> None:
        self._watchers.close()

    def _publish(self, source: str) -> None:
        now = self._clock.now()
        self._watchers.publish(now, self.flows(now), self._sources[source].statuses(now))


def _aged(reading: Reading, oldest: datetime) -> Reading:
    is_stale = reading.at < oldest and reading.quality is not Quality.STALE
    return msgspec.structs.replace(reading, quality=Quality.STALE) if is_stale else reading
