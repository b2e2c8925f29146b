"""What one charger can be told, and what became of it in the interface's words.

Each command goes the one path of the house: its owner's consent, the envelope, budgets, reading back, the ledger.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable
from typing import Final

from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.extensions import AppliedObj, LimitedByEnum, UnitEnum
from ohmstead.families.everest.server import Effect
from ohmstead.model import (
    ALLOWS_CHARGING,
    LIMITS_CHARGER_POWER,
    LIMITS_CURRENT,
    SELECTS_PHASES,
    SWITCHES,
    Charger,
    ChargerBoard,
    ChargerState,
    Envelope,
    Outcome,
    Receipt,
)

SAME_A: Final = 0.01


class Levers:
    """`charger` is the newest that is known of it."""

    def __init__(self, board: ChargerBoard, charger: Charger) -> None:
        self.charger = charger
        self.board = board

    # --- what is so ---

    @property
    def enforced_a(self) -> float | None:
        """The smallest limit in force; a charger that was told 0 A keeps showing its installer's."""
        facts = self.charger.facts
        found = [a for a in (self.charger.reading.limit_a, facts.most_a, facts.network_a) if a]
        return min(found, default=None)

    @property
    def is_available(self) -> bool:
        return self.charger.is_reachable and self.charger.reading.state is not ChargerState.UNAVAILABLE

    @property
    def stopping(self) -> str | None:
        """The ability by which a car can be stopped."""
        if self.envelope(ALLOWS_CHARGING.name) is not None:
            return ALLOWS_CHARGING.name
        envelope = self.envelope(LIMITS_CURRENT.name)
        can_stop = envelope is not None and any(interval.low == 0.0 for interval in envelope.allowed)
        return LIMITS_CURRENT.name if can_stop else None

    def envelope(self, ability: str) -> Envelope | None:
        """None where the charger cannot, or nobody may write to it."""
        return self.charger.abilities.get(ability) if self.charger.control else None

    def most(self, envelope: Envelope) -> tuple[float, LimitedByEnum]:
        """The greatest current that can be offered, and who limits it to that."""
        installed_a, network_a = envelope.allowed[-1].high, self.charger.facts.network_a
        if network_a is not None and network_a < installed_a:
            return network_a, LimitedByEnum.NETWORK_LIMIT
        return installed_a, LimitedByEnum.INSTALLER_LIMIT

    # --- what can be done ---

    async def current(self, asked_a: float) -> Effect:
        """A current that it can offer. Never more than was asked for: between two steps it is the lower one."""
        _, effect = await self._offer(asked_a)
        return effect

    async def _offer(self, asked_a: float) -> tuple[bool, Effect]:
        """Whether the charger took it, be it in part, and what that came to."""
        envelope = self.envelope(LIMITS_CURRENT.name)
        if envelope is None:
            return False, self.current_effect(asked_a, LimitedByEnum.NOT_SUPPORTED)
        most_a, limited_by = self.most(envelope)
        wanted_a = math.floor(min(asked_a, most_a) / envelope.step + 1e-9) * envelope.step
        receipt = await self._command(LIMITS_CURRENT.name, wanted_a)
        if not _is_done(receipt):
            return False, self.current_effect(asked_a, _why(receipt), _number(receipt.read_back))
        if asked_a > most_a + SAME_A:
            return True, self.current_effect(asked_a, limited_by, wanted_a)
        is_whole = abs(asked_a - wanted_a) <= SAME_A
        return True, self.current_effect(asked_a, None if is_whole else LimitedByEnum.HARDWARE, wanted_a)

    async def stop(self) -> Effect:
        """A charger that cannot stop a car is not slowed down instead."""
        ability = self.stopping
        if ability is None:
            return allowed_effect(asked=False, limited_by=LimitedByEnum.NOT_SUPPORTED)
        receipt = await self._command(ability, 0.0)
        return allowed_effect(asked=False, limited_by=None if _is_done(receipt) else _why(receipt))

    async def allow(self, current_a: float | None) -> Effect:
        """Where a stop was a current of 0 A, another current ends it, be it less than was asked for."""
        if current_a is not None:
            is_taken, effect = await self._offer(current_a)
            if not is_taken:
                return effect
        if self.stopping == ALLOWS_CHARGING.name:
            receipt = await self._command(ALLOWS_CHARGING.name, 1.0)
            return allowed_effect(asked=True, limited_by=None if _is_done(receipt) else _why(receipt))
        return allowed_effect(asked=True)

    async def phases(self, asked: int) -> Effect:
        receipt = await self._command(SELECTS_PHASES.name, float(asked))
        return phases_effect(asked, None if _is_done(receipt) else _why(receipt))

    async def power(self, asked_w: float) -> Effect:
        receipt = await self._command(LIMITS_CHARGER_POWER.name, asked_w)
        limited_by = None if _is_done(receipt) else _why(receipt)
        return Effect(
            error=_error(limited_by),
            max_power=AppliedObj(
                value=_number(receipt.read_back), unit=UnitEnum.W, requested=asked_w, limited_by=limited_by
            ),
        )

    async def switch(self, *, on: bool) -> Error:
        """A charger that cannot be taken out of service is in service as long as it is there."""
        if self.envelope(SWITCHES.name) is None:
            return Error.NO_ERROR if on and self.is_available else Error.ERROR_OPERATION_NOT_SUPPORTED
        receipt = await self._command(SWITCHES.name, float(on))
        return Error.NO_ERROR if _is_done(receipt) else Error.ERROR_VALUES_NOT_APPLIED

    def current_effect(
        self, asked_a: float, limited_by: LimitedByEnum | None, applied_a: float | None = None
    ) -> Effect:
        in_force_a = applied_a if applied_a is not None else self.enforced_a
        applied = AppliedObj(value=in_force_a, unit=UnitEnum.A, requested=asked_a, limited_by=limited_by)
        return Effect(error=_error(limited_by), max_current=applied)

    def _command(self, ability: str, value: float) -> Awaitable[Receipt]:
        return self.board.command(self.charger.id, ability, value)


def allowed_effect(*, asked: bool, limited_by: LimitedByEnum | None = None) -> Effect:
    value = asked if limited_by is None else not asked
    applied = AppliedObj(value=value, unit=UnitEnum.BOOL, requested=asked, limited_by=limited_by)
    return Effect(error=_error(limited_by), charging_allowed=applied)


def phases_effect(asked: int, limited_by: LimitedByEnum | None = None) -> Effect:
    value = float(asked) if limited_by is None else None
    applied = AppliedObj(value=value, unit=UnitEnum.PHASES, requested=float(asked), limited_by=limited_by)
    return Effect(error=_error(limited_by), phase_count=applied)


def _error(limited_by: LimitedByEnum | None) -> Error:
    return Error.NO_ERROR if limited_by is None else Error.ERROR_VALUES_NOT_APPLIED


def _is_done(receipt: Receipt) -> bool:
    return receipt.outcome in (Outcome.CONFIRMED, Outcome.ACKNOWLEDGED)


def _why(receipt: Receipt) -> LimitedByEnum:
    return LimitedByEnum(receipt.limited_by.value) if receipt.limited_by is not None else LimitedByEnum.OTHER


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
