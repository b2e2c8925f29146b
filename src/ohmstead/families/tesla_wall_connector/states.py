"""What the unit's numbers mean, and how sure that is.

`evse_state` has two families, by how car and unit talk: a PWM pilot (any car of IEC 61851 or J1772, and a sleeping
Tesla), or Tesla's digital protocol on the pilot wire. The code only refines what plug, contactor and current say.
The vendor's cloud numbers its states differently: never mix.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec


class Confidence(StrEnum):
    SEEN = "seen"
    """In captures of units."""
    REPORTED = "reported"
    """By several owners or programs."""
    REPORTED_ONCE = "reported once"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class EvseState(msgspec.Struct, frozen=True, kw_only=True):
    code: int
    words: str
    confidence: Confidence
    pilot: str = ""
    """"PWM", "digital", "both", or empty where that is not known."""
    is_closed: bool | None = None
    """The contactor; None where that is not known."""
    published: str = ""
    """The name that the most used integration publishes."""
    is_passing: bool = False
    """Lasts 3 s at most: what was before still holds for whoever watches."""


SEEN, REPORTED, ONCE, INFERRED, UNKNOWN = Confidence
_STATES: Final = (
    EvseState(code=0, words="booting", confidence=REPORTED, is_closed=False, published="booting"),
    EvseState(code=1, words="not connected", confidence=SEEN, is_closed=False, published="not_connected"),
    EvseState(
        code=2,
        words="plug detected",
        confidence=SEEN,
        pilot="both",
        is_closed=False,
        published="connected",
        is_passing=True,
    ),
    EvseState(
        code=3, words="plug detected", confidence=SEEN, pilot="digital", is_closed=False, is_passing=True
    ),
    # One dashboard takes 4 for charging: captures have an open contactor and 0 A.
    EvseState(
        code=4,
        words="ready, the vehicle does not ask for current",
        confidence=SEEN,
        pilot="PWM",
        is_closed=False,
        published="ready",
    ),
    EvseState(code=5, words="unknown", confidence=UNKNOWN),
    EvseState(code=6, words="negotiating", confidence=ONCE, is_closed=False, published="negotiating"),
    # Published as an error, but passed through at every plug-in without an alert: one only when it stays.
    EvseState(
        code=7,
        words="negotiating",
        confidence=SEEN,
        pilot="digital",
        is_closed=False,
        published="error",
        is_passing=True,
    ),
    EvseState(
        code=8,
        words="charging finished or stopped",
        confidence=SEEN,
        pilot="PWM",
        is_closed=False,
        published="charging_finished",
    ),
    EvseState(
        code=9,
        words="waiting for the vehicle",
        confidence=SEEN,
        pilot="digital",
        is_closed=False,
        published="waiting_car",
    ),
    # Elsewhere 10 is "reduced" and 11 "above 10.5 kW": captures have 11.3 kW in 10, and 4.3 kW and 0 A in 11.
    EvseState(
        code=10, words="charging", confidence=SEEN, pilot="PWM", is_closed=True, published="charging_reduced"
    ),
    EvseState(
        code=11, words="charging", confidence=SEEN, pilot="digital", is_closed=True, published="charging"
    ),
    EvseState(code=12, words="unknown", confidence=UNKNOWN),
    EvseState(code=13, words="just unplugged", confidence=ONCE, is_closed=False, is_passing=True),
)
EVSE_STATES: Final = MappingProxyType({state.code: state for state in _STATES})


def evse_state(code: int) -> EvseState:
    """The row of a code; an unknown one is told as its number."""
    return EVSE_STATES.get(code) or EvseState(code=code, words=f"state {code}", confidence=UNKNOWN)


class NotReady(msgspec.Struct, frozen=True, kw_only=True):
    """One reason for not charging. REST numbers are those of the configuration channel, plus one."""

    code: int
    words: str
    confidence: Confidence
    is_everyday: bool = False
    """Says nothing but that no car is there, or that all is well."""
    is_fault: bool = False


_REASONS: Final = (
    NotReady(code=1, words="ready", confidence=SEEN, is_everyday=True),
    NotReady(code=2, words="cold-load pick-up delay after power-up", confidence=SEEN),
    NotReady(code=3, words="handle button pressed", confidence=SEEN),
    NotReady(code=4, words="session authorisation pending", confidence=SEEN, is_everyday=True),
    NotReady(code=5, words="fault blocks charging", confidence=INFERRED, is_fault=True),
    NotReady(code=6, words="start-up fault", confidence=INFERRED, is_fault=True),
    NotReady(code=7, words="ground monitor blocks charging", confidence=INFERRED, is_fault=True),
    NotReady(code=8, words="pilot not connected", confidence=SEEN, is_everyday=True),
    NotReady(code=9, words="configuration not received", confidence=INFERRED),
    NotReady(code=10, words="load sharing, or a schedule, blocks charging", confidence=ONCE),
    NotReady(code=11, words="OCPP blocks charging", confidence=INFERRED),
    NotReady(code=12, words="the access list blocks charging", confidence=INFERRED),
    NotReady(code=13, words="pay per use blocks charging", confidence=INFERRED),
    NotReady(code=14, words="vehicles of other makers are refused", confidence=INFERRED),
)
NOT_READY: Final = MappingProxyType({reason.code: reason for reason in _REASONS})


def not_ready(code: int) -> NotReady:
    return NOT_READY.get(code) or NotReady(code=code, words=f"reason {code}", confidence=UNKNOWN)


BUTTON: Final = 3
HARMLESS_ALERTS: Final = MappingProxyType({49: "seen while a car waits with a PWM pilot, 2024 to 2025"})
"""Alerts have no known names; these were seen while all was well."""
