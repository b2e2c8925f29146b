"""Limits a unit's current in the cheapest way that it takes.

First the temporary parameters, proved by reading them back: they cost nothing, end by themselves and can stop a car. The unit
takes the least of what all say: a lower setting that we stored before is put back to the ceiling, so that they rule. Then,
where its owner wants that, the meter that the unit follows: it costs nothing either, and needs no access window. Last a new
setting, in flash memory, under the wear budget; that cannot stop a car, since less than 6 A is refused. Never above the
ceiling that was found at first contact: it is the installer's.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator
from ohmstead.families.tesla_wall_connector.client.window import has_rested
from ohmstead.families.tesla_wall_connector.control.limited import Limited, Rung
from ohmstead.families.tesla_wall_connector.control.memory import Kept, Memory
from ohmstead.families.tesla_wall_connector.control.wear import (
    Permit,
    Purpose,
    next_write_at,
    written,
)
from ohmstead.families.tesla_wall_connector.errors import NotInFirmware, PresenceLapsed, ValueRefused
from ohmstead.families.tesla_wall_connector.meter_port import Leading
from ohmstead.families.tesla_wall_connector.protos.wc_settings_pb2 import WCSettings
from ohmstead.families.tesla_wall_connector.protos.wc_sharing_pb2 import WCLoadSharingConfig
from ohmstead.model import (
    BadAnswer,
    Clock,
    ConnectionLost,
    DeviceError,
    Outcome,
    TimedOut,
    Unreachable,
    Unsafe,
)

LEAST_A: Final = 6
LEASE_S: Final = 900
"""A temporary limit is renewed at half of it, and ends by itself when we are gone."""
DEAD_BAND_A: Final = 1
LOST: Final = (TimedOut, ConnectionLost, Unreachable, BadAnswer)
"""After these nobody knows whether a call was carried out."""


class Ladder:
    """One unit's. `ready` first: it reads what the installer allowed."""

    def __init__(
        self, configurator: Configurator, memory: Memory, clock: Clock, meter: Leading | None = None
    ) -> None:
        self._configurator = configurator
        self._meter = meter
        self._led_a: int | None = None
        """Wanted, and left to the meter."""
        self._out_of_reach_at: datetime | None = None
        """When the access window was found closed while nothing hung on it: at a look, or with the meter leading on."""
        self._memory = memory
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._stored_a: int | None = None
        self._leased_a: int | None = None
        self._leased_at: datetime | None = None
        self.pending_a: int | None = None
        """Wanted, and held back by the budget: only the newest."""

    async def ready(self) -> int:
        """The ceiling. At first contact it is what is stored now."""
        stored_a = await self._read_stored()
        kept = await self._memory.load()
        if kept.ceiling_a is None:
            kept = await self._memory.save(msgspec.structs.replace(kept, ceiling_a=stored_a))
        return kept.ceiling_a or stored_a

    async def limit(self, limit_a: int, purpose: Purpose = Purpose.WISH) -> Limited:
        """0 stops the car where the unit can. Raises `Unsafe` above the ceiling and between 0 and 6 A."""
        async with self._one_at_a_time:
            kept = await self._memory.load()
            ceiling_a = kept.ceiling_a if kept.ceiling_a is not None else await self.ready()
            if limit_a > ceiling_a or 0 < limit_a < LEAST_A or limit_a < 0:
                raise Unsafe(f"{limit_a} A is outside 0 or {LEAST_A} to {ceiling_a} A")
            if self._meter is not None:
                self._meter.want(limit_a)  # on every rung: the unit takes the least of what all say
            if kept.takes_temporary is not False and (limited := await self._leased(limit_a, ceiling_a)):
                return await self._ruling(limited, ceiling_a)
            kept = await self._memory.load()
            if self.is_led and not (kept.is_lowered and (self._stored_a or 0) < limit_a):
                return self._lead(limit_a)
            return await self._store(limit_a, kept, purpose)

    @property
    def has_read(self) -> bool:
        """What is stored has been read in this life, and not been written since."""
        return self._stored_a is not None

    @property
    def is_led(self) -> bool:
        """The unit follows our meter."""
        return self._meter is not None and self._meter.is_followed

    async def renew(self) -> None:
        """Prolong a temporary limit that is half over, step down where the meter has lost the unit, and write what was
        held back once the budget allows.
        """
        now = self._clock.now()
        led_a, pending_a = self._led_a, self.pending_a
        if led_a is not None and not self.is_led:
            self._led_a = None
            await self.limit(led_a)
            return
        if self._leased_a is not None and self._leased_at is not None:
            # A clock that was set back must not let it end unseen: then nothing would hold the car.
            if not 0 <= (now - self._leased_at).total_seconds() < LEASE_S / 2:
                await self.limit(self._leased_a)
        elif pending_a is not None and next_write_at((await self._memory.load()).wear, now) <= now:
            await self.limit(pending_a)

    def may_ask(self, now: datetime) -> bool:
        """Whether it is a minute since the access window was found closed."""
        return has_rested(self._out_of_reach_at, now)

    async def look(self) -> int | None:
        """Read anew what the installer, an app or the leader of its group may have changed. The limit that is stored, or
        None while a temporary one or the meter holds in its place.
        """
        async with self._one_at_a_time:
            try:
                stored_a = await self._read_stored()
            except (PresenceLapsed, *LOST):
                self._out_of_reach_at = self._clock.now()
                raise
            return stored_a if self._leased_a is None and self._led_a is None else None

    async def restore(self) -> None:
        """Before control is given up: the ceiling again, once."""
        async with self._one_at_a_time:
            self.pending_a = self._led_a = None
            kept = await self._memory.load()
            if kept.ceiling_a is None:
                return
            if self._meter is not None:
                self._meter.want(kept.ceiling_a)
            if self._leased_a is not None:
                await self._configurator.set_temporary(kept.ceiling_a, 1)
                self._leased_a = None
            if kept.is_lowered:
                await self._store(kept.ceiling_a, kept, Purpose.RESTORE)

    async def _leased(self, limit_a: int, ceiling_a: int) -> Limited | None:
        """A meter that is followed does not need the access window, which the lease does: nobody waits for that then."""
        now = self._clock.now()
        if self.is_led and not self.may_ask(now):
            return None
        try:
            return await self._lease(limit_a, ceiling_a)
        except (PresenceLapsed, *LOST):
            if not self.is_led:
                raise
            self._out_of_reach_at = now
            return None

    def _lead(self, limit_a: int) -> Limited:
        self._led_a, self._leased_a, self.pending_a = limit_a, None, None
        reason = "the meter shows it; the unit follows by 1 A a second"
        return Limited(outcome=Outcome.SENT, asked_a=limit_a, rung=Rung.METER, reason=reason)

    async def _lease(self, limit_a: int, ceiling_a: int) -> Limited | None:
        """None when the unit does not take temporary parameters, or has not taken this one. Raises what the call was lost
        to where it is known to take them: flash memory does not wear for that.
        """
        is_stop = limit_a == 0
        shown_a = ceiling_a if is_stop else limit_a
        lost: DeviceError | None = None
        try:
            try:
                await self._configurator.set_temporary(shown_a, LEASE_S, inhibit=is_stop)
            except LOST as error:  # reading back tells
                lost = error
            found = (await self._configurator.temporary()).prov_op_params
        except (NotInFirmware, ValueRefused):
            await self._learn(takes_temporary=False)
            return None
        if found.limit_current_max_amps != shown_a or found.inhibit_charging != is_stop:
            if lost is not None and (await self._memory.load()).takes_temporary:
                raise lost
            return None
        await self._learn(takes_temporary=True)
        self._leased_a, self._leased_at = limit_a, self._clock.now()
        self._led_a = self.pending_a = None
        return Limited(outcome=Outcome.CONFIRMED, asked_a=limit_a, rung=Rung.TEMPORARY, read_back_a=limit_a)

    async def _ruling(self, leased: Limited, ceiling_a: int) -> Limited:
        """What a temporary limit comes to, beside what we have stored."""
        kept = await self._memory.load()
        stored_a = self._stored_a if self._stored_a is not None else await self._read_stored()
        if not kept.is_lowered or stored_a >= leased.asked_a:
            return leased
        freed = await self._store(ceiling_a, kept, Purpose.WISH)
        self.pending_a = None  # each time that the limit is prolonged it is tried again
        if freed.outcome is Outcome.CONFIRMED:
            return leased
        return msgspec.structs.replace(
            leased,
            outcome=Outcome.DIFFERENT,
            read_back_a=stored_a,
            reason=f"{stored_a} A, stored before, still holds: {freed.reason}",
            next_write_at=freed.next_write_at,
        )

    async def _store(self, limit_a: int, kept: Kept, purpose: Purpose) -> Limited:
        if limit_a == 0:
            return self._refused(limit_a, f"a stored setting cannot stop charging: {LEAST_A} A is the least")
        stored_a = self._stored_a if self._stored_a is not None else await self._read_stored()
        if abs(limit_a - stored_a) < DEAD_BAND_A:
            self.pending_a = None
            return self._confirmed(limit_a, "stored already: not written again")
        if purpose is Purpose.SAFETY and limit_a > stored_a:
            purpose = Purpose.WISH
        now = self._clock.now()
        allowed_at = next_write_at(kept.wear, now, purpose)
        if allowed_at > now:
            self.pending_a = limit_a
            reason = f"limited by the wear budget until {allowed_at:%H:%M:%S} UTC"
            return msgspec.structs.replace(self._refused(limit_a, reason), next_write_at=allowed_at)
        return await self._write(limit_a)

    async def _write(self, limit_a: int) -> Limited:
        """Counted before it is sent: a write whose answer is lost has worn the memory all the same. A unit that is out
        of reach is found out before.
        """
        await self._read_stored()
        kept = await self._memory.load()
        wear = written(kept.wear, self._clock.now())
        is_lowered = limit_a != kept.ceiling_a
        # Nobody knows what is stored until it is read back: this life, or the next one after a power cut.
        self.pending_a = self._stored_a = None
        await self._memory.save(
            msgspec.structs.replace(kept, wear=wear, is_lowered=is_lowered, stored_a=None)
        )
        permit = Permit(await self._configurator.din())
        try:
            with contextlib.suppress(*LOST):  # whatever became of it, reading back tells
                await self._configurator.write(WCSettings(max_output_current_amps=limit_a), permit)
            stored_a = await self._read_stored()
        except LOST as error:
            return Limited(outcome=Outcome.UNKNOWN, asked_a=limit_a, rung=Rung.STORED, reason=str(error))
        if stored_a != limit_a:
            return Limited(
                outcome=Outcome.DIFFERENT,
                asked_a=limit_a,
                rung=Rung.STORED,
                read_back_a=stored_a,
                reason="the unit kept another value",
            )
        return self._confirmed(limit_a, "")

    async def _read_stored(self) -> int:
        settings = (await self._configurator.config()).settings
        self._stored_a = settings.max_output_current_amps
        network_a = _network_a(settings.load_sharing_config)
        await self._learn(stored_a=self._stored_a, network_a=network_a)
        return self._stored_a

    async def _learn(self, **facts: object) -> None:
        kept = await self._memory.load()
        if (learnt := msgspec.structs.replace(kept, **facts)) != kept:
            await self._memory.save(learnt)

    def _confirmed(self, limit_a: int, reason: str) -> Limited:
        return Limited(
            outcome=Outcome.CONFIRMED,
            asked_a=limit_a,
            rung=Rung.STORED,
            read_back_a=self._stored_a,
            reason=reason,
        )

    def _refused(self, limit_a: int, reason: str) -> Limited:
        return Limited(
            outcome=Outcome.REFUSED,
            asked_a=limit_a,
            rung=Rung.STORED,
            read_back_a=self._stored_a,
            reason=reason,
        )


def _network_a(group: WCLoadSharingConfig) -> int | None:
    """Units of 2022 and later tell it in two places, older ones in the old one."""
    told_a = group.settings.fixed_limit.network_limit_amps or group.fixed_limit.network_limit_amps
    return told_a if group.participant_dins and told_a else None
