"""A scripted device on the other side of the poller, and a notebook where its outlet would be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from ohmstead.model import (
    Ability,
    Clock,
    DeviceId,
    DeviceInfo,
    PollingContract,
    Sample,
    ScaledClock,
    SolarReading,
    Source,
)
from ohmstead.polling import Checked, Health, IsDark, Missed, Poller, never_dark

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


class ScriptedDevice:
    """A source that answers as its script says. A script may raise, or wait as long as it likes."""

    def __init__(self, name: str = "roof", **contract: float) -> None:
        self.name = name
        self.contract = PollingContract(**{"interval_s": 30.0, "shortest_s": 5.0} | contract)
        self.asked_at: list[datetime] = []
        self.opened_at: list[datetime] = []
        self.is_open = False
        self.script: Callable[[int], Awaitable[None]] = self.answer_at_once
        self.opening: Callable[[int], Awaitable[None]] = self.answer_at_once
        self.closing: Callable[[], None] = self.hang_up
        self.missing: Mapping[str, str] = {}
        self.clock: Clock | None = None

    async def answer_at_once(self, count: int) -> None:
        """The default script."""

    def hang_up(self) -> None:
        """The same for closing."""

    def on_clock(self, clock: Clock) -> ScriptedDevice:
        self.clock = clock
        return self

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Source]:
        self.opened_at.append(self.clock.now())
        await self.opening(len(self.opened_at))
        self.is_open = True
        try:
            yield self
        finally:
            self.is_open = False
            self.closing()

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        return {}

    def ability(self, device: DeviceId, ability: Ability[object]) -> None:
        return None

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        self.asked_at.append(self.clock.now())
        await self.script(len(self.asked_at))
        now = self.clock.now()
        reading = SolarReading(device=DeviceId(f"{self.name}/1"), at=now, power_w=100.0)
        return Sample(at=now, readings=(reading,), missing=self.missing)


class Notebook:
    """An outlet that writes down what it is told."""

    def __init__(self) -> None:
        self.samples: list[Checked] = []
        self.dues: list[datetime] = []
        self.gaps: list[tuple[Missed, str]] = []
        self.healths: list[Health] = []

    def opened(self, source: str, session: Source) -> None:
        assert session.contract.interval_s > 0

    def sample(self, source: str, checked: Checked, due: datetime) -> None:
        self.samples.append(checked)
        self.dues.append(due)

    def gap(self, source: str, missed: Missed, reason: str) -> None:
        self.gaps.append((missed, reason))

    def health(self, source: str, health: Health) -> None:
        self.healths.append(health)


class Bench:
    """Pollers side by side on one clock."""

    def __init__(self, speed: float = 1.0, clock: Clock | None = None) -> None:
        self.clock = clock or ScaledClock(NOON, speed)
        self.notebooks: dict[str, Notebook] = {}
        self.pollers: dict[str, Poller] = {}

    def add(
        self, device: ScriptedDevice, *, is_dark: IsDark = never_dark, told_to: datetime | None = None
    ) -> Notebook:
        """`told_to`: it was polled before, and up to then."""
        notebook = self.notebooks[device.name] = Notebook()
        self.pollers[device.name] = Poller(
            device.name,
            device.on_clock(self.clock).open,
            notebook,
            self.clock,
            contract=None if told_to is None else device.contract,
            told_to=told_to,
            is_dark=is_dark,
        )
        return notebook

    async def run_for(self, wire_s: float) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(poller.run()) for poller in self.pollers.values()]
            await asyncio.sleep(wire_s)
            for task in tasks:
                task.cancel()

    def after(self, **civil: float) -> datetime:
        return NOON + timedelta(**civil)
