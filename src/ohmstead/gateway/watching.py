"""Changes for those who watch: one bounded mailbox each, in which the latest value of a device replaces the one before.

Publishing never waits, so a slow watcher delays nobody; it only sees fewer steps in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Self
from weakref import WeakSet

from ohmstead.gateway.status import Change, DeviceStatus
from ohmstead.model import DeviceId, Flows


class Watch:
    """One watcher's changes: iterate with `async for`. Ends when it is closed or the gateway is.

    Holds at most one status per device. One that nobody holds any more is forgotten.
    """

    def __init__(self) -> None:
        self._devices: dict[DeviceId, DeviceStatus] = {}
        self._gone: set[DeviceId] = set()
        self._newest: tuple[datetime, Flows] | None = None
        self._is_closed = False
        self._stirred = asyncio.Event()

    def put(
        self, at: datetime, flows: Flows, devices: Iterable[DeviceStatus], gone: Iterable[DeviceId]
    ) -> None:
        for device in gone:
            self._devices.pop(device, None)
            self._gone.add(device)
        for status in devices:
            self._devices[status.id] = status
            self._gone.discard(status.id)
        self._newest = (at, flows)
        self._stirred.set()

    def close(self) -> None:
        self._is_closed = True
        self._stirred.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Change:
        await self._stirred.wait()
        if self._newest is None:
            raise StopAsyncIteration
        (at, flows), devices, gone = self._newest, tuple(self._devices.values()), frozenset(self._gone)
        self._newest, self._devices, self._gone = None, {}, set()
        if not self._is_closed:
            self._stirred.clear()
        return Change(at=at, flows=flows, devices=devices, gone=gone)


class Watchers:
    def __init__(self) -> None:
        self._watches: WeakSet[Watch] = WeakSet()
        self._is_closed = False

    def add(self) -> Watch:
        watch = Watch()
        if self._is_closed:
            watch.close()
        self._watches.add(watch)
        return watch

    def publish(
        self,
        at: datetime,
        flows: Flows,
        devices: Collection[DeviceStatus],
        gone: Collection[DeviceId] = (),
    ) -> None:
        for watch in self._watches:
            watch.put(at, flows, devices, gone)

    def close(self) -> None:
        self._is_closed = True
        for watch in self._watches:
            watch.close()
