"""Tokens in a file that only its owner can read. It holds their hashes: whoever steals it has no token.

A command line and a gateway may change the file at the same time: each reads, changes and replaces it under a lock. A
reader needs none, because a file is replaced as a whole; and it looks at every question whether it was, so that a token
revoked elsewhere opens nothing from that moment on.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from ohmstead.kit.files import ONLY_THE_OWNER, replace_file
from ohmstead.model import ConfigError

FILE_NAME: Final = "tokens.json"
PREFIX: Final = "ohm_"
"""Says what it is to whoever finds one, and to programs that look for secrets where none should be."""
RANDOM_BYTES: Final = 32
NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?")
RESERVED: Final = "anonymous"
"""What somebody without a token is called."""
LOCKED_S: Final = 2.0
"""Others change the file within milliseconds."""
NOTED_EACH: Final = timedelta(minutes=1)
"""How exactly a token's last use is known: flash memory is not written for each call."""


class Scope(StrEnum):
    """What a token allows. None includes another."""

    READ = "read"
    CONTROL = "control"
    ADMIN = "admin"


class Token(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is known of one. `digest` is the SHA-256 of its text, which is long and random: no slower hash is needed."""

    name: str
    digest: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None = None

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and now >= self.expires_at


class _Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    tokens: tuple[Token, ...] = ()


class TokenStore:
    """Raises `ConfigError` when the file cannot be read, or others can read it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: object = None
        self._tokens: Mapping[str, Token] = {}

    def tokens(self) -> tuple[Token, ...]:
        return tuple(self._current().values())

    def named(self, name: str) -> Token | None:
        return self._current().get(name)

    def found(self, text: str) -> Token | None:
        """The token with this text, expired or not. Takes as long for a wrong one as for a right one."""
        digest = _digest(text)
        right = None
        for token in self._current().values():
            if hmac.compare_digest(token.digest, digest):
                right = token
        return right

    def create(
        self, name: str, scopes: Iterable[Scope], *, now: datetime, expires_at: datetime | None
    ) -> str:
        """Make a token and return its text, which nothing can ever show again."""
        wanted = tuple(scope for scope in Scope if scope in set(scopes))
        _check(name, wanted, now, expires_at)
        text = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
        token = Token(name=name, digest=_digest(text), scopes=wanted, created_at=now, expires_at=expires_at)

        def added(tokens: dict[str, Token]) -> None:
            if name in tokens:
                raise ConfigError(
                    f"there is a token called {name!r} already; revoke it first, or choose another name.",
                    example=f'ohmstead token revoke --name "{name}"',
                )
            tokens[name] = token

        self._change(added)
        return text

    def revoke(self, name: str) -> None:
        def removed(tokens: dict[str, Token]) -> None:
            if tokens.pop(name, None) is None:
                raise ConfigError(f"there is no token called {name!r}.", example="ohmstead token list")

        self._change(removed)

    def used(self, token: Token, now: datetime) -> None:
        """Note when a token was last used, to the minute."""
        kept = self.named(token.name)
        if kept is None or kept.digest != token.digest or not _is_due(kept, now):
            return

        def noted(tokens: dict[str, Token]) -> None:
            kept = tokens.get(token.name)
            if kept is not None and kept.digest == token.digest:
                tokens[token.name] = msgspec.structs.replace(kept, used_at=now)

        self._change(noted)

    def _change(self, change: Callable[[dict[str, Token]], None]) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(self._path.with_name(f"{self._path.name}.lock")):
                tokens = dict(self._current())
                change(tokens)
                stored = _Stored(1, tuple(tokens.values()))
                text = msgspec.json.format(msgspec.json.encode(stored), indent=2)
                replace_file(self._path, text + b"\n", mode=ONLY_THE_OWNER)
        except (OSError, sqlite3.Error) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise ConfigError(f"the tokens cannot be kept: {why}.", file=str(self._path)) from error

    def _current(self) -> Mapping[str, Token]:
        """What the file says now; read again only when it is another one than before."""
        try:
            state = self._path.stat()
            seen = (state.st_ino, state.st_mtime_ns, state.st_size, state.st_mode)
            if seen != self._seen:
                self._require_private(state.st_mode)
                stored = msgspec.json.decode(self._path.read_bytes(), type=_Stored)
                self._tokens = {token.name: token for token in stored.tokens}
                self._seen = seen
        except FileNotFoundError:
            self._tokens, self._seen = {}, None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ConfigError(f"the tokens cannot be read: {error}.", file=str(self._path)) from error
        return self._tokens

    def _require_private(self, mode: int) -> None:
        if mode & 0o077:
            raise ConfigError(
                f"others on this machine can read the tokens' hashes (mode {mode & 0o777:o}).",
                file=str(self._path),
                example=f"chmod 600 {self._path}",
            )


def _check(name: str, scopes: tuple[Scope, ...], now: datetime, expires_at: datetime | None) -> None:
    if not NAME.fullmatch(name) or name.lower() == RESERVED:
        raise ConfigError(
            f"a token's name is 1 to 64 letters, digits, spaces, dots, dashes and underscores, and not"
            f" {RESERVED!r}: {name!r} is none.",
            example="kitchen-tablet",
        )
    if not scopes:
        raise ConfigError("a token without any scope opens nothing.", example="--scope read,control")
    if expires_at is not None and expires_at <= now:
        raise ConfigError(
            f"a token that expired on {expires_at:%Y-%m-%d} opens nothing.", example="--expires 90d"
        )


def _is_due(token: Token, now: datetime) -> bool:
    return token.used_at is None or abs(now - token.used_at) >= NOTED_EACH


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """SQLite's lock, because it works everywhere and goes with the process, however that ends."""
    with closing(sqlite3.connect(path, timeout=LOCKED_S, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
