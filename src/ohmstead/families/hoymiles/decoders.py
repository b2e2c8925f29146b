"""Functions from messages to our structs, made when first called: most processes call few of them, and what makes them
brings protobuf along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from google.protobuf.message import Message

S = TypeVar("S", bound=msgspec.Struct)


def decoder(message: Callable[[], type[Message]], struct: type[S]) -> Callable[[Any], S]:
    """The first call raises `LookupError` for a struct field no protobuf field stands for."""
    made: Callable[[Any], S] | None = None

    def decode(found: Any) -> S:  # Any: the message's own type, which the maker of the decoder knows
        nonlocal made
        if made is None:
            made = _made(message(), struct)
        return made(found)

    return decode


def _made(message: type[Message], struct: type[S]) -> Callable[[Any], S]:  # Any: as above
    from ohmstead.families.hoymiles.facts import compiled, construction  # noqa: PLC0415 - as said at the top

    source = f"def decode(m):\n    return {construction(message, struct)}"
    decode: Callable[[Any], S] = compiled(source, "decode", {struct.__name__: struct})
    return decode
