"""Who is asking. Neither kind shows its secrets when it is printed."""

from __future__ import annotations

from typing import Protocol

import msgspec


class PasswordAuth(msgspec.Struct, frozen=True):
    """`account_type`: 0 owner, 1 installer."""

    email: str
    password: str
    account_type: int = 0

    def __repr__(self) -> str:
        return "PasswordAuth(…)"


class TokenAuth(msgspec.Struct, frozen=True):
    """A token from elsewhere. Without a password it cannot be renewed: when it dies, `TokenExpired` says so."""

    token: str

    def __post_init__(self) -> None:
        if not self.token or not self.token.isprintable():
            raise ValueError("a token is a text of printable characters, such as APP_ACCOUNT::…")

    def __repr__(self) -> str:
        return "TokenAuth(…)"


Auth = PasswordAuth | TokenAuth


class TokenStore(Protocol):
    """Where a token survives a restart, so that one login lasts a week. A token is a secret: keep it like a password."""

    async def load(self) -> str | None: ...

    async def save(self, token: str) -> None: ...


class MemoryTokens:
    """Forgets with the process."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token

    async def load(self) -> str | None:
        return self.token

    async def save(self, token: str) -> None:
        self.token = token
