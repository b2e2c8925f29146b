"""The live state: what each source's devices said last, how the source is doing, and the flows of the home."""

from __future__ import annotations

from datetime import datetime

from ohmstead.gateway.acquaintance import Acquaintance
from ohmstead.gateway.clocks import DeviceClocks
from ohmstead.gateway.live_source import LiveSource
from ohmstead.gateway.status import DeviceStatus
from ohmstead.gateway.watching import Watch, Watchers
from ohmstead.model import Clock, DeviceConfig, DeviceId, Flows, Sample, Site, Source, flows
from ohmstead.polling import Balance, Finding, Health, Rejected


class Live:
    """Every source, and those who watch."""

    def __init__(self, site: Site, clock: Clock) -> None:
        self.site = site
        self._sources: dict[str, LiveSource] = {}
        self._clock = clock
        self._watchers = Watchers()
        self._balance = Balance()
        self._device_clocks = DeviceClocks()

    def add(self, config: DeviceConfig, family: str, health: Health) -> None:
        self._sources[config.name] = LiveSource(config, family, health, self._clock.speed)

    def remove(self, source: str) -> None:
        gone = {status.id for status in self._sources.pop(source).statuses(self._clock.now())}
        now = self._clock.now()
        self._watchers.publish(now, self.flows(now), (), gone)

    def recall(self, source: str, known: Acquaintance) -> None:
        self._sources[source].recall(known)

    def acquaintances(self) -> tuple[tuple[DeviceConfig, Acquaintance], ...]:
        """Of every source that has said what it measures."""
        found = ((source.config, source.acquaintance()) for source in self._sources.values())
        return tuple((config, known) for config, known in found if known is not None)

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

    def of_source(self, source: str) -> tuple[DeviceStatus, ...]:
        known = self._sources.get(source)
        return () if known is None else known.statuses(self._clock.now())

    def find(self, device: DeviceId) -> DeviceStatus | None:
        return next((status for status in self.statuses(self._clock.now()) if status.id == device), None)

    def flows(self, now: datetime) -> Flows:
        sources = self._sources.values()
        readings = [reading for source in sources for reading in source.fresh_readings(now)]
        return flows(readings, self.site, now, is_complete=all(source.has_spoken for source in sources))

    def findings(self) -> tuple[Finding, ...]:
        now = self._clock.now()
        clocks = self._device_clocks.findings(self.statuses(now), self.site.zone, now)
        return (*self._balance.findings(), *clocks)

    def watch(self) -> Watch:
        return self._watchers.add()

    def close(self) -> None:
        self._watchers.close()

    def _publish(self, source: str) -> None:
        now = self._clock.now()
        flows_now = self.flows(now)
        self._balance.see(flows_now)
        self._watchers.publish(now, flows_now, self._sources[source].statuses(now))
