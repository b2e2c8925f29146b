"""What has to hold before the vehicle port can be switched on, as a report: each failing check with a code and a sentence."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts.codes import GeneratorState, GridConnectionState
from ohmstead.families.franklinwh.v2l.eligibility import Eligibility


class Check(StrEnum):
    HARDWARE = "hardware"
    LICENCE = "licence"
    OFF_GRID = "off_grid"
    GENERATOR_OFF = "generator_off"


WORDS: Final = {
    Check.LICENCE: "the V2L licence flag of this gateway (v2lModeEnable) is 0",
    Check.OFF_GRID: "V2L needs the gateway off grid: the grid relay is connected",
    Check.GENERATOR_OFF: "V2L and the generator exclude each other: the generator is running",
}


class Failing(msgspec.Struct, frozen=True, kw_only=True):
    check: Check
    reason: str
    """For programs; of the hardware check, the reason of its eligibility."""
    message: str


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known; None where nothing is, and what nobody knows fails no check."""

    eligibility: Eligibility | None = None
    is_licensed: bool | None = None
    grid: GridConnectionState | None = None
    generator_state: int | None = None


def failing_checks(situation: Situation) -> tuple[Failing, ...]:
    """Empty: ready, as far as is known."""
    found = []
    hardware = situation.eligibility
    if hardware is not None and not hardware.eligible:
        found.append(Failing(check=Check.HARDWARE, reason=hardware.reason.value, message=hardware.note))
    if situation.is_licensed is False:
        found.append(_failing(Check.LICENCE))
    if situation.grid is GridConnectionState.CONNECTED:
        found.append(_failing(Check.OFF_GRID))
    if situation.generator_state == GeneratorState.RUNNING:
        found.append(_failing(Check.GENERATOR_OFF))
    return tuple(found)


def _failing(check: Check) -> Failing:
    return Failing(check=check, reason=check.value, message=WORDS[check])
