"""The token: fetched once however many calls need it, and never asked for again while that cannot help."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from ohmstead.families.franklinwh.client.auth import Auth, PasswordAuth, TokenStore
from ohmstead.families.franklinwh.client.limits import Limits
from ohmstead.families.franklinwh.client.logins import Logins
from ohmstead.families.franklinwh.errors import AccountLocked, FranklinError, InvalidCredentials, TokenExpired
from ohmstead.model import Misused, OhmsteadError

FOREVER: Final = float("inf")

Login = Callable[[PasswordAuth], Awaitable[str]]


class Tokens:
    """A call remembers the `generation` of the token it used. When that is refused it asks for a newer one, and only
    the first who asks logs in: all others find that done.
    """

    def __init__(
        self, auth: Auth, login: Login, limits: Limits, store: TokenStore | None, account: Logins
    ) -> None:
        """`account`: what other clients of the same account know of its logins, too."""
        self.generation = 0
        self.logins = 0
        self._auth = auth
        self._login = login
        self._store = store
        self._token = "" if isinstance(auth, PasswordAuth) else auth.token
        self._lock = asyncio.Lock()
        self._account = account
        self._limits = limits
        self._failure: OhmsteadError | None = None
        self._not_before_s = -FOREVER

    async def current(self) -> tuple[str, int]:
        """A token and its generation. Raises what a login raises."""
        if not self._token:
            async with self._lock:
                if not self._token:
                    await self._remember()
                if not self._token:
                    await self._renew()
        return self._token, self.generation

    async def newer_than(self, generation: int) -> str:
        """The token after the one that was refused."""
        async with self._lock:
            if self.generation == generation:
                await self._renew()
            return self._token

    async def renew(self) -> None:
        """Log in now, on request: also after a refusal that is otherwise never repeated."""
        async with self._lock:
            self._failure = None
            self._account.forgive()
            await self._renew()

    def forget(self) -> None:
        self._token = ""
        self.generation += 1

    async def _remember(self) -> None:
        token = await self._store.load() if self._store is not None else None
        if token and token.isprintable():
            self._token = token
            self.generation += 1

    async def _renew(self) -> None:
        if not isinstance(self._auth, PasswordAuth):
            raise TokenExpired(
                "the token is not accepted any more, and without a password there is no new one."
            )
        if self._failure is not None and asyncio.get_running_loop().time() < self._not_before_s:
            raise self._failure
        self._account.require_due(self._auth)
        self.logins += 1
        try:
            token = await self._login(self._auth)
        except Misused:
            raise  # nobody was asked
        except OhmsteadError as error:
            self._fail(error)
            raise
        self._failure = None
        self._account.granted()
        self._token = token
        self.generation += 1
        if self._store is not None:
            await self._store.save(token)

    def _fail(self, error: OhmsteadError) -> None:
        self._failure = error
        self._not_before_s = asyncio.get_running_loop().time() + self._pause_s(error)

    def _pause_s(self, error: OhmsteadError) -> float:
        """A wrong password stays wrong, and a few more tries lock the account. What the cloud has not answered is held against
        nobody but who asked: another client finds it back at once.
        """
        if not isinstance(error, FranklinError):
            return self._limits.login_pause_s
        pause_s = self._account.refused(self._auth, error)
        is_final = isinstance(error, InvalidCredentials) or (
            isinstance(error, AccountLocked) and error.retry_after is None
        )
        return FOREVER if is_final else pause_s
