"""Knows a device by its serial number and not by its address: routers hand out new ones, and old ones to others.

What answers at the first contact is remembered. From then on another device at the address is refused, before anything
of it counts and before anything is written to it; and a device that is away is looked for in its network.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from ohmstead.gateway.discovering import discover, place_of
from ohmstead.gateway.disk import LedgerError
from ohmstead.gateway.remembering import Memory
from ohmstead.kit.link.vicinity import is_near, own_networks
from ohmstead.kit.registry import family_of_url
from ohmstead.model import (
    Ability,
    ConnectionLost,
    DeviceConfig,
    DeviceId,
    DeviceInfo,
    PollingContract,
    Refused,
    Sample,
    Services,
    Source,
    TimedOut,
    TurnedAway,
    Unreachable,
)
from ohmstead.polling import Finding, Trouble

A = TypeVar("A")
KEY: Final = "serials/"
SHORTEST_SERIAL: Final = 4
"""Texts as short as "1" are no serial numbers, nor are those with a space in them: many devices have the same."""
LOOK_EVERY_S: Final = 30.0
OFTEN_S: Final = 600.0
"""A router that restarts, and gives out new addresses, takes some minutes."""
RARELY_S: Final = 1800.0
"""Wire time: searches for a device that stays away come ever more rarely, and a network with one switched off is left in
peace.
"""
PREFIX: Final = 24
"""Of the addresses around the old one, as most routers share them out."""
AWAY: Final = (Unreachable, TimedOut, ConnectionLost)

Connect = Callable[[DeviceConfig, Services], AbstractAsyncContextManager[Source]]
Start = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]  # Any: what a coroutine sends and takes

log = logging.getLogger(__name__)


class WrongDevice(Refused):
    """Another device has the address of the one we mean."""


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    """As in the site file: who writes another one there means another device."""
    serials: frozenset[str] = frozenset()
    place: str = ""
    """Where it was found when it was not there any more."""
    moved_at: datetime | None = None


class Whereabouts:
    """Of one source."""

    def __init__(
        self,
        config: DeviceConfig,
        services: Services,
        memory: Memory,
        *,
        connect: Connect,
        start: Start,
        spared: Callable[[], Collection[str]],
    ) -> None:
        """`start` runs a search beside the polling; `spared` are places that are not to be disturbed."""
        self._config = config
        self._services = services
        self._memory = memory
        self._connect = connect
        self._start = start
        self._spared = spared
        self.url = config.url
        """Where it was met last."""
        self._kept: Pin | None = None
        """As it stands in the memory; None until that was asked."""
        self._serials: frozenset[str] = frozenset()
        self._moved_at: datetime | None = None
        self._search: asyncio.Task[None] | None = None
        self._lost_at_s: float | None = None
        self._looked_at_s = -RARELY_S
        self._pause_s = LOOK_EVERY_S

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Source]:
        """Raises `WrongDevice` besides what opening raises."""
        if self._kept is None:
            await self._recall()
        config = msgspec.structs.replace(self._config, url=self.url)
        with self._missing():
            async with self._connect(config, self._services) as source:
                self._require_known(source.devices())
                yield Recognised(source, self._seen)  # what its polls raise comes by here as well

    def finding(self) -> Finding | None:
        """While it is not where the site file says."""
        told, now = place_of(self._config.url), place_of(self.url)
        if self._moved_at is None or told == now:
            return None
        return Finding(
            trouble=Trouble.MOVED,
            words=(
                f"{self._config.name} has moved from {told} and is now at {now}, where it is read. Write that address into the "
                "site file, or have the router give it the old one again."
            ),
            since=self._moved_at,
        )

    def close(self) -> None:
        if self._search is not None:
            self._search.cancel()

    async def _recall(self) -> None:
        self._kept = Pin(url=self._config.url)
        try:
            text = await self._memory.recall(KEY + self._config.name)
            pin = msgspec.json.decode(text or "null", type=Pin | None)
        except (msgspec.DecodeError, LedgerError):
            pin = None
        if pin is not None and pin.url == self._config.url:
            self._kept, self._serials = pin, pin.serials
            if pin.place:
                self._go_to(pin.place, pin.moved_at)
        if self._config.serial:
            self._serials = frozenset((self._config.serial,))

    async def _seen(self, devices: Mapping[DeviceId, DeviceInfo]) -> None:
        """After a poll that went well."""
        self._require_known(devices)
        self._lost_at_s, self._pause_s = None, LOOK_EVERY_S
        if not self._config.serial:
            self._serials |= serials_of(devices)
        place = place_of(self.url) if self._moved_at is not None else ""
        pin = Pin(url=self._config.url, serials=self._serials, place=place, moved_at=self._moved_at)
        if pin == self._kept:
            return
        self._kept = pin
        try:
            await self._memory.remember(KEY + self._config.name, msgspec.json.encode(pin).decode())
        except LedgerError as error:  # a full disk forgets at the next restart, and stops nothing
            log.warning("%s: its serial number could not be kept: %s", self._config.name, error)

    def _go_to(self, place: str, moved_at: datetime | None) -> None:
        self.url = urlsplit(self.url)._replace(netloc=place).geturl()
        self._moved_at = None if place == place_of(self._config.url) else moved_at

    def _require_known(self, devices: Mapping[DeviceId, DeviceInfo]) -> None:
        found = serials_of(devices)
        if self._serials and found and self._serials.isdisjoint(found):
            raise WrongDevice(
                f"another device answers at {urlsplit(self.url).hostname or 'its address'}: its serial number is not that of {self._config.name}. "
                "If you have replaced the device, write its serial number into the site file, as `serial`."
            )

    @contextmanager
    def _missing(self) -> Iterator[None]:
        """Look for the device if what goes wrong is that it is not there."""
        try:
            yield
        except TurnedAway:  # somebody is there, and a search would only knock at more doors
            raise
        except (*AWAY, WrongDevice):
            now_s = asyncio.get_running_loop().time()
            self._lost_at_s = now_s if self._lost_at_s is None else self._lost_at_s
            is_looking = self._search is not None and not self._search.done()
            if self._serials and not is_looking and now_s >= self._looked_at_s + self._pause_s:
                away_s, self._looked_at_s = now_s - self._lost_at_s, now_s
                self._pause_s = min(max(LOOK_EVERY_S, away_s - OFTEN_S), RARELY_S)
                self._search = self._start(self._look())
            raise

    async def _look(self) -> None:
        """The root of a task: a search that fails is over, and the next one comes later."""
        try:
            await self._look_around()
        except Exception:  # the root of a task: a search that fails ends nothing else
            log.exception("%s could not be looked for", self._config.name)

    async def _look_around(self) -> None:
        card = family_of_url(self.url)
        if card.clouds:
            return
        found = await discover(networks_around(self.url), self._services, spared=self._spared(), among=[card])
        ours = next((one for one in found if self._serials and one.serial in self._serials), None)
        if ours is None or urlsplit(ours.url).scheme != urlsplit(self.url).scheme:
            return
        place = place_of(ours.url)
        if place != place_of(self.url):
            self._go_to(place, self._services.clock.now())
            where = (self._config.name, place_of(self._config.url), place)
            log.warning("%s has moved from %s to %s; write the new address into the site file", *where)


class Recognised:
    """A source that is asked at each poll whether it is still itself."""

    def __init__(
        self,
        source: Source,
        seen: Callable[[Mapping[DeviceId, DeviceInfo]], Coroutine[Any, Any, None]],  # Any: as above
    ) -> None:
        self.source = source
        """As its family made it."""
        self._seen = seen

    @property
    def contract(self) -> PollingContract:
        return self.source.contract

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        return self.source.devices()

    def ability(self, device: DeviceId, ability: Ability[A]) -> A | None:
        return self.source.ability(device, ability)

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        sample = await self.source.read(groups)
        await self._seen(self.source.devices())
        return sample


def serials_of(devices: Mapping[DeviceId, DeviceInfo]) -> frozenset[str]:
    return frozenset(
        info.serial
        for info in devices.values()
        if len(info.serial) >= SHORTEST_SERIAL and " " not in info.serial
    )


def networks_around(url: str) -> tuple[str, ...]:
    """Where a device goes that leaves this address: its neighbourhood, at the port it has."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port is not None else ""
    try:
        address = ip_address(parts.hostname or "")
    except ValueError:
        return tuple(f"{network}{port}" for network in own_networks())
    if address.version == 6 or not is_near(address):
        return ()
    return (f"{address}/{PREFIX}{port}",)
