"""What can be asked of one EVSE, one verb each. Every receipt says what the charge point says afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import msgspec

from ohmstead.families.everest import meaning
from ohmstead.families.everest.client import Client, EvseView, Outcome
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.extensions import AppliedObj
from ohmstead.families.everest.schema.modes import is_dc
from ohmstead.families.everest.schema.objects import EVSEStatusObj, HardwareCapabilitiesObj
from ohmstead.model import (
    ALLOWS_CHARGING,
    LIMITS_CHARGER_POWER,
    LIMITS_CURRENT,
    SELECTS_PHASES,
    SWITCHES,
    Clock,
    DeviceId,
    Envelope,
    Interval,
    LimitedBy,
    Receipt,
    Refused,
)
from ohmstead.model import Outcome as Fate

LEAST_A: Final = 6.0
MAINS_V: Final = 230.0
"""What a power is counted with where the charge point does not say its voltage."""
PRIORITY: Final = 5_000
"""In the middle: what a network operator or a technician says with more weight stands."""
SETTLES_S: Final = 3.0
"""A limit in force is announced each second."""
SWITCHES_S: Final = 60.0
"""Until a car charges on other phases."""
LOOK_S: Final = 0.5
CLOSE: Final = 0.01
"""Amperes are sent with two decimals."""
SHARE: Final = 0.02
"""Of a power: the voltage it is divided by is not known better."""
OFF_AND_ON: Final = (Interval(0.0, 0.0), Interval(1.0, 1.0))

Read = Callable[[EVSEStatusObj], float | None]


class Verb:
    """Its subclasses give it its name."""

    def __init__(self, device: DeviceId, index: int, client: Client, clock: Clock) -> None:
        self.device = device
        self._index = index
        self._client = client
        self._clock = clock

    @property
    def view(self) -> EvseView:
        return self._client.mirror.evses.get(self._index, EvseView())

    async def told(
        self,
        ability: str,
        asked: float,
        telling: Awaitable[Outcome],
        read: Read,
        within_s: float = SETTLES_S,
    ) -> Receipt:
        """The receipt, once what was asked for is in force or has had its time."""
        try:
            outcome = await telling
        except Refused as error:
            return self._receipt(ability, Fate.REFUSED, asked, None, str(error))
        found = await self._in_force(asked, outcome, read, within_s)
        if _is(asked, found):
            return self._receipt(ability, Fate.CONFIRMED, asked, asked, "")
        fate = Fate.UNKNOWN if found is None else Fate.DIFFERENT
        reason = f"{outcome.error.value}; in force: {'unknown' if found is None else f'{found:g}'}"
        receipt = self._receipt(ability, fate, asked, found, reason)
        return msgspec.structs.replace(receipt, limited_by=_limited_by(outcome))

    async def _in_force(self, asked: float, outcome: Outcome, read: Read, within_s: float) -> float | None:
        status = outcome.status
        ends_at_s = asyncio.get_running_loop().time() + within_s
        while outcome.is_applied and not (status is not None and _is(asked, read(status))):
            if asyncio.get_running_loop().time() >= ends_at_s:
                break
            await asyncio.sleep(LOOK_S)
            found = await self._client.status(self._index)
            status = found.status if found.error is Error.NO_ERROR else None  # beside an error stand defaults
        return read(status) if status is not None else None

    def _receipt(
        self, ability: str, outcome: Fate, asked: float, read_back: float | None, reason: str
    ) -> Receipt:
        return Receipt(
            device=self.device,
            ability=ability,
            at=self._clock.now(),
            outcome=outcome,
            asked=asked,
            read_back=read_back,
            reason=reason,
        )


class CurrentLimit(Verb):
    """0 forbids charging; a current allows it again."""

    @property
    def envelope(self) -> Envelope:
        hardware = self.view.hardware_capabilities
        return Envelope(
            unit="A",
            allowed=(
                Interval(0.0, 0.0),
                Interval(_least_a(hardware), hardware.max_current_A_import if hardware else LEAST_A),
            ),
            step=0.1,
            latency_s=1.0,
            settle_s=5.0,
        )

    async def limit_current(self, limit_a: float) -> Receipt:
        asked_a = self.envelope.check(limit_a)
        return await self.told(LIMITS_CURRENT.name, asked_a, self._set(asked_a), meaning.limit_a)

    async def _set(self, asked_a: float) -> Outcome:
        if asked_a == 0.0:
            return await self._client.set_charging_allowed(self._index, charging_allowed=False)
        outcome = await self._client.set_ac_charging_current(self._index, asked_a)
        if outcome.status is not None and not outcome.status.charging_allowed:
            outcome = await self._client.set_charging_allowed(self._index, charging_allowed=True)
        return outcome


class PowerLimit(Verb):
    """Of an AC EVSE it is shared by the phases that are live, and takes the place of a current."""

    @property
    def envelope(self) -> Envelope:
        status, hardware = self.view.status, self.view.hardware_capabilities
        if status is not None and (dc := status.dc_charge_param) is not None:
            allowed = Interval(0.0, dc.evse_maximum_charge_power)
        else:
            volts = MAINS_V * ((status and meaning.active_phases(status)) or 1)
            most_a = hardware.max_current_A_import if hardware else LEAST_A
            allowed = Interval(_least_a(hardware) * volts, most_a * volts)
        return Envelope(unit="W", allowed=(allowed,), step=1.0, latency_s=1.0, settle_s=5.0)

    async def limit_charger_power(self, power_w: float) -> Receipt:
        asked_w = self.envelope.check(power_w)

        def in_force(status: EVSEStatusObj) -> float | None:
            found_w = _power_w(status)
            return asked_w if found_w is not None and abs(found_w - asked_w) <= SHARE * asked_w else found_w

        telling = self._client.set_dc_charging_power(self._index, asked_w)
        return await self.told(LIMITS_CHARGER_POWER.name, asked_w, telling, in_force)


class Allowance(Verb):
    envelope = Envelope(unit="allowed", allowed=OFF_AND_ON, latency_s=1.0, settle_s=5.0)

    async def allow_charging(self, value: float) -> Receipt:
        asked = self.envelope.check(value)
        telling = self._client.set_charging_allowed(self._index, charging_allowed=asked == 1.0)
        return await self.told(
            ALLOWS_CHARGING.name, asked, telling, lambda status: float(status.charging_allowed)
        )


class Phases(Verb):
    envelope = Envelope(
        unit="phases", allowed=(Interval(1.0, 1.0), Interval(3.0, 3.0)), latency_s=1.0, settle_s=30.0
    )

    async def select_phases(self, value: float) -> Receipt:
        asked = self.envelope.check(value)
        telling = self._client.set_ac_charging_phase_count(self._index, int(asked))
        return await self.told(SELECTS_PHASES.name, asked, telling, meaning.active_phases, SWITCHES_S)


class Switch(Verb):
    """Takes the EVSE out of service and back: each of its connectors, as the reference knows no word for all."""

    envelope = Envelope(unit="on", allowed=OFF_AND_ON, latency_s=1.0, settle_s=5.0)

    async def switch(self, value: float) -> Receipt:
        asked = self.envelope.check(value)
        telling = self._tell_each(is_on=asked == 1.0)
        return await self.told(SWITCHES.name, asked, telling, lambda status: float(status.available))

    async def _tell_each(self, *, is_on: bool) -> Outcome:
        """What came of the last one. Whether the EVSE is in service is read back."""
        info = self.view.info
        outcome = Outcome(error=Error.ERROR_NO_DATA_AVAILABLE)
        for connector in info.available_connectors if info is not None else ():
            outcome = await self._client.enable_connector(
                self._index, connector.index, enable=is_on, priority=PRIORITY
            )
        return outcome


def verbs(device: DeviceId, index: int, client: Client, clock: Clock) -> Iterator[tuple[str, Verb]]:
    """By the ability's name, what this EVSE can be asked for as far as it has told."""
    given = (device, index, client, clock)
    view = client.mirror.evses.get(index, EvseView())
    status, hardware = view.status, view.hardware_capabilities
    is_ac = view.info is None or not is_dc(view.info.supported_energy_transfer_modes)
    if status is None:
        return
    if is_ac or status.dc_charge_param is not None:  # a DC EVSE without a session has nothing to read back
        yield ALLOWS_CHARGING.name, Allowance(*given)
        yield LIMITS_CHARGER_POWER.name, PowerLimit(*given)
    if is_ac and hardware is not None:
        yield LIMITS_CURRENT.name, CurrentLimit(*given)
        if hardware.phase_switch_during_charging:
            yield SELECTS_PHASES.name, Phases(*given)
    if view.info is not None:
        yield SWITCHES.name, Switch(*given)


def _least_a(hardware: HardwareCapabilitiesObj | None) -> float:
    return max(hardware.min_current_A_import, LEAST_A) if hardware is not None else LEAST_A


def _power_w(status: EVSEStatusObj) -> float | None:
    if status.dc_charge_param is not None:
        return status.dc_charge_param.evse_maximum_charge_power
    parameters, phases = status.ac_charge_param, meaning.active_phases(status)
    if parameters is None or phases is None:
        return None
    return parameters.evse_max_current * (parameters.evse_nominal_voltage or MAINS_V) * phases


def _limited_by(outcome: Outcome) -> LimitedBy | None:
    """Where the charge point says it."""
    applied = outcome.applied
    if not isinstance(applied, AppliedObj) or applied.limited_by is None:
        return None
    return LimitedBy(applied.limited_by.value) if applied.limited_by.is_known else LimitedBy.OTHER


def _is(asked: float, found: float | None) -> bool:
    return found is not None and abs(asked - found) <= CLOSE
