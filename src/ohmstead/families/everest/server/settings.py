"""What an owner decides about the server, and that it makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from ohmstead.families.everest.schema.methods import HELLO, METHODS, OUR_METHODS, Method
from ohmstead.kit.tokens import Scope
from ohmstead.model import ConfigError

EVERYTHING: Final = tuple(Scope)
NO_SCOPE: Final = "none"
"""Of a method that anybody may call."""
DECIMAL_PLACES: Final = 2
MOST_CLIENTS: Final = 1024


class RpcSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of the `[rpcapi]` table. Raises `ConfigError` for names that do not exist."""

    authentication: bool = False
    """Whether a token is needed."""
    anonymous_scope: tuple[str, ...] | None = None
    """What is allowed without a token. If not said: with authentication nothing, without it everything on this machine
    and reading elsewhere.
    """
    method_scopes: Mapping[str, str] = {}
    """The scope that a method needs, where it is to be another one than usual; "none" for no scope at all."""
    origins: tuple[str, ...] = ()
    """Web pages that may connect, such as "https://panel.example". Those of this machine may, from this machine."""
    decimal_places: int = DECIMAL_PLACES
    """Of every number that is sent; 0 for all there are."""
    max_clients: int = MOST_CLIENTS
    """Connected at a time; who comes when it is full is told to come later (code 1013)."""

    def __post_init__(self) -> None:
        for name in self.anonymous_scope or ():
            _require(name, list(Scope), "scope", "anonymous_scope")
        for name, scope in self.method_scopes.items():
            _require(name, [*METHODS, *OUR_METHODS], "method", "method_scopes")
            _require(scope, [*Scope, NO_SCOPE], "scope", "method_scopes")
            if name == HELLO.name:
                raise ConfigError(f"method_scopes gives {name} a scope, which never needs one.")
        if not 0 <= self.decimal_places <= 9:
            raise ConfigError("decimal_places are 0 to 9.", example="decimal_places = 2")
        if self.max_clients < 1:
            raise ConfigError("max_clients is 1 or more.", example="max_clients = 100")

    def needed(self, method: Method) -> Scope | None:
        said = self.method_scopes.get(method.name)
        if said is not None:
            return None if said == NO_SCOPE else Scope(said)
        return Scope(method.scope) if method.scope is not None else None

    def anonymous(self, *, is_local: bool) -> tuple[Scope, ...]:
        """What whoever comes without a token is allowed."""
        if self.anonymous_scope is not None:
            return tuple(Scope(name) for name in self.anonymous_scope)
        if self.authentication:
            return ()
        return EVERYTHING if is_local else (Scope.READ,)


def _require(name: str, known: list[str], what: str, key: str) -> None:
    if name not in known:
        raise ConfigError(f"{key} has {name!r}, which is no {what}; there are {', '.join(known)}.")
