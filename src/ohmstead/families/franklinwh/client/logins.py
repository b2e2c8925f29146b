"""The logins of one account, by whichever of its clients: after one that the cloud did not grant, the next one waits."""

from __future__ import annotations

import asyncio
from typing import Final

from ohmstead.families.franklinwh.client.auth import Auth
from ohmstead.families.franklinwh.client.limits import Limits
from ohmstead.families.franklinwh.errors import AccountLocked, FranklinError, RateLimited
from ohmstead.kit.link import Backoff

EARLIEST: Final = 1.25
"""Times the pause, so that it is not shorter with the jitter of a fifth."""


class Logins:
    """Another password is another matter: it is tried at once."""

    def __init__(self, limits: Limits) -> None:
        self._backoff = Backoff(limits.login_pause_s * EARLIEST, limits.longest_wait_s)
        self._failed: tuple[Auth, FranklinError] | None = None
        self._not_before_s = float("-inf")

    def require_due(self, auth: Auth) -> None:
        """Raises what the last login failed with, until its pause is over."""
        if self._failed is None or asyncio.get_running_loop().time() >= self._not_before_s:
            return
        failed, error = self._failed
        if failed == auth:
            raise error

    def refused(self, auth: Auth, error: FranklinError) -> float:
        """For how long none is tried now: at least as long as the cloud says."""
        wait_s = error.retry_after if isinstance(error, AccountLocked | RateLimited) else None
        pause_s = max(wait_s or 0.0, self._backoff.next_s())
        self._failed = (auth, error)
        self._not_before_s = asyncio.get_running_loop().time() + pause_s
        return pause_s

    def granted(self) -> None:
        self.forgive()
        self._backoff.reset()

    def forgive(self) -> None:
        """Somebody asks for the next one, and it is tried at once."""
        self._failed = None
