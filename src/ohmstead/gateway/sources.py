"""The sources of a site: one poller each, in a task of its own. They come and go while the site runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Final, NoReturn

from ohmstead.gateway.acquaintance import Acquaintance, key_of, recalled, told
from ohmstead.gateway.darkness import darkness
from ohmstead.gateway.discovering import place_of
from ohmstead.gateway.disk import Disk, LedgerError
from ohmstead.gateway.intake import Intake
from ohmstead.gateway.live import Live
from ohmstead.gateway.remembering import Memory, read_counters, write_counters
from ohmstead.gateway.services import SiteServices
from ohmstead.gateway.site_file import SiteFile
from ohmstead.gateway.whereabouts import Whereabouts
from ohmstead.history import Value
from ohmstead.kit.registry import family_of_url, load
from ohmstead.model import Clock, DeviceConfig, Services, Site, Source, Tap
from ohmstead.polling import Counter, CounterKey, Finding, Gate, HealthState, IsDark, Open, Poller, never_dark

STAGGER_S: Final = 0.1
"""Between the first polls of two sources: soon enough for a live page, apart enough for one network card."""
LONGEST_STAGGER_S: Final = 2.0
REMEMBER_FIRST_S: Final = 10.0
"""Wire time after which every source that answers at all has said what it is."""
REMEMBER_EVERY_S: Final = 300.0
"""Wire time between two savings: what a power cut can forget of what devices said. A total that shifts is saved at once."""

log = logging.getLogger(__name__)


def connect_device(config: DeviceConfig, services: Services) -> AbstractAsyncContextManager[Source]:
    """Open a source through the family its URL names."""
    opened: AbstractAsyncContextManager[Source] = load(family_of_url(config.url).connect)(config, services)
    return opened


class Sources:
    def __init__(
        self,
        intake: Intake,
        live: Live,
        disk: Disk,
        services: Callable[[Callable[[], Tap]], SiteServices],
        tap: Callable[[str], Tap],
    ) -> None:
        """`tap` makes one for a connection of the source of that name."""
        self.pollers: dict[str, Poller] = {}
        self._intake = intake
        self._live = live
        self._disk = disk
        self._memory = Memory(disk)
        self._services = services
        self._tap = tap
        self._is_dark: IsDark = never_dark
        self._configs: dict[str, DeviceConfig] = {}
        self._whereabouts: dict[str, Whereabouts] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._group = asyncio.TaskGroup()
        self._one_change_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sources that `follow` starts live until this is left."""
        try:
            async with self._group:
                try:
                    yield
                finally:
                    for task in self._tasks.values():
                        task.cancel()
        finally:
            await self.remember()

    async def follow(self, site_file: SiteFile) -> None:
        """End what the file does not name any more or names differently, start what is new, leave the rest alone.

        Raises `LedgerError` where it cannot be read what was known of something new; called again, it goes on from there.
        """
        async with self._one_change_at_a_time:
            self._look_at(site_file.site)
            wanted = {config.name: config for config in site_file.devices}
            gone = [name for name, config in self._configs.items() if wanted.get(name) != config]
            if gone:
                await self.remember()
            for name in gone:
                await self._end(name)
            added = [config for config in site_file.devices if config.name not in self._configs]
            gap_s = min(STAGGER_S, LONGEST_STAGGER_S / max(len(added), 1))
            for index, config in enumerate(added):
                await self._start(config, after_s=index * gap_s)

    async def remember_for_ever(self) -> NoReturn:
        wait_s = REMEMBER_FIRST_S
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._intake.shifted.wait()
            await self.remember()
            wait_s = REMEMBER_EVERY_S

    async def remember(self) -> None:
        """Keep what a restart must not forget. Never raises for a disk that is full or away."""
        self._intake.shifted.clear()
        counters = {key: counter for poller in self.pollers.values() for key, counter in _counters(poller)}
        try:
            await write_counters(self._disk, counters)
            for config, known in self._live.acquaintances():
                await self._memory.remember(key_of(config), told(known))
        except LedgerError:
            log.exception("counters and devices could not be saved; polling goes on")

    async def _start(self, config: DeviceConfig, *, after_s: float) -> None:
        services = self._services(partial(self._tap, config.name))
        known = recalled(await self._memory.recall(key_of(config)), config)
        whereabouts = Whereabouts(
            config,
            services,
            self._memory,
            connect=connect_device,
            start=partial(self._group.create_task, name=f"look for {config.name}"),
            spared=self._well,
        )
        poller = await self._poller(config.name, whereabouts.open, services.clock, known)
        self._intake.expect(config, family_of_url(config.url).name, poller.health, known)
        self._configs[config.name] = config
        self._whereabouts[config.name] = whereabouts
        self.pollers[config.name] = poller
        running = self._group.create_task(poller.run(after_s=after_s), name=f"poll {config.name}")
        self._tasks[config.name] = running
        running.add_done_callback(lambda _: whereabouts.close())

    async def _poller(self, name: str, opened: Open, clock: Clock, known: Acquaintance | None) -> Poller:
        """Going on from what was saved and stored before."""
        counters = await read_counters(self._disk, name)
        seen = {info.id for info in known.devices} if known is not None else set()
        stored = await self._intake.stored(seen | {device for device, _ in counters})
        return Poller(
            name,
            opened,
            self._intake,
            clock,
            gate=Gate(_reached(counters, stored)),
            contract=known.contract if known is not None else None,
            told_to=await self._intake.told_to(name, stored, clock.now()),
            is_dark=self._dark,
        )

    def places(self) -> Mapping[str, str]:
        """Where each source is now, which need not be where the file says."""
        return {name: place_of(where.url) for name, where in self._whereabouts.items()}

    def findings(self) -> tuple[Finding, ...]:
        """Of sources that are elsewhere than the file says."""
        found = (where.finding() for where in self._whereabouts.values())
        return tuple(finding for finding in found if finding is not None)

    def _well(self) -> frozenset[str]:
        """The places of sources that are as they should be; many take one connection only."""
        good = {name for name, poller in self.pollers.items() if poller.health.state is HealthState.GOOD}
        return frozenset(place for name, place in self.places().items() if name in good)

    async def _end(self, name: str) -> None:
        task, poller = self._tasks[name], self.pollers.pop(name)
        del self._configs[name], self._whereabouts[name]
        async with poller.turn:  # a command or a poll under way comes to its end first
            task.cancel()
        await asyncio.wait({task})
        del self._tasks[name]  # until here `running` ends it, should the gateway end meanwhile
        self._live.remove(name)

    def _look_at(self, site: Site) -> None:
        self._live.site = site
        self._is_dark = darkness(site)

    def _dark(self, at: datetime) -> bool:
        return self._is_dark(at)


def _reached(
    saved: Mapping[CounterKey, Counter], stored: Mapping[CounterKey, Value]
) -> dict[CounterKey, Counter]:
    """None below its newest total that is stored: a power cut may have come minutes after the saving."""
    totals = {key: value.value for key, value in stored.items() if not isinstance(value.value, str)}
    return {key: counter.raised_to(totals.get(key, 0.0)) for key, counter in saved.items()}


def _counters(poller: Poller) -> list[tuple[CounterKey, Counter]]:
    return list(poller.gate.counters.items())
