"""Who decides how much an EVSE may draw, and what is in force of what was wished."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.extensions import AppliedObj, LimitedByEnum, LimitObj, UnitEnum
from ohmstead.families.everest.schema.stamps import stamp
from ohmstead.families.everest.server.backend import Ceiling, Effect, Limit, Wish
from ohmstead.families.everest.server.enforcement import is_same_current
from ohmstead.families.everest.server.evse import Evse
from ohmstead.families.everest.server.figures import least_a

CLIENT: Final = "client"
"""The source of a limit whose client has not said its name."""


class Limiting:
    """Looks at an EVSE behind which stand a manager and a sink."""

    def __init__(self, evse: Evse) -> None:
        self._evse = evse
        self._ceilings = tuple(evse.sink.ceilings()) if evse.sink is not None else ()

    def is_possible(self, wish: Wish) -> bool:
        """Whether a wish could come true as it is."""
        if wish.max_current_a is not None:
            most_a = self._most_a()
            least = least_a(self._evse.hardware)
            if wish.max_current_a < least or (most_a is not None and wish.max_current_a > most_a):
                return False
        if wish.max_power_w is not None:
            most_w = self._most_w()
            return wish.max_power_w >= 0 and (most_w is None or wish.max_power_w <= most_w)
        return True

    def expected_a(self, wanted_a: float) -> float:
        """What a wanted current comes to."""
        most_a = self._most_a()
        return wanted_a if most_a is None else min(wanted_a, most_a)

    def effect(self, wish: Wish, error: Error) -> Effect:
        return Effect(
            error=error,
            charging_allowed=self._applied_allowed(wish, error),
            max_current=self._applied_current(wish),
            max_power=self._applied_power(wish),
            phase_count=self._applied_phases(wish, error),
        )

    def limits(
        self,
        *,
        own: Limit | None,
        own_source: str,
        own_until: datetime | None,
        is_forbidden: bool,
        forbidden_by: str,
        forbidden_until: datetime | None,
    ) -> Sequence[LimitObj]:
        """Every ceiling, the clients' own limit, and that charging is forbidden. The lowest of all decides."""
        found: list[tuple[Ceiling, str]] = [(ceiling, ceiling.source) for ceiling in self._ceilings]
        found += [(limit, own_source or CLIENT) for limit in _own(own, own_until)]
        if is_forbidden:
            nothing = Ceiling(source=LimitedByEnum.OTHER, value=0.0, valid_until=forbidden_until)
            found.append((nothing, forbidden_by or CLIENT))
        lowest_a = min((a for limit, _ in found if (a := self._in_a(limit)) is not None), default=None)
        return [self._told(limit, source, lowest_a) for limit, source in found]

    def _told(self, limit: Ceiling, source: str, lowest_a: float | None) -> LimitObj:
        value_a = self._in_a(limit)
        return LimitObj(
            source=source,
            value=limit.value,
            unit=limit.unit,
            phases=limit.phases,
            valid_until=stamp(limit.valid_until) if limit.valid_until is not None else None,
            active=value_a is not None and lowest_a is not None and is_same_current(value_a, lowest_a),
        )

    def _applied_allowed(self, wish: Wish, error: Error) -> AppliedObj | None:
        if wish.charging_allowed is None:
            return None
        now = self._evse.status.charging_allowed if self._evse.status is not None else None
        is_else = now != wish.charging_allowed and error is Error.ERROR_VALUES_NOT_APPLIED
        return AppliedObj(
            value=now,
            unit=UnitEnum.BOOL,
            requested=wish.charging_allowed,
            limited_by=LimitedByEnum.OTHER if is_else else None,
        )

    def _applied_current(self, wish: Wish) -> AppliedObj | None:
        wanted_a, now_a = wish.max_current_a, self._evse.enforcement.now_a
        if wanted_a is None:
            return None
        is_waiting = self._evse.status is not None and not self._evse.status.charging_allowed
        is_there = now_a is None or (wanted_a > 0 and is_same_current(wanted_a, now_a))
        return AppliedObj(
            value=now_a,
            unit=UnitEnum.A,
            requested=wanted_a,
            limited_by=None
            if is_there or (is_waiting and self._is_within(wanted_a))
            else self._culprit(wanted_a),
        )

    def _is_within(self, wanted_a: float) -> bool:
        return least_a(self._evse.hardware) <= wanted_a == self.expected_a(wanted_a)

    def _culprit(self, wanted_a: float) -> LimitedByEnum:
        if wanted_a < least_a(self._evse.hardware):
            return LimitedByEnum.MINIMUM_CURRENT
        most_a = self._most_a()
        if most_a is None or wanted_a <= most_a:
            return LimitedByEnum.OTHER
        return next(
            ceiling.source
            for ceiling in self._ceilings
            if (value_a := self._in_a(ceiling)) is not None and is_same_current(value_a, most_a)
        )

    def _applied_power(self, wish: Wish) -> AppliedObj | None:
        """It is not known what becomes of a power: nothing is waited for."""
        if wish.max_power_w is None:
            return None
        most_w = self._most_w()
        source = None
        if most_w is not None and wish.max_power_w > most_w:
            source = next(ceiling.source for ceiling in self._ceilings if self._in_w(ceiling) == most_w)
        return AppliedObj(value=None, unit=UnitEnum.W, requested=wish.max_power_w, limited_by=source)

    def _applied_phases(self, wish: Wish, error: Error) -> AppliedObj | None:
        """Phases are switched later than a call is answered."""
        if wish.phase_count is None:
            return None
        reasons = {
            Error.ERROR_OPERATION_NOT_SUPPORTED: LimitedByEnum.NOT_SUPPORTED,
            Error.ERROR_OUT_OF_RANGE: LimitedByEnum.HARDWARE,
        }
        return AppliedObj(
            value=float(self._evse.active_phase_count),
            unit=UnitEnum.PHASES,
            requested=float(wish.phase_count),
            limited_by=reasons.get(error),
        )

    def _most_a(self) -> float | None:
        return min((a for ceiling in self._ceilings if (a := self._in_a(ceiling)) is not None), default=None)

    def _most_w(self) -> float | None:
        return min((w for ceiling in self._ceilings if (w := self._in_w(ceiling)) is not None), default=None)

    def _in_a(self, limit: Ceiling) -> float | None:
        if limit.unit is UnitEnum.A:
            return limit.value
        volts = self._phase_volts(limit)
        return limit.value / volts if volts else None

    def _in_w(self, limit: Ceiling) -> float | None:
        if limit.unit is UnitEnum.W:
            return limit.value
        volts = self._phase_volts(limit)
        return limit.value * volts if volts else None

    def _phase_volts(self, limit: Ceiling) -> float:
        """The voltages of all phases together; 0 where the voltage is not known, as with DC."""
        return (self._evse.mains.voltage_v or 0.0) * (limit.phases or self._evse.active_phase_count)


def _own(limit: Limit | None, until: datetime | None) -> tuple[Ceiling, ...]:
    if limit is None:
        return ()
    if limit.total_power_w is not None:
        value, unit = limit.total_power_w, UnitEnum.W
    else:
        value, unit = limit.import_a or 0.0, UnitEnum.A
    return (
        Ceiling(
            source=LimitedByEnum.OTHER, value=value, unit=unit, phases=limit.phase_count, valid_until=until
        ),
    )
