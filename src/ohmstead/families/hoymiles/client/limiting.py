"""Sets the persistent limit: only if it is not in force, only within the budget, once, and then reads it back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ohmstead.families.hoymiles.actions import Action, limit_text
from ohmstead.families.hoymiles.client import limits, ordering, reading
from ohmstead.families.hoymiles.client.contact import Contact
from ohmstead.families.hoymiles.client.limits import LimitResult, Spend
from ohmstead.families.hoymiles.client.session import Session
from ohmstead.families.hoymiles.results import Live
from ohmstead.model import DeviceError, Outcome, OutcomeUnknown, Refused


class Limiter:
    """`live` reads live data on a session: older firmware says its limit there and nowhere else."""

    def __init__(self, contact: Contact, spend: Spend, live: Callable[[Session], Awaitable[Live]]) -> None:
        self._contact = contact
        self._spend = spend
        self._live = live
        self._says_limit_live = False

    async def present_pct(self) -> float | None:
        return await self._contact.read(self._steps)

    async def _steps(self, session: Session) -> float | None:
        config = await reading.config(self._contact, session)
        self._says_limit_live = config.power_limit_pct is None
        if config.power_limit_pct is not None:
            return config.power_limit_pct
        return limits.limit_in_force(config, await self._live(session))

    async def set(self, asked_pct: float, *, force: bool) -> LimitResult:
        """One at a time. `force`: whatever the budget says."""
        before_pct = await self.present_pct()
        if before_pct == asked_pct:
            return LimitResult(
                outcome=Outcome.CONFIRMED,
                asked_pct=asked_pct,
                read_back_pct=before_pct,
                reason="in force already, so nothing was written",
            )
        if not force:
            await limits.book(self._spend, (await self._contact.known()).dtu_serial)
        return await self._write(asked_pct)

    async def _write(self, asked_pct: float) -> LimitResult:
        doubt = ""
        try:
            result = await ordering.run(self._contact, Action.POWER_LIMIT, limit_text(asked_pct), ())
            if result.failed:
                raise Refused(f"these inverters did not take the limit: {', '.join(result.failed)}.")
        except OutcomeUnknown as error:
            doubt = str(error)
            await asyncio.sleep(limits.SETTLE_S)
        try:
            read_back_pct = await self._read_back(asked_pct)
        except DeviceError as error:
            return limits.judge(asked_pct, None, f"{doubt or 'acknowledged'}; not read back: {error}")
        return limits.judge(asked_pct, read_back_pct, doubt)

    async def _read_back(self, asked_pct: float) -> float | None:
        """Where the limit stands with the live data, those may be from before the write: then there is one more look."""
        found_pct = await self.present_pct()
        if found_pct is None or found_pct == asked_pct or not self._says_limit_live:
            return found_pct
        await asyncio.sleep(limits.REFRESH_S)
        return await self.present_pct()
