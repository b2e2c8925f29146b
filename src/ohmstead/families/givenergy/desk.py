"""Where abilities are carried out.

Every setting is looked at first: what is set already is not written again. After a write the registers are read back,
whatever the echo said, and the receipt says what they hold.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from ohmstead.families.givenergy import gates
from ohmstead.families.givenergy.abilities import CLOCK_ENVELOPE, Requests, Setting, Stored
from ohmstead.families.givenergy.client import Client
from ohmstead.families.givenergy.errors import RequestRefused, StoredDifferently, TimedOut
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadReply, ReadRequest, WriteRequest
from ohmstead.model import (
    SETS_CLOCK,
    Ability,
    BudgetSpent,
    DeviceId,
    Outcome,
    Receipt,
    Services,
    Unsafe,
)

WRITES_A_DAY: Final = 200
"""Of registers. Settings are kept in memory that wears; what the plant is set to already costs nothing."""
DAY_S: Final = 86_400.0
CLOCK: Final = (35, 36, 37, 38, 39, 40)
CLOCK_TOLERANCE: Final = timedelta(seconds=5)
TIMEOUT_S: Final = 3.0
RETRIES: Final = 2
"""Of looks, and of what is known not to be in force; what begins something the client sends once."""


class Desk:
    """Where the abilities of one plant are carried out, one at a time: the house asks a source one thing at a time."""

    def __init__(
        self, device: DeviceId, client: Client, services: Services, zone: tzinfo | None, *, allow_gated: bool
    ) -> None:
        self.device = device
        self._client = client
        self._services = services
        self._zone = zone
        self._allow_gated = allow_gated

    async def apply(self, setting: Setting, value: float) -> Receipt:
        asked = setting.envelope.check(value)
        await self._client.stay_connected()
        before = await self._stored(setting.depends_on)
        if before is None:
            return self._receipt(
                setting.ability, asked, Outcome.REFUSED, reason="its present state is not known"
            )
        requests = setting.requests(self._client.plant.inverter, int(asked), before)
        intended = _intended(requests)
        if not setting.envelope.is_momentary and await self._stored(tuple(intended)) == intended:
            return self._receipt(
                setting.ability, asked, Outcome.CONFIRMED, asked, "it was set already; nothing was written"
            )
        failure = await self._written(requests)
        if setting.envelope.is_momentary:
            outcome = Outcome.ACKNOWLEDGED if failure is None else _outcome(failure)
            return self._receipt(setting.ability, asked, outcome, reason=str(failure or ""))
        return await self._read_back(setting, asked, intended, failure)

    async def set_clock(self, value: float) -> Receipt:
        asked = CLOCK_ENVELOPE.check(value)
        await self._client.stay_connected()
        failure = await self._written(self.clock_requests())
        stored = await self._stored(CLOCK)
        if stored is None:
            return self._receipt(SETS_CLOCK, asked, Outcome.UNKNOWN, reason=str(failure or "not verified"))
        shows = _moment(stored)
        if shows is not None and abs(shows - self._local_now()) <= CLOCK_TOLERANCE:
            return self._receipt(SETS_CLOCK, asked, Outcome.CONFIRMED, asked)
        reason = f"its clock shows {shows.isoformat(' ') if shows else 'no time'}"
        return self._receipt(SETS_CLOCK, asked, Outcome.DIFFERENT, 0.0, reason)

    async def _written(self, requests: Requests) -> TimedOut | StoredDifferently | None:
        """What went wrong with it; whether it is in force all the same is seen by reading back."""
        await self._spend(len(requests))
        try:
            await self._client.one_shot_command(
                requests, timeout=TIMEOUT_S, retries=RETRIES, allow_gated=self._allow_gated
            )
        except (TimedOut, StoredDifferently) as error:
            return error
        return None

    async def _read_back(
        self, setting: Setting, asked: float, intended: Stored, failure: Exception | None
    ) -> Receipt:
        stored = await self._stored(tuple(intended))
        if stored is None:
            reason = f"not verified: {failure or 'the registers could not be read back'}"
            return self._receipt(setting.ability, asked, Outcome.UNKNOWN, reason=reason)
        if stored == intended:
            return self._receipt(setting.ability, asked, Outcome.CONFIRMED, asked)
        shown = setting.shown(stored[list(intended)[-1]])
        others = ", ".join(f"HR({r}) is {stored[r]}" for r in intended if stored[r] != intended[r])
        if isinstance(failure, RequestRefused):
            return self._receipt(setting.ability, asked, Outcome.REFUSED, shown, f"{failure}; {others}")
        return self._receipt(
            setting.ability, asked, Outcome.DIFFERENT, shown, f"stored differently: {others}"
        )

    async def _stored(self, registers: tuple[int, ...]) -> dict[int, int] | None:
        """What the registers hold now; None when one of them could not be read."""
        address = self._client.plant.inverter.device_address
        asks = [ReadRequest(address, Bank.HR, first, count) for first, count in _runs(registers)]
        try:
            replies = await self._client.execute(asks, timeout=TIMEOUT_S, retries=RETRIES)
        except TimedOut:
            return None
        found: dict[int, int] = {}
        for reply in replies:
            assert isinstance(reply, ReadReply)  # noqa: S101 - nothing else answers a read
            found |= dict(enumerate(reply.words, reply.base))
        return {register: found[register] for register in registers}

    async def _spend(self, writes: int) -> None:
        key = f"givenergy/{self.device}/writes"
        if not await self._services.spend(key, writes, WRITES_A_DAY, DAY_S):
            raise BudgetSpent(
                f"{self.device} was written to {WRITES_A_DAY} times within a day, which is its budget; its "
                "settings are kept in memory that wears",
                after=timedelta(hours=24),
            )

    def passes(self, setting: Setting) -> bool:
        low = int(setting.envelope.allowed[0].low)
        return self.may(setting.requests(self._client.plant.inverter, low, {}))

    def may(self, requests: Requests) -> bool:
        gate = gates.USER_GATED if self._allow_gated else gates.USER
        try:
            gates.check_writes(requests, self._client.plant.capabilities, gate)
        except Unsafe:
            return False
        return True

    def clock_requests(self) -> Requests:
        return self._client.plant.inverter.set_system_date_time(self._local_now())

    def _local_now(self) -> datetime:
        """As a wall clock at the plant shows it."""
        return self._services.clock.now().astimezone(self._zone).replace(tzinfo=None, microsecond=0)

    def _receipt(
        self,
        ability: Ability[Any],  # Any: as above
        asked: float,
        outcome: Outcome,
        read_back: float | None = None,
        reason: str = "",
    ) -> Receipt:
        return Receipt(
            device=self.device,
            ability=ability.name,
            at=self._services.clock.now(),
            outcome=outcome,
            asked=asked,
            read_back=read_back,
            reason=reason,
        )


def _intended(requests: Requests) -> dict[int, int]:
    return {request.register: request.value for request in requests if isinstance(request, WriteRequest)}


def _outcome(failure: Exception) -> Outcome:
    return Outcome.REFUSED if isinstance(failure, RequestRefused) else Outcome.UNKNOWN


def _runs(registers: tuple[int, ...]) -> list[tuple[int, int]]:
    """Exactly these registers, neighbours together: what lies between them may not be there."""
    runs: list[tuple[int, int]] = []
    for register in sorted(registers):
        if runs and sum(runs[-1]) == register:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((register, 1))
    return runs


def _moment(stored: Stored) -> datetime | None:
    try:
        year, month, day, hour, minute, second = (stored[register] for register in CLOCK)
        return datetime(2000 + year, month, day, hour, minute, second)  # noqa: DTZ001 - the unit knows no zone
    except ValueError:
        return None
