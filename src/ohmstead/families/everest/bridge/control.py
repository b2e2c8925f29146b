"""Stands behind an EVSE for one charger of the house: takes wishes, as far as the charger can fulfil them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from ohmstead.families.everest.bridge.endings import Endings, Part
from ohmstead.families.everest.bridge.levers import Levers, allowed_effect, phases_effect
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.extensions import AppliedObj, LimitedByEnum, LimitObj, UnitEnum
from ohmstead.families.everest.schema.stamps import stamp
from ohmstead.families.everest.server import Effect, Evse, Wish
from ohmstead.model import (
    LIMITS_CHARGER_POWER,
    LIMITS_CURRENT,
    SELECTS_PHASES,
    Charger,
    Envelope,
)

log = logging.getLogger(__name__)

LOOKS_AGAIN_S: Final = 60.0
"""Whether a charger is there again that was away when a wish ended."""
COMES: Final = frozenset(
    {
        None,
        LimitedByEnum.HARDWARE,
        LimitedByEnum.INSTALLER_LIMIT,
        LimitedByEnum.NETWORK_LIMIT,
        LimitedByEnum.ACCESS_WINDOW,
        LimitedByEnum.WEAR_BUDGET,
    }
)
"""What limits a wish that is followed all the same: in part, or later."""


class ChargerControl:
    """`evse` is set once there is one."""

    def __init__(self, levers: Levers, endings: Endings) -> None:
        self.levers = levers
        self.evse: Evse
        self._endings = endings
        for part in Part:
            endings.recall(levers.charger.id, part, partial(self._end, part))
        self._overdue: set[Part] = set()
        """What ended while the charger was away."""
        self._remembered_a: float | None = None
        """Wished while charging was forbidden, or held back: applied when charging is allowed again."""

    def see(self, charger: Charger) -> None:
        """The newest of it. What ended while it was away is put back as soon as it is there: before what was held back."""
        self.levers.charger = charger
        if self._is_there:
            for part in tuple(self._overdue):
                self._ends_after(part, 0.0)

    @property
    def is_allowed(self) -> bool:
        """By the last reading, if there was none of our own since."""
        return self.levers.charger.reading.limit_a != 0.0

    async def wish(self, wish: Wish) -> Effect:
        if wish.is_strict and not self._is_possible(wish):
            return self._unchanged(wish, Error.ERROR_OUT_OF_RANGE)
        if (error := self._impossible(wish)) is not Error.NO_ERROR:
            return self._unchanged(wish, error)
        effect = await (self._forbid(wish) if wish.charging_allowed is False else self._set(wish))
        for part in self._set_by(wish, effect):
            self._ends_after(part, wish.valid_for_s)
        return effect

    async def enable(self, connector_index: int, enable: bool, priority: int) -> Error:  # noqa: FBT001 - the wish itself
        """A charger has one connector, and one say about it."""
        return await self.levers.switch(on=enable)

    def limits(self) -> Sequence[LimitObj]:
        """The smallest that holds decides; what a budget holds back does not hold."""
        charger = self.levers.charger
        held = {
            LimitedByEnum.INSTALLER_LIMIT: charger.facts.most_a,
            LimitedByEnum.NETWORK_LIMIT: charger.facts.network_a,
            "client": charger.reading.limit_a,
        }
        known = {source: value for source, value in held.items() if value is not None}
        least = min(known, key=known.__getitem__, default=None)
        ends = {"client": self._endings.at(charger.id, Part.CURRENT)}
        found = [
            _limit(source, value, is_active=source == least, ends_at=ends.get(source))
            for source, value in known.items()
        ]
        waiting = self.levers.board.waiting(charger.id, LIMITS_CURRENT.name)
        if waiting is not None:
            found.append(_limit(LimitedByEnum.WEAR_BUDGET, waiting, is_active=False))
        return found

    async def _set(self, wish: Wish) -> Effect:
        """Phases, then power, then current, which allows charging again where it was forbidden."""
        effects = []
        if wish.phase_count is not None:
            is_other = wish.phase_count != self.evse.active_phase_count
            effects.append(
                await self.levers.phases(wish.phase_count) if is_other else phases_effect(wish.phase_count)
            )
        if wish.max_power_w is not None:
            effects.append(await self.levers.power(wish.max_power_w))
        if wish.max_current_a is not None:
            effects.append(await self._current(wish.max_current_a, is_allowing=wish.charging_allowed is True))
        if wish.charging_allowed and self._is_a_stop(wish.max_current_a):
            effects.append(allowed_effect(asked=True, limited_by=LimitedByEnum.MINIMUM_CURRENT))
        elif wish.charging_allowed:
            effects.append(await self._allow(has_current=wish.max_current_a is not None))
        return _together(effects)

    async def _current(self, asked_a: float, *, is_allowing: bool) -> Effect:
        if self._is_a_stop(asked_a):
            return await self._too_little(asked_a)
        if not self._is_allowed_now and not is_allowing:
            self._remembered_a = asked_a
            return self.levers.current_effect(asked_a, None)
        self._remembered_a = asked_a
        effect = await self.levers.current(asked_a)
        applied = effect.max_current
        if effect.error is Error.NO_ERROR and applied is not None and applied.value:
            charger = self.levers.charger
            self.evse.limits_enforced(applied.value, charger.reading.phases or charger.facts.phases)
        return effect

    def _is_a_stop(self, asked_a: float | None) -> bool:
        envelope = self.levers.envelope(LIMITS_CURRENT.name)
        return asked_a is not None and envelope is not None and asked_a < envelope.allowed[-1].low

    async def _too_little(self, asked_a: float) -> Effect:
        """Below what a pilot can offer: a stop, where the charger can stop."""
        if self.levers.stopping is None:
            return self.levers.current_effect(asked_a, LimitedByEnum.MINIMUM_CURRENT)
        stopped = await self._forbid(Wish())
        is_stopped = stopped.error is Error.NO_ERROR
        why = None if is_stopped else LimitedByEnum.OTHER
        return self.levers.current_effect(asked_a, why, 0.0 if is_stopped else None)

    async def _forbid(self, wish: Wish) -> Effect:
        if wish.max_current_a is not None:
            self._remembered_a = wish.max_current_a
        effect = await self.levers.stop()
        if effect.error is Error.NO_ERROR:
            self.evse.change(charging_allowed=False)
        return effect

    async def _allow(self, *, has_current: bool) -> Effect:
        if self._is_allowed_now:
            return allowed_effect(asked=True)
        current_a = self._remembered_a or self.levers.charger.facts.most_a
        effect = await self.levers.allow(None if has_current else current_a)
        if effect.error is Error.NO_ERROR:
            self.evse.change(charging_allowed=True)
        return effect

    @property
    def _is_allowed_now(self) -> bool:
        return self.evse.status is None or self.evse.status.charging_allowed

    def _is_possible(self, wish: Wish) -> bool:
        """Whether a strict wish could come true as it is."""
        current, power = (
            self.levers.envelope(name) for name in (LIMITS_CURRENT.name, LIMITS_CHARGER_POWER.name)
        )
        if current is not None and (wish.max_current_a or 0.0) > self.levers.most(current)[0]:
            return False
        return _holds(current, wish.max_current_a) and _holds(power, wish.max_power_w)

    def _impossible(self, wish: Wish) -> Error:
        """What this charger has no means for at all. Nothing is done then."""
        if wish.phase_count is not None and wish.phase_count != self.evse.active_phase_count:
            if self.levers.envelope(SELECTS_PHASES.name) is None:
                return Error.ERROR_OPERATION_NOT_SUPPORTED
            if wish.phase_count not in (1, 3):
                return Error.ERROR_INVALID_PARAMETER
        if wish.max_power_w is not None and self.levers.envelope(LIMITS_CHARGER_POWER.name) is None:
            return Error.ERROR_OPERATION_NOT_SUPPORTED
        return Error.NO_ERROR

    def _unchanged(self, wish: Wish, error: Error) -> Effect:
        """What is in force, beside a wish that was not followed."""
        current = None
        if wish.max_current_a is not None:
            current = self.levers.current_effect(wish.max_current_a, LimitedByEnum.HARDWARE).max_current
        return Effect(error=error, max_current=current)

    # --- what ends by itself ---

    def _set_by(self, wish: Wish, effect: Effect) -> Iterator[Part]:
        """What a wish has changed, or still will. A current that is too little to charge with was a stop."""
        is_stopped = wish.charging_allowed is False and _has_come(effect.charging_allowed)
        if wish.max_current_a is not None and (is_stopped or _has_come(effect.max_current)):
            yield Part.ALLOWED if self._is_a_stop(wish.max_current_a) else Part.CURRENT
        if wish.max_power_w is not None and _has_come(effect.max_power):
            yield Part.POWER
        if wish.charging_allowed is not None and _has_come(effect.charging_allowed):
            yield Part.ALLOWED

    async def _end(self, part: Part) -> None:
        """As if it had not been wished. With a charger that is away, or not opened yet, there is patience."""
        if part is Part.CURRENT:
            self._remembered_a = None
        if not self._is_there:
            self._ends_after(part, LOOKS_AGAIN_S)
            self._overdue.add(part)
            return
        if (usual := self._usual(part)) is None:
            return
        effect = await self._set(usual)
        if not any(self._set_by(usual, effect)):
            log.warning(
                "%s: a wish has ended, and what it set stays: %s", self.levers.charger.id, effect.error
            )

    def _usual(self, part: Part) -> Wish | None:
        """What holds without any wish; None where it does."""
        match part:
            case Part.CURRENT if self._is_allowed_now:
                return Wish(max_current_a=self.levers.charger.facts.most_a)
            case Part.POWER if (envelope := self.levers.envelope(LIMITS_CHARGER_POWER.name)) is not None:
                return Wish(max_power_w=envelope.allowed[-1].high)
            case Part.ALLOWED if not self._is_allowed_now:
                return Wish(charging_allowed=True)
            case _:
                return None

    @property
    def _is_there(self) -> bool:
        return self.levers.charger.is_reachable and bool(self.levers.charger.abilities)

    def _ends_after(self, part: Part, after_s: float | None) -> None:
        self._overdue.discard(part)
        self._endings.renew(self.levers.charger.id, part, after_s, partial(self._end, part))


def _together(effects: Sequence[Effect]) -> Effect:
    """The first error, and what each part came to."""
    wrong = (effect.error for effect in effects if effect.error is not Error.NO_ERROR)
    return Effect(
        error=next(wrong, Error.NO_ERROR),
        charging_allowed=next((e.charging_allowed for e in effects if e.charging_allowed), None),
        max_current=next((e.max_current for e in effects if e.max_current), None),
        max_power=next((e.max_power for e in effects if e.max_power), None),
        phase_count=next((e.phase_count for e in effects if e.phase_count), None),
    )


def _has_come(applied: AppliedObj | None) -> bool:
    """Whole or in part, or is held back and may still come."""
    return applied is not None and applied.limited_by in COMES


def _holds(envelope: Envelope | None, value: float | None) -> bool:
    if envelope is None or value is None:
        return True
    return any(interval.low <= value <= interval.high for interval in envelope.allowed)


def _limit(source: str, value_a: float, *, is_active: bool, ends_at: datetime | None = None) -> LimitObj:
    valid_until = None if ends_at is None else stamp(ends_at)
    return LimitObj(source=source, value=value_a, unit=UnitEnum.A, valid_until=valid_until, active=is_active)
