"""What an EVSE goes through, and the state that each event leads to. An event that is not here leads to Unknown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from ohmstead.families.everest.schema.enums import EVSEStateEnum as State


class EvseEvent(StrEnum):
    ENABLED = "Enabled"
    DISABLED = "Disabled"
    AUTH_REQUIRED = "AuthRequired"
    AUTHORIZED = "Authorized"
    DEAUTHORIZED = "Deauthorized"
    SESSION_STARTED = "SessionStarted"
    SESSION_RESUMED = "SessionResumed"
    SESSION_FINISHED = "SessionFinished"
    PREPARE_CHARGING = "PrepareCharging"
    TRANSACTION_STARTED = "TransactionStarted"
    TRANSACTION_FINISHED = "TransactionFinished"
    TRANSACTION_STOPPED_LOCALLY = "TransactionFinished (locally)"
    CHARGING_STARTED = "ChargingStarted"
    CHARGING_PAUSED_EV = "ChargingPausedEV"
    CHARGING_PAUSED_EVSE = "ChargingPausedEVSE"
    STOPPING_CHARGING = "StoppingCharging"
    CHARGING_FINISHED = "ChargingFinished"
    PLUGIN_TIMEOUT = "PluginTimeout"
    RESERVATION_START = "ReservationStart"
    RESERVATION_END = "ReservationEnd"
    SWITCHING_PHASES = "SwitchingPhases"


STATES: Final[Mapping[EvseEvent, State]] = {
    EvseEvent.ENABLED: State.UNPLUGGED,
    EvseEvent.DISABLED: State.DISABLED,
    EvseEvent.AUTH_REQUIRED: State.AUTH_REQUIRED,
    EvseEvent.SESSION_STARTED: State.PREPARING,
    EvseEvent.SESSION_RESUMED: State.PREPARING,
    EvseEvent.PREPARE_CHARGING: State.PREPARING,
    EvseEvent.TRANSACTION_STARTED: State.PREPARING,
    EvseEvent.CHARGING_STARTED: State.CHARGING,
    EvseEvent.CHARGING_PAUSED_EV: State.CHARGING_PAUSED_EV,
    EvseEvent.CHARGING_PAUSED_EVSE: State.CHARGING_PAUSED_EVSE,
    EvseEvent.STOPPING_CHARGING: State.FINISHED_EV,
    EvseEvent.CHARGING_FINISHED: State.FINISHED,
    EvseEvent.TRANSACTION_FINISHED: State.FINISHED,
    EvseEvent.TRANSACTION_STOPPED_LOCALLY: State.FINISHED_EVSE,
    EvseEvent.PLUGIN_TIMEOUT: State.AUTH_TIMEOUT,
    EvseEvent.RESERVATION_START: State.RESERVED,
    EvseEvent.RESERVATION_END: State.UNPLUGGED,
    EvseEvent.SESSION_FINISHED: State.UNPLUGGED,
    EvseEvent.SWITCHING_PHASES: State.SWITCHING_PHASES,
}
AVAILABLE: Final = {EvseEvent.ENABLED: True, EvseEvent.DISABLED: False}

COUNTING: Final = frozenset(
    {State.AUTH_REQUIRED, State.CHARGING, State.CHARGING_PAUSED_EV, State.CHARGING_PAUSED_EVSE}
)
"""While an EVSE is in one of these, a meter's readings move its energies and its duration on."""
