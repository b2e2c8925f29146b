"""Reads a list of banks, one after the other, and says what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from ohmstead.families.givenergy.capabilities import INVERTER
from ohmstead.families.givenergy.client.banks import BankRead
from ohmstead.families.givenergy.client.exchange import ALIVE, Patience, Priority
from ohmstead.families.givenergy.client.outcomes import FailedRead, RefreshFailed, RefreshPartiallySucceeded
from ohmstead.families.givenergy.errors import ConnectionLost, RequestRefused, TimedOut
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadRequest
from ohmstead.model import DeviceError

SILENT_READS: Final = 2
"""After so many in a row, one cheap read shows whether the unit is awake, instead of a time-out per bank."""


class Bus(Protocol):
    """What a poll needs of a client."""

    @property
    def plant(self) -> Plant: ...

    async def read(self, request: ReadRequest, patience: Patience, priority: Priority) -> object: ...

    def is_young(self, request: ReadRequest, max_age_s: float | None) -> bool: ...


async def read_banks(
    bus: Bus, what: str, reads: Sequence[BankRead], patience: Patience, max_age_s: float | None = None
) -> Plant:
    """The plant. Raises `RefreshPartiallySucceeded` or `RefreshFailed` when a read that is not optional failed."""
    poll = _Poll(bus, patience)
    for read in reads:
        if bus.is_young(read.request, max_age_s):
            poll.spare()
        else:
            await poll.read(read)
    return poll.outcome(what)


class _Poll:
    def __init__(self, bus: Bus, patience: Patience) -> None:
        self._bus = bus
        self._patience = patience
        self._failures: list[FailedRead] = []
        self._errors: list[Exception] = []
        self._successes = 0
        self._silent = 0
        self._is_asleep = False

    async def read(self, read: BankRead) -> None:
        request = read.request
        try:
            await self._check_awake(request)
            patience = _once_more(self._patience) if read.is_optional else self._patience
            await self._bus.read(request, patience, Priority.POLLING)
        except TimedOut as error:
            if read.is_optional and not self._is_asleep:
                self._bus.plant.mark_absent(request.device, request.bank, request.base, request.count)
                return
            self._silent = 0 if isinstance(error, RequestRefused) else self._silent + 1
            self._fail(request, error)
        except ConnectionLost as error:
            self._fail(request, error)
        else:
            self._silent = 0
            self._successes += 1

    def spare(self) -> None:
        """What is known is young enough."""
        self._successes += 1

    async def _check_awake(self, request: ReadRequest) -> None:
        if self._is_asleep:
            raise TimedOut(f"{request} was not asked: the unit is silent")
        if self._silent < SILENT_READS:
            return
        try:
            await self._bus.read(ReadRequest(INVERTER, Bank.HR, 0, 1), ALIVE, Priority.POLLING)
        except RequestRefused:
            pass
        except TimedOut:
            self._is_asleep = True
            raise
        self._silent = 0

    def _fail(self, request: ReadRequest, error: DeviceError) -> None:
        self._failures.append(FailedRead.of(request))
        self._errors.append(error)

    def outcome(self, what: str) -> Plant:
        if not self._failures:
            return self._bus.plant
        count = len(self._failures)
        first = (
            f"{count} of {count + self._successes} reads of {what} failed, the first one: {self._errors[0]}"
        )
        cause = ExceptionGroup(f"failed reads of {what}", self._errors)
        if not self._successes:
            raise RefreshFailed(first, self._failures, cause)
        raise RefreshPartiallySucceeded(first, self._failures, cause, self._bus.plant)


def _once_more(patience: Patience) -> Patience:
    return Patience(timeout_s=patience.timeout_s, retries=1, retry_delay_s=patience.retry_delay_s)
