"""One source as the live state knows it: how it is doing, its devices, and what each said last."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, cast

import msgspec

from ohmstead.gateway.acquaintance import Acquaintance
from ohmstead.gateway.status import DeviceStatus
from ohmstead.model import (
    ABILITIES,
    AnyReading,
    ChargePointFacts,
    Detail,
    DeviceConfig,
    DeviceId,
    DeviceInfo,
    Envelope,
    PollingContract,
    Quality,
    Reading,
    Sample,
    SolarReading,
    Source,
)
from ohmstead.polling import Health, HealthState, Rejected, interval

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
        self.charge_point: ChargePointFacts | None = None
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
        self._session: Source | None = None

    @property
    def longest_age(self) -> timedelta:
        polls = FRESH_POLLS * interval(self.contract, self._speed)
        shortest_s = max(SHORTEST_FRESH_S, SHORTEST_FRESH_WIRE_S * self._speed)
        # What a source spares its device on purpose is no missed poll.
        quiet_s = self.contract.quiet_s if self.contract else 0.0
        return max(polls, timedelta(seconds=shortest_s)) + timedelta(seconds=quiet_s)

    def recall(self, known: Acquaintance) -> None:
        """What it was before the last stop. Old values keep their role, and count no more until it speaks again."""
        self.contract = known.contract
        self.has_spoken = True
        for info in known.devices:
            self._device(info.id).info = info
        for reading in known.readings:
            self._device(reading.device).readings[type(reading)] = reading

    def acquaintance(self) -> Acquaintance | None:
        """To recall after a restart; None while it has not said what it measures."""
        if self.contract is None or not self.has_spoken:
            return None
        readings = (reading for device in self.devices.values() for reading in device.readings.values())
        return Acquaintance(
            url=self.config.url,
            contract=self.contract,
            devices=tuple(device.info for device in self.devices.values()),
            # cast: `Reading` is the base of the roles, and nothing is a reading without one
            readings=cast("tuple[AnyReading, ...]", tuple(readings)),
        )

    def open(self, session: Source) -> None:
        """Take what a fresh session says of itself; devices it knew before and sees no more stay listed."""
        self.contract = session.contract
        for device, info in session.devices().items():
            self._device(device).info = info
        self._session = session
        self._look_at_abilities(session, self.devices.values())

    def take(self, sample: Sample, rejected: tuple[Rejected, ...]) -> None:
        self.has_spoken = True
        for reading in sample.readings:
            self._device(reading.device).readings[type(reading)] = reading
        for device, details in sample.details.items():
            self._device(device).details = details
        for device, facts in sample.charge_points.items():
            self._device(device).charge_point = facts
        if (
            self._session is not None
        ):  # what a charger can do depends on its session, and on what it turned out to take
            self._look_at_abilities(self._session, map(self._device, sample.charge_points))
        for value in rejected:
            self._device(value.device).rejected.appendleft(value)

    def statuses(self, now: datetime) -> tuple[DeviceStatus, ...]:
        if not self.devices:
            return (self._status(LiveDevice(self._placeholder), now),)
        return tuple(self._status(device, now) for device in self.devices.values())

    def fresh_readings(self, now: datetime) -> list[Reading]:
        """For the flows: a reading too old to count keeps its role but loses its power."""
        return [
            self._counting(reading, now)
            for device in self.devices.values()
            for reading in device.readings.values()
        ]

    def _counting(self, reading: Reading, now: datetime) -> Reading:
        if self.health.state is HealthState.ASLEEP and isinstance(reading, SolarReading):
            return msgspec.structs.replace(reading, power_w=0.0)
        is_fresh = now - reading.at <= self.longest_age
        return reading if is_fresh else msgspec.structs.replace(reading, power_w=None)

    def _device(self, device: DeviceId) -> LiveDevice:
        if device not in self.devices:
            self.devices[device] = LiveDevice(msgspec.structs.replace(self._placeholder, id=device))
        return self.devices[device]

    def _look_at_abilities(self, session: Source, devices: Iterable[LiveDevice]) -> None:
        for device in devices:
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
            charge_point=device.charge_point,
            abilities=device.abilities,
            control=self.config.control,
            rejected=tuple(device.rejected),
        )


def _aged(reading: Reading, oldest: datetime) -> Reading:
    is_stale = reading.at < oldest and reading.quality is not Quality.STALE
    return msgspec.structs.replace(reading, quality=Quality.STALE) if is_stale else reading
