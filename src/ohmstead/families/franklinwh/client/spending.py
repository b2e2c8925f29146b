"""What calls may cost: so many a window, and none while the cloud wants to be left alone. Refused here, before sending,
rather than blocked there.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from ohmstead.families.franklinwh.client.limits import Limits
from ohmstead.families.franklinwh.client.logins import Logins
from ohmstead.families.franklinwh.facts.body_codes import RETRY_AFTER_S
from ohmstead.kit.budget import Budgets
from ohmstead.model import BudgetSpent


class Spending:
    """Of one account. Shared by all its clients, so that one that is opened anew may ask no more and no sooner than the one
    before it; its budgets had better be in memory, since a read does not wait for a disk.
    """

    def __init__(self, limits: Limits, budgets: Budgets) -> None:
        self.logins = Logins(limits)
        self._limits = limits
        self._budgets = budgets
        self._pause_s = RETRY_AFTER_S
        self._not_before_s = float("-inf")

    def quiet_s(self) -> float:
        """For how long the cloud still wants to be left alone; not above 0: it does not."""
        return self._not_before_s - asyncio.get_running_loop().time()

    async def book(self, *, is_tunnel: bool) -> None:
        """Raises `BudgetSpent` when the window has no room."""
        limits = self._limits
        await self._spend("franklinwh calls", limits.calls, limits.calls_window_s)
        if is_tunnel:
            await self._spend("franklinwh tunnel", limits.tunnel_calls, limits.tunnel_window_s)

    async def _spend(self, key: str, limit: int, window_s: float) -> None:
        if not await self._budgets.spend(key, 1, limit, window_s):
            raise BudgetSpent(
                f"{limit} calls within {window_s:g} s are spent, so this one was not sent. Ask less often, or raise the "
                "limit and risk being blocked by the cloud.",
                after=timedelta(seconds=window_s),
            )

    def refused(self, wait_s: float | None) -> float:
        """The cloud said 429. How long it is left alone now."""
        if wait_s is None and (left_s := self.quiet_s()) > 0:
            return left_s  # one of many that were on their way together
        if wait_s is None:
            wait_s = self._pause_s
            self._pause_s = min(self._pause_s * 2, self._limits.longest_wait_s)
        self._not_before_s = asyncio.get_running_loop().time() + wait_s
        return wait_s

    def accepted(self) -> None:
        self._pause_s = RETRY_AFTER_S
