"""A thousand homes of five devices in one process: what polling, checking, live state and history cost, and how late they get.

    python benchmarks/fleet.py [HOMES]

Every device has the poller, the gate and the place in a home's live state that it has in a site, and all share one
history with a sync a second. Only the wires are scripted: a source answers at once with what a device of its kind says.
The clock is the wall's. Lateness is from the moment a poll was due to the moment its source is asked. Beside it stands the
lateness of a bare program of one loop, in a process of its own and at the same time, that has as much to do as often: what it
is late, the machine made it.

Once all is open it is taken out of the garbage collector's sight with `gc.freeze`, as a process of this size should: to look
through half a million objects that stay stops everything for a third of a second. What is young is looked through often and
in small pieces, for the same reason.

Goals: 25 % of one core, 150 MiB, no poll missed, p99 50 ms.
"""

from __future__ import annotations

import asyncio
import gc
import math
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from machine import busy_timer, centiles_words, load_words, resident_mib

from ohmstead.gateway.intake import Intake
from ohmstead.gateway.live import Live
from ohmstead.history import History, open_history
from ohmstead.model import (
    Ability,
    BatteryReading,
    ChargerReading,
    ChargerState,
    Clock,
    DeviceConfig,
    DeviceId,
    DeviceInfo,
    GridReading,
    LoadReading,
    PollingContract,
    Reading,
    RealClock,
    Sample,
    Site,
    SolarReading,
)
from ohmstead.polling import Missed, Poller

A = TypeVar("A")

HOMES: Final = 1000
INTERVAL_S: Final = 10.0
OPENING_S: Final = 10.0
"""All open within it, evenly spread, as they would after a restart."""
WARM_UP_S: Final = 15.0
SETTLING_S: Final = 5.0
MEASURED_S: Final = 30.0
YOUNG: Final = (700, 2)
"""Objects more, and then rounds, after which the garbage collector looks at the young; the usual ten rounds find 40,000."""
CONTRACT: Final = PollingContract(interval_s=INTERVAL_S, shortest_s=1.0)


class Load(msgspec.Struct):
    """What one reading is made from."""

    device: DeviceId
    at: datetime
    power_w: float
    energy_wh: float


def hybrid(of: Load) -> tuple[Reading, ...]:
    return (
        SolarReading(device=of.device, at=of.at, power_w=of.power_w, energy_wh=of.energy_wh),
        BatteryReading(
            device=of.device,
            at=of.at,
            power_w=-of.power_w / 2,
            soc_pct=50.0,
            capacity_wh=9500.0,
            charged_wh=of.energy_wh,
            discharged_wh=of.energy_wh,
            temperature_c=21.5,
        ),
        GridReading(
            device=of.device,
            at=of.at,
            power_w=-of.power_w / 3,
            imported_wh=of.energy_wh,
            exported_wh=of.energy_wh,
            voltage_v=231.5,
            frequency_hz=50.01,
            connected=True,
        ),
    )


def roof(of: Load) -> tuple[Reading, ...]:
    return (SolarReading(device=of.device, at=of.at, power_w=of.power_w, energy_wh=of.energy_wh),)


def battery(of: Load) -> tuple[Reading, ...]:
    return (
        BatteryReading(device=of.device, at=of.at, power_w=of.power_w, soc_pct=40.0, charged_wh=of.energy_wh),
    )


def charger(of: Load) -> tuple[Reading, ...]:
    return (
        ChargerReading(
            device=of.device,
            at=of.at,
            power_w=of.power_w,
            state=ChargerState.CHARGING,
            limit_a=16.0,
            energy_wh=of.energy_wh,
        ),
    )


def meter(of: Load) -> tuple[Reading, ...]:
    return (LoadReading(device=of.device, at=of.at, power_w=of.power_w, energy_wh=of.energy_wh),)


KINDS: Final[Mapping[str, Callable[[Load], tuple[Reading, ...]]]] = {
    "hybrid": hybrid,
    "roof": roof,
    "battery": battery,
    "charger": charger,
    "meter": meter,
}


class Scripted:
    """A source that answers at once, and notes how late it was asked."""

    def __init__(
        self, name: str, says: Callable[[Load], tuple[Reading, ...]], clock: Clock, late_s: list[float]
    ) -> None:
        self.contract = CONTRACT
        self._due_s = math.nan
        """On the loop's clock. The first poll is due when it begins, and each other an interval after the one before."""
        self._device = DeviceId(f"{name}/1")
        self._says = says
        self._clock = clock
        self._late_s = late_s
        self._polls = 0

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        return {
            self._device: DeviceInfo(
                id=self._device, family="scripted", model=self._says.__name__, serial="1"
            )
        }

    def ability(self, device: DeviceId, ability: Ability[A]) -> A | None:
        return None

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        now_s = asyncio.get_running_loop().time()
        self._due_s = self._due_s + INTERVAL_S if self._polls else now_s
        self._late_s.append(now_s - self._due_s)
        self._polls += 1
        now = self._clock.now()
        power_w = float(round(1500 + 1000 * math.sin(self._polls)))
        return Sample(at=now, readings=self._says(Load(self._device, now, power_w, 1e6 + 3.0 * self._polls)))


class CountingIntake(Intake):
    missed = 0

    def gap(self, source: str, missed: Missed, reason: str) -> None:
        CountingIntake.missed += missed.polls
        super().gap(source, missed, reason)


def pollers(homes: int, history: History, late_s: list[float]) -> list[Poller]:
    clock, made = RealClock(), list[Poller]()
    for home in range(homes):
        intake = CountingIntake(Live(Site(), clock), history)
        for kind, says in KINDS.items():
            name = f"home-{home}-{kind}"
            source = Scripted(name, says, clock, late_s)
            poller = Poller(name, partial(opened, source), intake, clock)
            intake.expect(DeviceConfig(url="scripted://", name=name), "scripted", poller.health, None)
            made.append(poller)
    return made


@asynccontextmanager
async def opened(source: Scripted) -> AsyncIterator[Scripted]:
    yield source


async def run(homes: int, path: Path) -> None:
    before_mib = resident_mib()
    late_s: list[float] = []
    async with open_history(path, RealClock()) as history:
        fleet = pollers(homes, history, late_s)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(poller.run(after_s=OPENING_S * index / len(fleet)))
                for index, poller in enumerate(fleet)
            ]
            await asyncio.sleep(WARM_UP_S)
            gc.collect()
            gc.freeze()
            gc.set_threshold(*YOUNG)
            asked, began_cpu_s = len(late_s), time.process_time()
            await asyncio.sleep(SETTLING_S)
            a_poll_s = (time.process_time() - began_cpu_s) / (len(late_s) - asked)
            asked = len(late_s)
            with busy_timer(INTERVAL_S / len(fleet), a_poll_s) as timer_late_s:
                began_s, began_cpu_s = time.perf_counter(), time.process_time()
                await asyncio.sleep(MEASURED_S)
                took_s, took_cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
                measured_s, bare_s = late_s[asked:], timer_late_s()
            for task in tasks:
                task.cancel()
        await history.flush()
        total = history.stats()
    print(
        f"{homes} homes of {len(KINDS)} devices every {INTERVAL_S:.0f} s for {took_s:.0f} s; {load_words()}"
    )
    print(
        f"CPU     {took_cpu_s / took_s:8.1%} of one core, {took_cpu_s / len(measured_s) * 1e6:.0f} us a poll"
    )
    print(f"memory  {resident_mib():5.0f} MiB, of it {before_mib:.0f} MiB before the first home")
    print(f"late    {centiles_words(measured_s)} of {len(measured_s)} polls")
    print(f"        {centiles_words(bare_s)} of a bare program that has as much to do, meanwhile")
    print(f"missed  {CountingIntake.missed:5}")
    print(f"stored  {total.stored:5} of {len(late_s)} polls, {total.dropped} dropped")


def main(homes: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(run(homes, Path(directory) / "history.sqlite"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else HOMES)
