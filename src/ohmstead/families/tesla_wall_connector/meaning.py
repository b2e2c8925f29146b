"""Samples to a situation that can be believed: refined by the code, and not taken in by single samples.

Fields of one sample are not taken together, states pass within seconds, and a held button looks like fire at the
handle. A `Watcher` sees every sample of one unit in turn.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.documents import Vitals
from ohmstead.families.tesla_wall_connector.states import (
    BUTTON,
    HARMLESS_ALERTS,
    EvseState,
    NotReady,
    evse_state,
    not_ready,
)

DRAWING_A: Final = 1.0
"""Less is noise, or a car that listens."""
STUCK: Final = timedelta(seconds=60)
"""A passing state or an impossible temperature that stays longer is meant."""
ARTEFACT_C: Final = 120.0


class Situation(StrEnum):
    FREE = "free"
    CONNECTED = "connected"
    CLOSED = "contactor closed, no draw"
    CHARGING = "charging"
    UNKNOWN = "unknown"


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    situation: Situation
    words: str
    state: EvseState | None = None
    reasons: tuple[NotReady, ...] = ()
    """Those that keep a car from charging; nothing when it may."""
    alerts: tuple[int, ...] = ()
    is_fault: bool = False
    handle_temp_c: float | None = None
    """Without what a held button makes of it."""
    is_current_with_open_contactor: bool = False
    """In two samples running: a contactor that is welded, or a measurement that is broken."""


def situation(vitals: Vitals) -> Situation:
    """From plug, contactor and current: never wrong, whatever the code says."""
    if vitals.vehicle_connected is None or vitals.contactor_closed is None:
        return Situation.UNKNOWN
    if not vitals.vehicle_connected:
        return Situation.FREE
    if not vitals.contactor_closed:
        return Situation.CONNECTED
    return Situation.CHARGING if (vitals.vehicle_current_a or 0.0) >= DRAWING_A else Situation.CLOSED


class Watcher:
    """One unit's samples in their order."""

    def __init__(self) -> None:
        self._code: int | None = None
        self._code_since: datetime | None = None
        self._hot_since: datetime | None = None
        self._was_open_with_current = False
        self._settled: EvseState | None = None
        """The last state that was no passing one."""

    def see(self, vitals: Vitals, at: datetime) -> Meaning:
        where = situation(vitals)
        alerts = vitals.current_alerts or ()
        reasons = tuple(not_ready(code) for code in vitals.evse_not_ready_reasons or ())
        state, is_stuck = self._state(vitals.evse_state, at)
        is_alarmed = state is not None and state.is_passing and bool(set(alerts) - set(HARMLESS_ALERTS))
        is_fault = is_stuck or is_alarmed or any(reason.is_fault for reason in reasons)
        return Meaning(
            situation=where,
            words=_words(where, state, self._settled, is_fault=is_fault),
            state=state,
            reasons=tuple(reason for reason in reasons if not reason.is_everyday),
            alerts=alerts,
            is_fault=is_fault,
            handle_temp_c=self._handle_c(vitals, at),
            is_current_with_open_contactor=self._is_open_with_current(vitals),
        )

    def _state(self, code: int | None, at: datetime) -> tuple[EvseState | None, bool]:
        """And whether it is a passing one that does not pass."""
        if code != self._code or self._code_since is None:
            self._code, self._code_since = code, at
        if code is None:
            return None, False
        state = evse_state(code)
        if not state.is_passing:
            self._settled = state
        return state, state.is_passing and at - self._code_since > STUCK

    def _handle_c(self, vitals: Vitals, at: datetime) -> float | None:
        handle_c = vitals.handle_temp_c
        if handle_c is None or handle_c < ARTEFACT_C:
            self._hot_since = None
            return handle_c
        self._hot_since = self._hot_since or at
        is_button = BUTTON in (vitals.evse_not_ready_reasons or ())
        return None if is_button or at - self._hot_since < STUCK else handle_c

    def _is_open_with_current(self, vitals: Vitals) -> bool:
        is_now = vitals.contactor_closed is False and (vitals.vehicle_current_a or 0.0) >= DRAWING_A
        is_confirmed = is_now and self._was_open_with_current
        self._was_open_with_current = is_now
        return is_confirmed


def _words(where: Situation, state: EvseState | None, settled: EvseState | None, *, is_fault: bool) -> str:
    """Where code and contactor disagree, or a state only passes, the situation is what can be said."""
    if is_fault:
        return f"fault ({state.words})" if state is not None else "fault"
    told = settled if state is not None and state.is_passing else state
    is_closed = where in (Situation.CLOSED, Situation.CHARGING)
    if told is None or told.is_closed is not is_closed or (told.code == 1) is not (where is Situation.FREE):
        return where.value
    return where.value if where is Situation.CLOSED else told.words
