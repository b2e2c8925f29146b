"""The documents beside vitals, which change slowly: now and then one of them, for a unit takes seconds to answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from ohmstead.families.tesla_wall_connector.client.rest import Client
from ohmstead.families.tesla_wall_connector.details import document_details
from ohmstead.families.tesla_wall_connector.documents import Lifetime, Vitals, WifiStatus
from ohmstead.families.tesla_wall_connector.knowledge import Knowledge
from ohmstead.model import ConnectionLost, Detail, DeviceError

VERSION, LIFETIME, WIFI = "version", "lifetime", "wifi"
EVERY: Final = {VERSION: timedelta(hours=1), LIFETIME: timedelta(minutes=1), WIFI: timedelta(minutes=1)}


class SlowDocuments:
    def __init__(self, client: Client, knowledge: Knowledge, now: datetime, *, is_version_due: bool) -> None:
        """`is_version_due`: who is there was only remembered."""
        self._client = client
        self._knowledge = knowledge
        self._lifetime: Lifetime | None = None
        self._wifi: WifiStatus | None = None
        self._due = {VERSION: now if is_version_due else now + EVERY[VERSION], LIFETIME: now, WIFI: now}
        self._uptime_s = 0
        self._is_first = True
        self.was_quiet = False
        """Nothing was asked for with the last reading, and it was not the first: whoever looks at more may do so now."""

    def see(self, vitals: Vitals, now: datetime) -> None:
        """A unit that has started anew may have other firmware."""
        if vitals.uptime_s is not None:
            if vitals.uptime_s < self._uptime_s:
                self._due[VERSION] = now
            self._uptime_s = vitals.uptime_s

    async def read(self, groups: frozenset[str] | None, now: datetime) -> dict[str, str]:
        """Those that are asked for, else the next that is due; never with the very first reading, which somebody waits
        for. What could not be read is returned, with the reason.
        """
        missing: dict[str, str] = {}
        wanted = self._wanted(groups, now)
        self.was_quiet, self._is_first = not wanted and not self._is_first, False
        for name in wanted:
            self._due[name] = now + EVERY[name]
            try:
                await self._read(name)
            except ConnectionLost:
                raise
            except DeviceError as error:
                missing[name] = str(error)
        return missing

    def details(self) -> Iterator[Detail]:
        for document in (self._knowledge.version, self._lifetime, self._wifi):
            if document is not None:
                yield from document_details(document)

    def _wanted(self, groups: frozenset[str] | None, now: datetime) -> list[str]:
        if groups is not None:
            return [name for name in self._due if name in groups]
        return [] if self._is_first else [name for name, due in self._due.items() if now >= due][:1]

    async def _read(self, name: str) -> None:
        if name == LIFETIME:
            self._lifetime = await self._client.lifetime()
        elif name == WIFI:
            self._wifi = await self._client.wifi_status()
        else:
            await self._knowledge.meet(await self._client.version())
