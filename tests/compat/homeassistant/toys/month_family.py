"""A home whose year passes as fast as a test wants: a hybrid inverter with its meters, and a charger.

Powers follow the hour of the day; what its counters show is what flowed, kept here over restarts of the gateway. Its
faults are those of real meters: counters that roll over, are reset, or lie for one reading; a device that is away.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from ohmstead.model import (
    LIMITS_CURRENT,
    Ability,
    BatteryReading,
    ChargerReading,
    ChargerState,
    ConnectionLost,
    Detail,
    DeviceConfig,
    DeviceId,
    DeviceInfo,
    Envelope,
    Family,
    GridReading,
    Interval,
    LoadReading,
    Outcome,
    PollingContract,
    Reading,
    Receipt,
    Sample,
    Services,
    SolarReading,
    Source,
)

FAMILY = Family(
    name="month",
    title="Month",
    schemes=("month",),
    config="month_family:MonthConfig",
    connect="month_family:connect",
    simulate="",
)
TICK: Final = timedelta(minutes=30)
STEP: Final = timedelta(minutes=1)
ROLLS_OVER_WH: Final = 6_553_600.0
"""A word of 16 bits in tenths of a kWh."""


class MonthConfig(DeviceConfig, frozen=True, kw_only=True):
    pass


class Meter(msgspec.Struct):
    """A counter as its device shows it."""

    shown_wh: float
    flowed_wh: float = 0.0
    """What truly went through since the beginning."""
    lost_wh: float = 0.0
    """What went through between the last reading before a reset and the reset: nobody can know it."""
    since_read_wh: float = 0.0
    rolls_over: bool = False

    def count(self, energy_wh: float) -> None:
        self.flowed_wh += energy_wh
        self.since_read_wh += energy_wh
        self.shown_wh += energy_wh
        if self.rolls_over:
            self.shown_wh %= ROLLS_OVER_WH

    def reset(self) -> None:
        self.lost_wh += self.since_read_wh
        self.shown_wh = 0.0


class Powers(msgspec.Struct, frozen=True):
    solar_w: float
    battery_w: float
    grid_w: float
    load_w: float
    charger_w: float


def powers(at: datetime) -> Powers:
    """Sun by day, a car at night, a battery that takes what is left over."""
    hour = at.hour + at.minute / 60
    solar_w = max(0.0, math.sin((hour - 6) / 12 * math.pi)) * (4000 + 600 * math.sin(at.day))
    load_w = 350 + 250 * (1 + math.sin(hour / 24 * 4 * math.pi))
    charger_w = 7360.0 if 1 <= hour < 3 else 0.0
    left_w = solar_w - load_w - charger_w
    battery_w = -min(left_w, 2500.0) if left_w > 0 else min(-left_w, 2500.0) * (hour > 16)
    return Powers(solar_w, battery_w, load_w + charger_w - solar_w - battery_w, load_w, charger_w)


class MonthHome:
    def __init__(self) -> None:
        self.at: datetime | None = None
        self.meters = {
            "solar": Meter(shown_wh=6_400_000, rolls_over=True),
            "imported": Meter(shown_wh=12_345_600),
            "exported": Meter(shown_wh=300_000),
            "charged": Meter(shown_wh=1_000_000),
            "discharged": Meter(shown_wh=900_000),
            "load": Meter(shown_wh=20_000_000),
            "charger": Meter(shown_wh=0),
        }
        self.session_wh = 0.0
        self.away: set[str] = set()
        self.lies: dict[str, float] = {}
        """What a meter shows instead, for one reading."""
        self.limits_a: list[float] = []

    def go_on(self, now: datetime) -> None:
        self.at = self.at or now
        hours = STEP / timedelta(hours=1)
        while self.at < now:
            self.at += STEP
            flowing = powers(self.at)
            for name, power_w in (
                ("solar", flowing.solar_w),
                ("imported", flowing.grid_w),
                ("exported", -flowing.grid_w),
                ("charged", -flowing.battery_w),
                ("discharged", flowing.battery_w),
                ("load", flowing.load_w),
                ("charger", flowing.charger_w),
            ):
                self.meters[name].count(max(0.0, power_w) * hours)
            if flowing.charger_w:
                self.session_wh += flowing.charger_w * hours
            elif self.at.hour == 12:
                self.session_wh = 0.0

    def shown_wh(self, name: str) -> float:
        self.meters[name].since_read_wh = 0.0
        return self.lies.pop(name, round(self.meters[name].shown_wh, 1))


HOMES: dict[str, MonthHome] = {}


class CurrentLimit:
    envelope = Envelope(unit="A", allowed=(Interval(0, 0), Interval(6, 16)))

    def __init__(self, home: MonthHome, device: DeviceId, services: Services) -> None:
        self._home = home
        self._device = device
        self._services = services

    async def limit_current(self, limit_a: float) -> Receipt:
        self._home.limits_a.append(limit_a)
        return Receipt(
            device=self._device,
            ability=LIMITS_CURRENT.name,
            at=self._services.clock.now(),
            outcome=Outcome.CONFIRMED,
            asked=limit_a,
            read_back=limit_a,
        )


class MonthSource:
    def __init__(self, name: str, home: MonthHome, services: Services) -> None:
        self.contract = PollingContract(interval_s=TICK.total_seconds(), shortest_s=1)
        self._kind = name
        self._home = home
        self._services = services
        self._id = DeviceId(f"{name}/1")

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        info = DeviceInfo(id=self._id, family="month", model=self._kind, serial="M1", firmware="1.0")
        return {self._id: info}

    def ability(self, device: DeviceId, ability: Ability[Any]) -> Any:  # Any: as in the protocol
        if ability is LIMITS_CURRENT and self._kind == "drive":
            return CurrentLimit(self._home, device, self._services)
        return None

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        now = self._services.clock.now()
        self._home.go_on(now)
        if self._kind in self._home.away:
            raise ConnectionLost(f"{self._kind} is away")
        readings = tuple(self._charger(now) if self._kind == "drive" else self._hybrid(now))
        warm = Detail(key="heat.sink", label="Heat sink", value=41.5, unit="°C")
        return Sample(at=now, readings=readings, details={self._id: (warm,)})

    def _hybrid(self, now: datetime) -> Iterator[Reading]:
        flowing, shown = powers(now), self._home.shown_wh
        yield SolarReading(device=self._id, at=now, power_w=flowing.solar_w, energy_wh=shown("solar"))
        yield GridReading(
            device=self._id,
            at=now,
            power_w=flowing.grid_w,
            imported_wh=shown("imported"),
            exported_wh=shown("exported"),
            voltage_v=230.5,
            frequency_hz=50.01,
            connected=True,
        )
        yield BatteryReading(
            device=self._id,
            at=now,
            power_w=flowing.battery_w,
            soc_pct=55.0,
            charged_wh=shown("charged"),
            discharged_wh=shown("discharged"),
        )
        yield LoadReading(device=self._id, at=now, power_w=flowing.load_w, energy_wh=shown("load"))

    def _charger(self, now: datetime) -> Iterator[Reading]:
        flowing = powers(now)
        yield ChargerReading(
            device=self._id,
            at=now,
            power_w=flowing.charger_w,
            state=ChargerState.CHARGING if flowing.charger_w else ChargerState.CONNECTED,
            energy_wh=self._home.shown_wh("charger"),
            session_energy_wh=self._home.session_wh,
        )


@asynccontextmanager
async def connect(config: MonthConfig, services: Services) -> AsyncIterator[Source]:
    host = urlsplit(config.url).hostname or ""
    home = HOMES.setdefault("home", MonthHome())
    if host in home.away:
        raise ConnectionLost(f"{host} is away")
    yield MonthSource(host, home, services)
