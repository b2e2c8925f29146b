"""The part of a client that sends what a caller wants sent: anything through `execute`, changes through the gates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, overload

from ohmstead.families.givenergy import gates
from ohmstead.families.givenergy.client import writing
from ohmstead.families.givenergy.client.connection import Connection
from ohmstead.families.givenergy.client.exchange import Patience, Priority
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.wire import ReadRequest, Reply, TransparentRequest, WriteRequest
from ohmstead.model import DeviceError

# ruff: noqa: ASYNC109, FBT001, FBT002, PLR0917 - the documented names of this surface, timeouts and switches included


class Commanding:
    """What a client can send over its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def plant(self) -> Plant:
        """Everything that is known, whoever asked for it."""
        return self._connection.plant

    @overload
    async def execute(
        self,
        requests: Sequence[TransparentRequest],
        timeout: float = ...,
        retries: int = ...,
        retry_delay: float = ...,
        return_exceptions: Literal[False] = ...,
    ) -> list[Reply]: ...
    @overload
    async def execute(
        self,
        requests: Sequence[TransparentRequest],
        timeout: float = ...,
        retries: int = ...,
        retry_delay: float = ...,
        *,
        return_exceptions: bool,
    ) -> list[Reply | Exception]: ...
    async def execute(
        self,
        requests: Sequence[TransparentRequest],
        timeout: float = 2.0,
        retries: int = 0,
        retry_delay: float = 0.5,
        return_exceptions: bool = False,
    ) -> list[Reply] | list[Reply | Exception]:
        """Any reads, and writes of what owners may write somewhere; the replies in order.

        Whether this model takes a write is not asked here. Raises `InvalidPduState` before anything is sent.
        """
        gates.check_any(requests, self.plant.capabilities)
        patience = Patience(timeout_s=timeout, retries=retries, retry_delay_s=retry_delay)
        found: list[Reply | Exception] = []
        for request in requests:
            try:
                found.append(await self._executed(request, patience))
            except DeviceError as error:
                if not return_exceptions:
                    raise
                found.append(error)
        return found

    async def _executed(self, request: TransparentRequest, patience: Patience) -> Reply:
        if isinstance(request, WriteRequest):
            return await writing.write(self._connection, request, patience, Priority.PEOPLE)
        assert isinstance(request, ReadRequest)  # noqa: S101 - the gate lets nothing else through
        return await self._connection.read(request, patience, Priority.PEOPLE)

    async def one_shot_command(
        self,
        requests: Sequence[TransparentRequest],
        timeout: float = 1.5,
        retries: int = 0,
        retry_delay: float = 0.5,
        allow_gated: bool = False,
        dry_run: bool = False,
        *,
        priority: Priority = Priority.PEOPLE,
    ) -> list[Reply]:
        """Send the writes of a command one after the other, each confirmed before the next.

        Raises `InvalidPduState` before anything is sent when one of them is not for this plant; `allow_gated` opts into
        those that are not proven on every model; `dry_run` only asks. Then `TimedOut`, `RequestRefused`,
        `StoredDifferently` or `ConnectionLost` for the one that failed; those behind it are not sent.
        """
        gate = gates.USER_GATED if allow_gated else gates.USER
        patience = Patience(timeout_s=timeout, retries=retries, retry_delay_s=retry_delay)
        return await self._command(requests, gate, patience, priority, dry_run=dry_run)

    async def installer_command(
        self,
        requests: Sequence[TransparentRequest],
        timeout: float = 1.5,
        retries: int = 0,
        retry_delay: float = 0.5,
        confirm: bool = False,
        dry_run: bool = False,
    ) -> list[Reply]:
        """The same for installers. What cannot be taken back, or protects the grid, needs `confirm=True`."""
        patience = Patience(timeout_s=timeout, retries=retries, retry_delay_s=retry_delay)
        gate = gates.installer(confirm=confirm)
        return await self._command(requests, gate, patience, Priority.PEOPLE, dry_run=dry_run)

    async def _command(
        self,
        requests: Sequence[TransparentRequest],
        gate: gates.Gate,
        patience: Patience,
        priority: Priority,
        *,
        dry_run: bool,
    ) -> list[Reply]:
        batch = tuple(requests)
        gates.check_writes(batch, self.plant.capabilities, gate)
        if dry_run:
            return []
        writes = (request for request in batch if isinstance(request, WriteRequest))
        return [await writing.write(self._connection, request, patience, priority) for request in writes]
