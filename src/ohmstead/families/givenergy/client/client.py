"""The client of one adapter and all that stands behind it: connect, find out what is there, read it, change it.

    async with Client("192.0.2.7") as client:
        await client.detect()
        plant = await client.load_config()
        plant = await client.refresh()

What other clients of the adapter, and its cloud, ask for arrives here as well and is kept; `refresh(max_age=…)` spares
what is young enough. Reconnecting is never hidden: a lost connection is said, and `connect()` begins anew. Before the
first `connect()` and after `close()`, as outside the block, every request raises `NotConnected`.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Callable, Coroutine, Iterable
from random import Random
from types import TracebackType
from typing import Any, Self

from ohmstead.families.givenergy.capabilities import INVERTER, PlantCapabilities
from ohmstead.families.givenergy.client import banks, deprecated, detection
from ohmstead.families.givenergy.client.banks import ExtraBlock
from ohmstead.families.givenergy.client.commanding import Commanding
from ohmstead.families.givenergy.client.connection import Connection, Drops
from ohmstead.families.givenergy.client.exchange import ALIVE, Patience, Priority
from ohmstead.families.givenergy.client.outcomes import PlantTopologyMismatch
from ohmstead.families.givenergy.client.polling import read_banks
from ohmstead.families.givenergy.client.recording import Sink
from ohmstead.families.givenergy.errors import PlantNotDetected
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.trust import Trust
from ohmstead.families.givenergy.wire import PORT
from ohmstead.kit.link import Dial, tcp
from ohmstead.model import Clock, DeviceError, RealClock, Tap

# ruff: noqa: ASYNC109, FBT001, FBT002, PLR0917 - the documented names of this surface, timeouts and switches included


class Client(Commanding):
    """See the module. Safe to use from several tasks: requests share one line, and whoever asks the same shares one."""

    def __init__(
        self,
        host: str,
        port: int = PORT,
        *,
        connect_timeout: float = 2.0,
        tx_message_wait: float = 0.25,
        tx_jitter: float = 0.1,
        plant: Plant | None = None,
        splice_heal_seconds: float = 900.0,
        splice_reject_heal_seconds: float | None = None,
        extra_blocks: Iterable[ExtraBlock] = (),
        clock: Clock | None = None,
        dial: Dial | None = None,
        tap: Tap | None = None,
        random: Random | None = None,
        tells_drops: bool = True,
    ) -> None:
        """`tx_message_wait` and up to `tx_jitter` more lie between two requests. `plant` is filled, by its own trust;
        never share it between clients.

        `splice_heal_seconds` and `splice_reject_heal_seconds`: how long unlikely pages have to persist before they are
        believed; see `trust`. `extra_blocks` are read with the settings though no unit is known to have them.
        `tells_drops`: whether the log is warned of lost connections; False for who tells of what failed itself.
        """
        self.host = host
        self.port = port
        self._extra = frozenset(map(ExtraBlock, extra_blocks))
        self._polling = asyncio.Lock()
        clock = clock or RealClock()
        trust = Trust(
            splice_heal_seconds=splice_heal_seconds, splice_reject_heal_seconds=splice_reject_heal_seconds
        )
        connection = Connection(
            f"{host}:{port}",
            dial or tcp(host, port, timeout_s=connect_timeout, tap=tap),
            plant or Plant(clock=clock, trust=trust),
            clock=clock,
            gap_s=tx_message_wait,
            jitter_s=tx_jitter,
            random=random or Random(),
            drops=Drops(f"{host}:{port}", clock, logging.WARNING if tells_drops else logging.DEBUG),
        )
        super().__init__(connection)

    @property
    def connected(self) -> bool:
        return self._connection.is_open

    async def connect(self) -> None:
        """Open the connection, anew if there is one. Raises `CommunicationError`."""
        await self._connection.open()
        self._connection.block.is_open = True

    def require_open(self) -> None:
        """Raises `NotConnected` outside the block."""
        self._connection.require_open()

    async def stay_connected(self) -> None:
        """Open it anew if it was lost, as with adapters that hang up on idle clients. Raises `CommunicationError`."""
        self.require_open()
        if not self.connected:
            await self._connection.open()

    async def close(self) -> None:
        """End it; whoever waits is told. Never raises."""
        self._connection.block.end()
        await self._connection.close()

    async def __aenter__(self) -> Self:
        with self._connection.block.beginning():
            await self._connection.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # What is there.
    async def detect(
        self,
        timeout: float = 2.0,
        retries: int = 3,
        probe_timeout: float = 0.5,
        probe_retries: int = 1,
        prior: PlantCapabilities | None = None,
    ) -> PlantCapabilities:
        """Find out, or see whether `prior` still holds. Until this has succeeded the plant has no capabilities.

        Raises `PlantTopologyMismatch`, which leaves the connection as it is, or `CommunicationError`, `ConnectionLost`
        or `TimedOut`, which close it.
        """
        patiences = detection.Patiences(
            Patience(timeout_s=timeout, retries=retries, retry_delay_s=0.5),
            Patience(timeout_s=probe_timeout, retries=probe_retries, retry_delay_s=0.0),
        )
        self.require_open()
        async with self._polling:
            self.plant.capabilities = None
            try:
                found = await detection.detect(self._connection, prior, patiences)
            except PlantTopologyMismatch:
                raise
            except BaseException:
                await self._connection.close()
                raise
            self._connection.detected(found)
        return found

    async def load_config(self, timeout: float = 2.0, retries: int = 3, retry_delay: float = 0.5) -> Plant:
        """Read the settings. Raises `PlantNotDetected`, `RefreshPartiallySucceeded` or `RefreshFailed`."""
        patience = Patience(timeout_s=timeout, retries=retries, retry_delay_s=retry_delay)
        capabilities = self._capabilities()
        async with self._polling:
            reads = banks.settings(capabilities, self._extra)
            return await read_banks(self._connection, "the settings", reads, patience)

    def refresh(
        self,
        timeout: float = 2.0,
        retries: int = 1,
        retry_delay: float = 0.5,
        max_age: float | None = None,
        *,
        ir0_max_age: float | None = None,
    ) -> Coroutine[Any, Any, Plant]:  # Any: what a coroutine sends and takes
        """Read the measurements, but for what came in within the last `max_age` seconds, whoever asked for it.

        Success does not say that everything is fresh: a page may have been held back. Ages tell. Raises as `load_config`.
        """
        if ir0_max_age is not None:
            warnings.warn(
                "ir0_max_age will be removed with the next major version; say max_age instead.",
                DeprecationWarning,
                stacklevel=2,
            )
        patience = Patience(timeout_s=timeout, retries=retries, retry_delay_s=retry_delay)
        return self._refresh(patience, ir0_max_age if max_age is None else max_age)

    async def _refresh(self, patience: Patience, max_age_s: float | None) -> Plant:
        capabilities = self._capabilities()
        async with self._polling:
            reads = banks.measurements(capabilities)
            return await read_banks(self._connection, "the measurements", reads, patience, max_age_s)

    def _capabilities(self) -> PlantCapabilities:
        self.require_open()
        capabilities = self.plant.capabilities
        if capabilities is None:
            raise PlantNotDetected("it is not known what this plant is made of; call detect() first")
        return capabilities

    async def probe_alive(self) -> bool:
        """One cheap look. False closes the connection; never raises."""
        request = banks.identity(INVERTER)
        try:
            reply = await self._connection.read(request, ALIVE, Priority.POLLING)
            is_alive = self._connection.is_stored(reply)
        except DeviceError:
            is_alive = False
        if not is_alive:
            await self._connection.close()
        return is_alive

    async def capture_frames(self, sink: Sink, duration: float = 60.0) -> None:
        """Call `sink("rx" or "tx", frame)` for every frame that passes, redacted. Raises `RuntimeError` for a second one."""
        await self._connection.recorder.record(sink, duration)

    # Old names.
    def refresh_plant(
        self,
        full_refresh: bool = True,
        max_batteries: int = deprecated.DEFAULT_BATTERIES,
        timeout: float = 2.0,
        retries: int = 1,
        retry_delay: float = 0.5,
    ) -> Coroutine[Any, Any, Plant]:  # Any: as above
        """Deprecated: `detect`, `load_config` and `refresh`."""
        deprecated.warn("refresh_plant", max_batteries)
        return deprecated.refresh_plant(
            self, is_full=full_refresh, timeout_s=timeout, retries=retries, retry_delay_s=retry_delay
        )

    def watch_plant(
        self,
        handler: Callable[[], object] | None = None,
        refresh_period: float = 15.0,
        max_batteries: int = deprecated.DEFAULT_BATTERIES,
        timeout: float = 2.0,
        retries: int = 1,
        retry_delay: float = 0.5,
        passive: bool = False,
    ) -> Coroutine[Any, Any, None]:  # Any: as above
        """Deprecated: `detect`, `load_config` and `refresh` in a loop of your own."""
        deprecated.warn("watch_plant", max_batteries)
        return deprecated.watch_plant(
            self,
            handler,
            period_s=refresh_period,
            is_passive=passive,
            timeout_s=timeout,
            retries=retries,
            retry_delay_s=retry_delay,
        )
