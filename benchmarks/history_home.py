"""A home that says about a hundred numbers every ten seconds, as noisy and as rounded as real ones: for `history.py`."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from ohmstead.model import (
    BatteryReading,
    ChargerReading,
    ChargerState,
    DeviceId,
    GridReading,
    LoadReading,
    Reading,
    Sample,
    SolarReading,
)

PANELS = 24
CIRCUITS = 10


class Home:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._solar_wh = [1e6 + 1000 * panel for panel in range(PANELS)]
        self._load_wh = [5e5 + 1000 * circuit for circuit in range(CIRCUITS)]
        self._imported_wh = self._exported_wh = self._charged_wh = self._discharged_wh = 3e6
        self._soc_pct, self._temperature_c, self._grid_v, self._grid_hz = 50.0, 24.0, 231.0, 50.0
        self._cloud = 1.0
        self._drawing_w = [self._random.uniform(5, 300) for _ in range(CIRCUITS)]

    def days(self, start: datetime, days: int, interval_s: int) -> Iterator[Sample]:
        """Three sources; each is asked in turn, a few milliseconds off its time."""
        for second in range(0, days * 86400, interval_s):
            jitter_ms = self._random.randint(0, 40)
            at = start + timedelta(seconds=second, milliseconds=jitter_ms)
            sun = max(0.0, math.sin((second / 3600 % 24 - 6) / 12 * math.pi))
            self._cloud = min(1.0, max(0.2, self._cloud + self._random.gauss(0, 0.01)))
            solar = self._roof(at, sun * self._cloud, interval_s)
            load = self._meters(at, interval_s)
            yield Sample(at=at, readings=solar)
            yield Sample(at=at, readings=load)
            yield Sample(at=at, readings=self._cellar(at, solar, load, interval_s))

    def _roof(self, at: datetime, sun: float, interval_s: int) -> tuple[Reading, ...]:
        readings = []
        for panel in range(PANELS):
            power_w = round(max(0.0, sun * 400 * (1 + self._random.gauss(0, 0.003))), 1)
            self._solar_wh[panel] += power_w * interval_s / 3600
            device = DeviceId(f"roof/{panel}")
            energy_wh = float(int(self._solar_wh[panel]))
            readings.append(SolarReading(device=device, at=at, power_w=power_w, energy_wh=energy_wh))
        return tuple(readings)

    def _meters(self, at: datetime, interval_s: int) -> tuple[Reading, ...]:
        readings = []
        for circuit in range(CIRCUITS):
            if self._random.random() < 0.005:
                self._drawing_w[circuit] = self._random.choice((5, 60, 150, 900, 2000))
            power_w = float(round(self._drawing_w[circuit] * (1 + self._random.gauss(0, 0.01))))
            self._load_wh[circuit] += power_w * interval_s / 3600
            device = DeviceId(f"meter/{circuit}")
            energy_wh = float(int(self._load_wh[circuit]))
            readings.append(LoadReading(device=device, at=at, power_w=power_w, energy_wh=energy_wh))
        return tuple(readings)

    def _cellar(
        self, at: datetime, solar: tuple[Reading, ...], load: tuple[Reading, ...], interval_s: int
    ) -> tuple[Reading, ...]:
        left_w = sum(reading.power_w or 0 for reading in load) - sum(
            reading.power_w or 0 for reading in solar
        )
        may_run = self._soc_pct > 5 if left_w > 0 else self._soc_pct < 98
        power_w = float(round(min(3600.0, max(-3600.0, left_w)))) if may_run else 0.0
        self._soc_pct = min(99.0, max(4.0, self._soc_pct - power_w * interval_s / 3600 / 95))
        self._discharged_wh += max(0.0, power_w) * interval_s / 3600
        self._charged_wh -= min(0.0, power_w) * interval_s / 3600
        self._temperature_c += self._random.gauss(0, 0.02)
        return self._grid(at, left_w - power_w, interval_s), self._battery(at, power_w), self._charger(at)

    def _grid(self, at: datetime, power_w: float, interval_s: int) -> GridReading:
        self._imported_wh += max(0.0, power_w) * interval_s / 3600
        self._exported_wh -= min(0.0, power_w) * interval_s / 3600
        self._grid_v += self._random.gauss(0, 0.15) + (231 - self._grid_v) * 0.01
        self._grid_hz += self._random.gauss(0, 0.004) + (50 - self._grid_hz) * 0.05
        return GridReading(
            device=DeviceId("cellar/hybrid"),
            at=at,
            power_w=float(round(power_w)),
            imported_wh=float(round(self._imported_wh, -2)),
            exported_wh=float(round(self._exported_wh, -2)),
            voltage_v=round(self._grid_v, 1),
            frequency_hz=round(self._grid_hz, 2),
            connected=True,
        )

    def _battery(self, at: datetime, power_w: float) -> BatteryReading:
        return BatteryReading(
            device=DeviceId("cellar/hybrid"),
            at=at,
            power_w=power_w,
            soc_pct=float(round(self._soc_pct)),
            capacity_wh=9500.0,
            charged_wh=float(round(self._charged_wh, -2)),
            discharged_wh=float(round(self._discharged_wh, -2)),
            temperature_c=round(self._temperature_c, 1),
        )

    def _charger(self, at: datetime) -> ChargerReading:
        return ChargerReading(
            device=DeviceId("garage/1"), at=at, state=ChargerState.EMPTY, power_w=0.0, energy_wh=1234.0
        )
