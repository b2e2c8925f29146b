"""A running site, as its faces see it."""

from __future__ import annotations

import asyncio

from ohmstead.gateway.bookkeeping import Bookkeeper
from ohmstead.gateway.capturing import Captures
from ohmstead.gateway.commands import Commands
from ohmstead.gateway.discovering import place_of
from ohmstead.gateway.editing import SiteEditor
from ohmstead.gateway.held_back import HeldBack
from ohmstead.gateway.live import Live
from ohmstead.gateway.scarcity import Scarcity
from ohmstead.gateway.secrets import Secrets
from ohmstead.gateway.site_file import SiteFile
from ohmstead.gateway.site_findings import SiteFindings
from ohmstead.gateway.sources import Sources
from ohmstead.gateway.status import DeviceStatus, State
from ohmstead.gateway.unreached import Unreached
from ohmstead.gateway.watchdog import Watchdog
from ohmstead.gateway.watching import Watch
from ohmstead.history import History
from ohmstead.model import Clock, DeviceId, Flows
from ohmstead.polling import Finding


class Gateway:
    def __init__(
        self,
        site_file: SiteFile,
        clock: Clock,
        *,
        history: History,
        live: Live,
        commands: Commands,
        held_back: HeldBack,
        sources: Sources,
        captures: Captures,
        books: Bookkeeper,
        secrets: Secrets,
        watchdog: Watchdog,
    ) -> None:
        self.site_file = site_file
        """In force now: the file's content, or the last good one."""
        self.config_problem = ""
        """Why the file as it stands is not in force; empty when it is."""
        self.clock = clock
        self.history = history
        self.commands = commands
        self.held_back = held_back
        self.captures = captures
        self.books = books
        self.secrets = secrets
        self.editor = SiteEditor(self)
        self.looking = asyncio.Lock()
        """Held while the home network is searched: one search at a time."""
        self.watchdog = watchdog
        self.scarcity = Scarcity(clock)
        self.unreached = Unreached(clock)
        self._live = live
        self._sources = sources
        self._site_findings = SiteFindings(site_file, clock)

    async def follow(self, site_file: SiteFile) -> None:
        """Bring the running site to what the file says. Sources it does not change are not disturbed.

        Tables of the faces and of the history take effect with the next start, and the findings say so until then.
        """
        await self._sources.follow(site_file)
        self.books.follow(site_file)
        self._site_findings.follow(site_file)
        self.site_file, self.config_problem = site_file, ""

    def devices(self) -> tuple[DeviceStatus, ...]:
        return self._live.statuses(self.clock.now())

    def device(self, device: str) -> DeviceStatus | None:
        return self._live.find(DeviceId(device))

    def places(self) -> frozenset[str]:
        """Where the devices of the site are: where the file says, and where they were found since."""
        told = (place_of(config.url) for config in self.site_file.devices)
        return frozenset((*told, *self._sources.places().values()))

    def flows(self) -> Flows:
        return self._live.flows(self.clock.now())

    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the home as a whole: meters that do not fit, clocks that are off, devices that have moved, a
        site file that is not all in force, a gateway that stood still, was short of something or cannot reach whom it
        reports to.
        """
        of_devices = (*self._live.findings(), *self._sources.findings())
        of_gateway = (*self.watchdog.findings(), *self.scarcity.findings(), *self.unreached.findings())
        return (*of_devices, *self._site_findings.findings, *of_gateway)

    def state(self) -> State:
        now = self.clock.now()
        return State(
            at=now, site=self.site_file.site, flows=self._live.flows(now), devices=self._live.statuses(now)
        )

    def watch(self) -> Watch:
        """Changes from this call on. Take a `state()` after it to miss nothing. Ends when the gateway closes."""
        return self._live.watch()
