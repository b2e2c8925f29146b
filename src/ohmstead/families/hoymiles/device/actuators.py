"""What can be asked of a DTU and its inverters, with a receipt of what they say afterwards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from ohmstead.families.hoymiles.alarms import SWITCHED_OFF
from ohmstead.families.hoymiles.client import ENVELOPE, Client, CommandResult, LimitResult
from ohmstead.families.hoymiles.identifiers import dtu_model
from ohmstead.families.hoymiles.results import Inventory
from ohmstead.model import (
    LIMITS_SOLAR,
    RESTARTS,
    SWITCHES,
    Clock,
    DeviceError,
    DeviceId,
    Envelope,
    Interval,
    Outcome,
    OutcomeUnknown,
    Receipt,
    Refused,
)

SWITCH: Final = Envelope(
    unit="on", allowed=(Interval(0.0, 0.0), Interval(1.0, 1.0)), latency_s=10.0, settle_s=60.0
)
RESTART: Final = Envelope(
    unit="restart", allowed=(Interval(1.0, 1.0),), latency_s=5.0, settle_s=300.0, is_momentary=True
)
"""An inverter waits one to five minutes for the grid."""
DTU_RESTART: Final = Envelope(
    unit="restart", allowed=(Interval(1.0, 1.0),), latency_s=5.0, settle_s=120.0, is_momentary=True
)


REFUSING_MODEL: Final = "DTU-PRO"
REFUSING_FIRMWARE: Final = range(0x0700, 0x0800)
"""V00.07: refuses limits with code 7, and ignores being switched. Source: owners of the DTU-Pro-S."""


def refuses_orders(inventory: Inventory) -> bool:
    """Whether limits and switching are of no use with this DTU."""
    is_model = dtu_model(inventory.dtu_serial) == REFUSING_MODEL
    return is_model and inventory.dtu.software_version in REFUSING_FIRMWARE


class HoymilesLimit:
    """Holds back production, persistently. The receipt says what the DTU says afterwards."""

    envelope = ENVELOPE

    def __init__(self, device: DeviceId, client: Client) -> None:
        self.device = device
        self._client = client

    async def limit_solar(self, limit_pct: float) -> Receipt:
        try:
            result = await self._client.set_power_limit(limit_pct)
        except Refused as error:
            result = LimitResult(outcome=Outcome.REFUSED, asked_pct=limit_pct, reason=str(error))
        return Receipt(
            device=self.device,
            ability=LIMITS_SOLAR.name,
            at=self._client.clock.now(),
            outcome=result.outcome,
            asked=result.asked_pct,
            read_back=result.read_back_pct,
            reason=result.reason,
        )


class HoymilesSwitch:
    """Lets an inverter produce or not. What shows it is an alarm that stands as long as it is off."""

    envelope = SWITCH

    def __init__(self, device: DeviceId, serial: str, client: Client) -> None:
        self.device = device
        self._serial = serial
        self._client = client

    async def switch(self, wanted: float) -> Receipt:
        asked = self.envelope.check(wanted)
        outcome, reason = await _ordered(
            lambda: self._client.switch_inverters(is_on=bool(asked), inverters=(self._serial,))
        )
        read_back = None
        if outcome is not Outcome.REFUSED:
            read_back, doubt = await self._read_back()
            reason = reason or doubt
            if read_back is not None:
                outcome = Outcome.CONFIRMED if read_back == asked else Outcome.DIFFERENT
        return Receipt(
            device=self.device,
            ability=SWITCHES.name,
            at=self._client.clock.now(),
            outcome=outcome,
            asked=asked,
            read_back=read_back,
            reason=reason,
        )

    async def _read_back(self) -> tuple[float | None, str]:
        try:
            alarms = await self._client.alarms(self._serial)
        except DeviceError as error:
            return None, f"not read back: {error}"
        ours = [alarm for alarm in alarms if alarm.inverter_serial == self._serial]
        is_off = any(alarm.number == SWITCHED_OFF and alarm.is_active for alarm in ours)
        return (0.0 if is_off else 1.0), ""


class HoymilesRestart:
    """Starts an inverter again."""

    envelope = RESTART

    def __init__(self, device: DeviceId, serial: str, client: Client) -> None:
        self.device = device
        self._serial = serial
        self._client = client

    async def restart(self, wanted: float) -> Receipt:
        asked = self.envelope.check(wanted)
        outcome, reason = await _ordered(lambda: self._client.restart_inverters((self._serial,)))
        return _restarted(self.device, self._client.clock, outcome, asked, reason)


class DtuRestart:
    """Starts the DTU itself again."""

    envelope = DTU_RESTART

    def __init__(self, device: DeviceId, client: Client) -> None:
        self.device = device
        self._client = client

    async def restart(self, wanted: float) -> Receipt:
        asked = self.envelope.check(wanted)
        try:
            outcome, reason = await self._client.restart_dtu(), ""
        except Refused as error:
            outcome, reason = Outcome.REFUSED, str(error)
        return _restarted(self.device, self._client.clock, outcome, asked, reason)


async def _ordered(order: Callable[[], Awaitable[CommandResult]]) -> tuple[Outcome, str]:
    try:
        result = await order()
    except Refused as error:
        return Outcome.REFUSED, str(error)
    except OutcomeUnknown as error:
        return Outcome.UNKNOWN, str(error)
    if result.failed:
        return Outcome.REFUSED, f"these inverters did not do it: {', '.join(result.failed)}"
    return Outcome.ACKNOWLEDGED, ""


def _restarted(device: DeviceId, clock: Clock, outcome: Outcome, asked: float, reason: str) -> Receipt:
    return Receipt(
        device=device, ability=RESTARTS.name, at=clock.now(), outcome=outcome, asked=asked, reason=reason
    )
