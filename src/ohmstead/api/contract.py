"""What a line of the contract table says. The table itself is in `routes`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec

from ohmstead.gateway import Gateway
from ohmstead.kit.tokens import Scope

PREFIX: Final = "/api/v1"


class Ask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a request brings, from path, query or body. Unknown names are errors."""


class Nothing(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request that brings nothing."""


class Download(msgspec.Struct, frozen=True):
    """An answer that is a file, for a person to keep."""

    name: str
    """Of letters that are safe in any header and on any disk."""
    content_type: str
    body: bytes


Handler = Callable[[Gateway, Any], Awaitable[object]]  # Any: each handler's own Ask
"""The caller, for whom it matters, is in `callers.CALLER`."""


def always_ok(_: object) -> HTTPStatus:
    return HTTPStatus.OK


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be asked. Handlers know the gateway and their types, and no HTTP."""

    method: str
    path: str
    """Below the prefix, with parameters in braces."""
    id_pattern: str = "[^/]+"
    """Of an `id` in the path."""
    scope: Scope | None
    """What a caller must be allowed; None: anybody may ask."""
    handler: Handler | None
    """None: the live stream, which is not one answer."""
    ask: type[Ask] = Nothing
    answer: Any  # a type, or a generic alias such as tuple[DeviceView, ...]; None: an answer without content
    summary: str
    status: Callable[[Any], HTTPStatus] = always_ok  # Any: the handler's own answer
    content_type: str = "application/json"
    """Of the answer; anything else is a `Download`."""
    statuses: Mapping[HTTPStatus, str] = msgspec.field(default_factory=lambda: {HTTPStatus.OK: "The answer."})
    """Each status an answer may have, and when."""
    problems: tuple[HTTPStatus, ...] = ()
    """Besides those that any request may meet, or any request with a body."""

    @property
    def has_body(self) -> bool:
        return self.method in ("POST", "PUT")
