"""How a unit stands, as a standard charge point would say it, and what such an interface asks of it beside.

Plug, contactor and current come first; the code refines. A code that means nothing leaves what was said before, as long
as plug and contactor still fit it. While the contactor is open, the unit's reasons say who keeps the car from charging.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from ohmstead.families.tesla_wall_connector.documents import Version, Vitals
from ohmstead.families.tesla_wall_connector.meaning import Meaning, Situation
from ohmstead.families.tesla_wall_connector.power import LIVE_V, SPLIT_PARTS, Wiring
from ohmstead.families.tesla_wall_connector.states import evse_state
from ohmstead.model import ChargePointFacts, ChargeProtocol, ChargerState, Connector

BOOTING: Final = 0
PENDING: Final = 4
PENDING_PASSES: Final = timedelta(seconds=5)
"""Every car waits so long for its authorisation."""
NOT_ALLOWED: Final = frozenset({11, 12, 13, 14})
HELD_BACK: Final = frozenset({2, 3, 7, 10})
NO_DRAW: Final = timedelta(seconds=30)
OPEN_CODES: Final[Mapping[int, ChargerState]] = {
    2: ChargerState.CONNECTED,
    3: ChargerState.CONNECTED,
    6: ChargerState.CONNECTED,
    7: ChargerState.CONNECTED,
    8: ChargerState.FINISHED,
}
WAITING_CODES: Final = frozenset({4, 9})
CHARGING_CODES: Final = frozenset({10, 11})
OPEN_STATES: Final = frozenset(
    {ChargerState.CONNECTED, ChargerState.PAUSED_BY_VEHICLE, ChargerState.FINISHED}
)
PROTOCOLS: Final = {"PWM": ChargeProtocol.IEC_61851, "digital": ChargeProtocol.VENDOR}


class Standing:
    """One unit's samples in their order."""

    def __init__(self) -> None:
        self.has_charged = False
        """In the session that is under way."""
        self._protocol = ChargeProtocol.UNKNOWN
        self._phases: int | None = None
        self._last = ChargerState.UNKNOWN
        self._pending_since: datetime | None = None
        self._idle_since: datetime | None = None

    def see(
        self, vitals: Vitals, meaning: Meaning, at: datetime, *, is_inhibited: bool = False
    ) -> ChargerState:
        """`is_inhibited`: we ourselves keep the car from charging."""
        self._note(vitals, meaning, at)
        self._last = self._state(vitals, meaning, at, is_inhibited=is_inhibited)
        return self._last

    def facts(
        self,
        vitals: Vitals,
        meaning: Meaning,
        version: Version,
        wiring: Wiring,
        *,
        most_a: float | None,
        network_a: float | None = None,
    ) -> ChargePointFacts:
        """`most_a` as the installer set it and `network_a` of its group, where they are known."""
        part = version.part_number or ""
        plug = Connector.NACS if part.startswith(SPLIT_PARTS) else Connector.TYPE_2
        volts = (vitals.voltageA_v, vitals.voltageB_v, vitals.voltageC_v)
        amperes = (vitals.currentA_a, vitals.currentB_a, vitals.currentC_a)
        live = [volt is not None and volt >= LIVE_V for volt in volts]
        is_by_phase = wiring is Wiring.PHASES
        if is_by_phase and any(live):
            self._phases = sum(live)
        return ChargePointFacts(
            connector=plug if part else Connector.UNKNOWN,
            protocol=self._protocol,
            phases=self._phases or (3 if is_by_phase else 1),
            most_a=most_a,
            network_a=network_a,
            has_charged=self.has_charged,
            voltages_v=_of_live(volts, live) if is_by_phase else (),
            currents_a=_of_live(amperes, live) if is_by_phase else (),
            neutral_a=vitals.currentN_a if any(live) else None,
            frequency_hz=vitals.grid_hz,
            alerts=tuple(map(str, meaning.alerts)),
        )

    def _note(self, vitals: Vitals, meaning: Meaning, at: datetime) -> None:
        where = meaning.situation
        if where is Situation.FREE:
            self.has_charged = False
        elif where is Situation.CHARGING:
            self.has_charged = True
        if vitals.evse_state is not None:
            self._protocol = PROTOCOLS.get(evse_state(vitals.evse_state).pilot, self._protocol)
        is_pending = where is Situation.CONNECTED and PENDING in (vitals.evse_not_ready_reasons or ())
        self._pending_since = (self._pending_since or at) if is_pending else None
        self._idle_since = (self._idle_since or at) if where is Situation.CLOSED else None

    def _state(self, vitals: Vitals, meaning: Meaning, at: datetime, *, is_inhibited: bool) -> ChargerState:
        where, code = meaning.situation, vitals.evse_state
        if code == BOOTING or where is Situation.UNKNOWN:
            return ChargerState.UNKNOWN
        if where is Situation.FREE:
            return ChargerState.EMPTY
        if where is Situation.CONNECTED:
            kept = self._kept_from_charging(vitals, at, is_inhibited=is_inhibited)
            if kept is not None:
                return kept
        if meaning.is_fault:
            return ChargerState.FAULTED
        if where is Situation.CONNECTED:
            return self._open(code)
        return self._closed(code, at)

    def _kept_from_charging(self, vitals: Vitals, at: datetime, *, is_inhibited: bool) -> ChargerState | None:
        reasons = set(vitals.evse_not_ready_reasons or ())
        is_pending = self._pending_since is not None and at - self._pending_since > PENDING_PASSES
        if reasons & NOT_ALLOWED or is_pending:
            return ChargerState.UNAUTHORISED
        if reasons & HELD_BACK or is_inhibited:
            is_paused = self.has_charged or is_inhibited
            return ChargerState.PAUSED_BY_CHARGER if is_paused else ChargerState.CONNECTED
        return None

    def _open(self, code: int | None) -> ChargerState:
        before_or_after = ChargerState.PAUSED_BY_VEHICLE if self.has_charged else ChargerState.CONNECTED
        if code in WAITING_CODES:
            return before_or_after
        if code is not None and code in OPEN_CODES:
            return OPEN_CODES[code]
        return self._last if self._last in OPEN_STATES else before_or_after

    def _closed(self, code: int | None, at: datetime) -> ChargerState:
        is_idle = self._idle_since is not None and at - self._idle_since > NO_DRAW
        if is_idle and (code in CHARGING_CODES or self._last is ChargerState.PAUSED_BY_VEHICLE):
            return ChargerState.PAUSED_BY_VEHICLE
        return ChargerState.CHARGING


def _of_live(values: tuple[float | None, ...], live: list[bool]) -> tuple[float | None, ...]:
    return tuple(value if is_live else None for value, is_live in zip(values, live, strict=True))
