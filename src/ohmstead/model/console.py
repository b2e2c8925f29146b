"""The raw calls of a family, for people who know what they ask: shown as forms by pages that know no family."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec


class NoParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a call that takes nothing."""


class ConsoleMethod(msgspec.Struct, frozen=True, kw_only=True):
    """One call. What the caller gets has no secrets in it: blanked as in a recording."""

    title: str
    """What it does, in a few words."""
    call: Callable[[Any, Any], Awaitable[object]]
    """(the family's own open source, its `ask`) -> JSON. Raises one of the house's errors."""
    ask: type[msgspec.Struct] = NoParameters
    """What it takes. Its limits are checked before the call, and make its JSON Schema."""
    template: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """Parameters to begin with."""
    writes: bool = False
    """Whether it changes something: then it needs the owner's consent."""
