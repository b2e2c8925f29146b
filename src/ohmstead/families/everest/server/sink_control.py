"""Our own mode over a manager and a sink: what a call means there, in the order of its checks.

As in the reference a limit is remembered while charging is forbidden, and a current is answered once it is in force. Other
than there, each EVSE remembers its own limit, a wish may end by itself, and a current that is known not to come into force
is answered at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from ohmstead.families.everest.schema.enums import EVSEStateEnum
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.extensions import LimitObj
from ohmstead.families.everest.server.backend import Effect, EnergySink, Limit, Wish
from ohmstead.families.everest.server.enforcement import is_same_current
from ohmstead.families.everest.server.evse import Evse
from ohmstead.families.everest.server.expiries import Expiries
from ohmstead.families.everest.server.limiting import Limiting
from ohmstead.families.everest.server.writes import ENFORCED_WITHIN_S, PHASE_COUNTS, UNLIMITED, current_limit

KNOWN_WITHIN_S: Final = 1.0
"""A report of another current than the wanted one, and so long a time since it was wanted: it will not come."""


class SinkControl:
    def __init__(self, evse: Evse, expiries: Expiries) -> None:
        self._evse = evse
        self._expiries = expiries
        self._limit: Limit | None = None
        self._phase_count: int | None = None
        self._limited_by_whom = ""
        self._forbidden_by_whom = ""

    @property
    def _is_allowed(self) -> bool:
        return self._evse.status is None or self._evse.status.charging_allowed

    async def wish(self, wish: Wish) -> Effect:
        error = self._refusal(wish)
        if error is Error.NO_ERROR:
            has_limit = wish.max_power_w is not None or wish.max_current_a is not None
            is_limit = has_limit or self._switches(wish)
            self._remember(wish)
            error = await self._carry_out(wish, is_limit=is_limit)
        return self._limiting.effect(wish, error)

    async def enable(self, connector_index: int, enable: bool, priority: int) -> Error:  # noqa: FBT001 - the wish itself
        manager = self._evse.manager
        is_done = manager is not None and await manager.enable(connector_index, enable, priority)
        return Error.NO_ERROR if is_done else Error.ERROR_VALUES_NOT_APPLIED

    def limits(self) -> Sequence[LimitObj]:
        return self._limiting.limits(
            own=self._limit and msgspec.structs.replace(self._limit, phase_count=self._phase_count),
            own_source=self._limited_by_whom,
            own_until=self._expiries.at(self._key("limit")),
            is_forbidden=not self._is_allowed,
            forbidden_by=self._forbidden_by_whom,
            forbidden_until=self._expiries.at(self._key("allowed")),
        )

    @property
    def _limiting(self) -> Limiting:
        return Limiting(self._evse)

    def _refusal(self, wish: Wish) -> Error:
        """Why nothing at all is done."""
        if self._switches(wish) and wish.phase_count is not None:
            error = self._phase_error(wish.phase_count)
            if error is not Error.NO_ERROR:
                return error
        if self._evse.sink is None and self._needs_sink(wish):
            return Error.ERROR_INVALID_EVSE_INDEX
        if wish.is_strict and not self._limiting.is_possible(wish):
            return Error.ERROR_OUT_OF_RANGE
        return Error.NO_ERROR

    def _needs_sink(self, wish: Wish) -> bool:
        if wish.max_current_a is not None or wish.max_power_w is not None or wish.phase_count is not None:
            return True
        is_change = wish.charging_allowed is not None and wish.charging_allowed != self._is_allowed
        return is_change and not (self._is_allowed and self._is_in(EVSEStateEnum.CHARGING))

    def _phase_error(self, phase_count: int) -> Error:
        hardware = self._evse.hardware
        if hardware is None:
            return Error.ERROR_NO_DATA_AVAILABLE
        if not hardware.phase_switch_during_charging:
            return Error.ERROR_OPERATION_NOT_SUPPORTED
        if not hardware.min_phase_count_import <= phase_count <= hardware.max_phase_count_import:
            return Error.ERROR_OUT_OF_RANGE
        return Error.NO_ERROR if phase_count in PHASE_COUNTS else Error.ERROR_INVALID_PARAMETER

    def _remember(self, wish: Wish) -> None:
        if wish.max_power_w is not None:
            self._limit = Limit(total_power_w=wish.max_power_w)
        if wish.max_current_a is not None:
            self._limit = current_limit(wish.max_current_a)
        if wish.max_power_w is not None or wish.max_current_a is not None:
            self._limited_by_whom = wish.origin
            self._expiries.renew(self._key("limit"), wish.valid_for_s, self._limit_ended)
        if self._switches(wish):
            self._phase_count = wish.phase_count
            self._expiries.renew(self._key("phases"), wish.valid_for_s, self._phases_ended)
        if wish.charging_allowed is not None:
            self._forbidden_by_whom = wish.origin
            self._expiries.renew(self._key("allowed"), wish.valid_for_s, self._wish_of_allowing_ended)

    def _switches(self, wish: Wish) -> bool:
        """A count that is there, and not about to change, asks for nothing."""
        there = self._evse.active_phase_count if self._phase_count is None else self._phase_count
        return wish.phase_count is not None and wish.phase_count != there

    async def _carry_out(self, wish: Wish, *, is_limit: bool) -> Error:
        if wish.charging_allowed is False and self._is_allowed:
            return await self._forbid()
        before = self._evse.enforcement.reports
        if wish.charging_allowed is True and not self._is_allowed:
            error = await self._allow()
            if error is not Error.NO_ERROR:
                return error
        elif self._is_allowed and is_limit:
            await self._send_limit()
        else:
            return Error.NO_ERROR  # a limit is applied once charging is allowed
        return Error.NO_ERROR if wish.max_current_a is None else await self._found(wish.max_current_a, before)

    async def _found(self, wanted_a: float, reports: int) -> Error:
        """Whether the wanted current comes into force; `reports` is how many there were before it was sent."""
        if wanted_a > 0 and self._evse.enforcement.is_now(wanted_a):
            return Error.NO_ERROR
        expected_a = self._limiting.expected_a(wanted_a)
        is_there = await self._evse.enforcement.coming(
            wanted_a,
            KNOWN_WITHIN_S,
            lambda now_a: expected_a != wanted_a and is_same_current(now_a, expected_a),
        )
        if is_there is None and self._evse.enforcement.reports == reports:
            is_there = await self._evse.enforcement.coming(
                wanted_a, ENFORCED_WITHIN_S - KNOWN_WITHIN_S, lambda _: True
            )
        return Error.NO_ERROR if is_there and wanted_a > 0 else Error.ERROR_VALUES_NOT_APPLIED

    async def _send_limit(self) -> None:
        phases = self._evse.active_phase_count if self._phase_count is None else self._phase_count
        await self._sink.limit(msgspec.structs.replace(self._limit or UNLIMITED, phase_count=phases))

    async def _forbid(self) -> Error:
        if self._is_in(EVSEStateEnum.CHARGING):
            if self._evse.manager is None or not await self._evse.manager.pause():
                return Error.ERROR_VALUES_NOT_APPLIED
        else:
            await self._sink.limit(Limit(total_power_w=0.0, phase_count=self._evse.active_phase_count))
        self._evse.change(charging_allowed=False)
        return Error.NO_ERROR

    async def _allow(self) -> Error:
        await self._send_limit()
        if self._is_in(EVSEStateEnum.CHARGING_PAUSED_EVSE) and (
            self._evse.manager is None or not await self._evse.manager.resume()
        ):
            return Error.ERROR_VALUES_NOT_APPLIED
        self._evse.change(charging_allowed=True)
        return Error.NO_ERROR

    async def _limit_ended(self) -> None:
        self._limit = None
        if self._is_allowed:
            await self._sink.limit(msgspec.structs.replace(UNLIMITED, phase_count=self._phase_count))

    async def _phases_ended(self) -> None:
        """How many phases there are is the charger's own matter again."""
        self._phase_count = None
        if self._is_allowed:
            await self._sink.limit(self._limit or UNLIMITED)

    async def _wish_of_allowing_ended(self) -> None:
        """What holds without any wish is that charging is allowed."""
        if not self._is_allowed and self._evse.sink is not None:
            await self._allow()

    def _is_in(self, state: EVSEStateEnum) -> bool:
        return self._evse.status is not None and self._evse.status.state is state

    @property
    def _sink(self) -> EnergySink:
        assert self._evse.sink is not None  # noqa: S101 - `_refusal` has looked
        return self._evse.sink

    def _key(self, part: str) -> tuple[int, str]:
        return self._evse.index, part
