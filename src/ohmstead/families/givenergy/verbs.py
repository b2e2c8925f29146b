"""The abilities of one plant as the house calls them: one verb each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ohmstead.families.givenergy.abilities import CLOCK_ENVELOPE, SETTINGS, Setting
from ohmstead.families.givenergy.desk import Desk
from ohmstead.model import (
    CALIBRATES,
    LIMITS_CHARGE,
    LIMITS_DISCHARGE,
    PAUSES_CHARGE,
    PAUSES_DISCHARGE,
    RESTARTS,
    SETS_CHARGE_TARGET,
    SETS_CLOCK,
    SETS_RESERVE,
    TIMES_CHARGE,
    TIMES_DISCHARGE,
    Receipt,
)


def verbs(desk: Desk) -> dict[str, object]:
    """By the ability's name, those that the gates let this plant have."""
    found: dict[str, object] = {
        setting.ability.name: _VERBS[setting.ability.name](desk, setting)
        for setting in SETTINGS
        if desk.passes(setting)
    }
    if desk.may(desk.clock_requests()):
        found[SETS_CLOCK.name] = Clock(desk)
    return found


class Verb:
    """One setting of one plant; its subclasses give it its verb."""

    def __init__(self, desk: Desk, setting: Setting) -> None:
        self.envelope = setting.envelope
        self._desk = desk
        self._setting = setting

    async def _apply(self, value: float) -> Receipt:
        return await self._desk.apply(self._setting, value)


class ChargeLimit(Verb):
    async def limit_charge(self, limit_pct: float) -> Receipt:
        return await self._apply(limit_pct)


class DischargeLimit(Verb):
    async def limit_discharge(self, limit_pct: float) -> Receipt:
        return await self._apply(limit_pct)


class Reserve(Verb):
    async def set_reserve(self, soc_pct: float) -> Receipt:
        return await self._apply(soc_pct)


class ChargeTarget(Verb):
    async def set_charge_target(self, soc_pct: float) -> Receipt:
        return await self._apply(soc_pct)


class ChargePause(Verb):
    async def pause_charge(self, value: float) -> Receipt:
        return await self._apply(value)


class DischargePause(Verb):
    async def pause_discharge(self, value: float) -> Receipt:
        return await self._apply(value)


class ChargeTimes(Verb):
    async def time_charge(self, value: float) -> Receipt:
        return await self._apply(value)


class DischargeTimes(Verb):
    async def time_discharge(self, value: float) -> Receipt:
        return await self._apply(value)


class Calibration(Verb):
    async def calibrate(self, value: float) -> Receipt:
        return await self._apply(value)


class Restart(Verb):
    async def restart(self, value: float) -> Receipt:
        return await self._apply(value)


class Clock:
    envelope = CLOCK_ENVELOPE

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def set_clock(self, value: float) -> Receipt:
        return await self._desk.set_clock(value)


_VERBS: Final[Mapping[str, type[Verb]]] = {
    LIMITS_CHARGE.name: ChargeLimit,
    LIMITS_DISCHARGE.name: DischargeLimit,
    SETS_RESERVE.name: Reserve,
    SETS_CHARGE_TARGET.name: ChargeTarget,
    PAUSES_CHARGE.name: ChargePause,
    PAUSES_DISCHARGE.name: DischargePause,
    TIMES_CHARGE.name: ChargeTimes,
    TIMES_DISCHARGE.name: DischargeTimes,
    CALIBRATES.name: Calibration,
    RESTARTS.name: Restart,
}
