"""A family of the tests' own, found like any family outside the tree: by its entry point."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec

from ohmstead.model import (
    LIMITS_SOLAR,
    Ability,
    BudgetSpent,
    ConnectionLost,
    Detail,
    DeviceConfig,
    DeviceId,
    DeviceInfo,
    Envelope,
    Family,
    Interval,
    LimitedBy,
    Outcome,
    PollingContract,
    Receipt,
    Sample,
    Services,
    SolarReading,
    Source,
    Unreachable,
    WriteClass,
)

FAMILY = Family(
    name="toy",
    title="Toy",
    schemes=("toy",),
    config="toy_family:ToyConfig",
    connect="toy_family:connect",
    simulate="",
    capture="toy_family:ToyCodec",
)


class ToyConfig(DeviceConfig, frozen=True, kw_only=True):
    tilt_deg: float = 35.0
    password: str = ""
    """A reference into the secrets."""


async def at_once() -> None:
    """How a toy writes and reads unless a test says otherwise."""


class Toy:
    """The device itself: what it produces, what was written to it, and how it misbehaves."""

    def __init__(self) -> None:
        self.power_w: float = 100.0
        self.energy_wh: float | None = None
        self.limit_pct = 100.0
        self.is_away = False
        self.is_mute = False
        self.sleeps_without_sun = False
        self.asked = 0
        self.opened = 0
        self.writes: list[float] = []
        self.holds_until: datetime | None = None
        """What comes before is to be carried out then."""
        self.is_shut = False
        """What is asked for it keeps by itself until it opens, as a family may."""
        self.writing: Callable[[], Awaitable[None]] = at_once
        self.reading: Callable[[], Awaitable[None]] = at_once
        self.told_secret = ""
        self.says = b""
        """What its link carries at each poll."""


TOYS: dict[str, Toy] = {}
"""What answers at each host; a host without a toy does not answer."""


class ToyCodec:
    """A wire of lines, in which what stands before a colon is secret."""

    def __init__(self) -> None:
        self._held = b""

    def frames(self, direction: str, data: bytes) -> Sequence[bytes]:
        if b"poison" in data:
            raise ZeroDivisionError("a codec at fault")
        *lines, self._held = (self._held + data).split(b"\n")
        return [b"*" * line.find(b":") + line[line.find(b":") :] + b"\n" for line in lines if b":" in line]

    def describe(self, direction: str, frame: bytes) -> Mapping[str, Any]:
        return {"line": frame.decode().strip()}


class ToyLimit:
    envelope = Envelope(unit="%", allowed=(Interval(2, 100),), write_class=WriteClass.FLASH)

    def __init__(self, toy: Toy, device: DeviceId, services: Services) -> None:
        self._toy = toy
        self._device = device
        self._services = services

    async def limit_solar(self, limit_pct: float) -> Receipt:
        if self._toy.is_shut:
            return msgspec.structs.replace(
                self._receipt(limit_pct, Outcome.REFUSED), limited_by=LimitedBy.ACCESS_WINDOW
            )
        until = self._toy.holds_until
        if until is not None and self._services.clock.now() < until:
            return msgspec.structs.replace(
                self._receipt(limit_pct, Outcome.REFUSED),
                limited_by=LimitedBy.WEAR_BUDGET,
                next_try_at=until,
            )
        if not await self._services.spend("toy/flash", 1, limit=3, window_s=86_400):
            raise BudgetSpent("three writes a day are enough", after=timedelta(days=1))
        self._toy.writes.append(limit_pct)
        await self._toy.writing()
        self._toy.limit_pct = limit_pct
        return self._receipt(limit_pct, Outcome.CONFIRMED)

    def _receipt(self, asked_pct: float, outcome: Outcome) -> Receipt:
        return Receipt(
            device=self._device,
            ability=LIMITS_SOLAR.name,
            at=self._services.clock.now(),
            outcome=outcome,
            asked=asked_pct,
            read_back=self._toy.limit_pct,
        )


class ToySource:
    def __init__(self, config: ToyConfig, toy: Toy, services: Services) -> None:
        self.contract = PollingContract(
            interval_s=30, shortest_s=1, sleeps_without_sun=toy.sleeps_without_sun, why="a toy"
        )
        self._toy = toy
        self._services = services
        self._tap = services.tap(config.name)
        self._device = DeviceId(f"{config.name}/1")

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        info = DeviceInfo(id=self._device, family="toy", model="block", serial="T1", firmware="1.0")
        return {self._device: info}

    def ability(self, device: DeviceId, ability: Ability[Any]) -> Any:  # Any: as in the protocol
        return ToyLimit(self._toy, device, self._services) if ability is LIMITS_SOLAR else None

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        self._toy.asked += 1
        if self._tap is not None and self._toy.says:
            self._tap("<", self._toy.says)
        await self._toy.reading()
        if self._toy.is_mute or self._toy.is_away:
            raise ConnectionLost("the toy ended the connection")
        now = self._services.clock.now()
        reading = SolarReading(
            device=self._device, at=now, power_w=self._toy.power_w, energy_wh=self._toy.energy_wh
        )
        limit = Detail(key="limit", label="Limit", value=self._toy.limit_pct, unit="%")
        return Sample(at=now, readings=(reading,), details={self._device: (limit,)})


@asynccontextmanager
async def connect(config: ToyConfig, services: Services) -> AsyncIterator[Source]:
    host = urlsplit(config.url).hostname or ""
    toy = TOYS.get(host)
    if toy is None or toy.is_away:
        raise Unreachable(f"nobody answers at {host}")
    if config.password:
        toy.told_secret = services.secret(config.password)
    if (tap := services.tap(config.name)) is not None:
        tap(">", b"hello")
    toy.opened += 1
    yield ToySource(config, toy, services)
