"""All exchanges: which request asks what, which answer it gets, how the frames look.

One file for each link: `app` and `storage`, which clients start, and `cloud`. What none of them has is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from google.protobuf.message import Message

from ohmstead.families.hoymiles.messages import app, cloud, storage
from ohmstead.families.hoymiles.messages.exchange import Exchange

EXCHANGES: Final[tuple[Exchange[Any, Any], ...]] = tuple(  # Any: each has its own two messages
    exchange
    for table in (app, storage, cloud)
    for exchange in vars(table).values()
    if isinstance(exchange, Exchange)
)

WITHOUT_LAYOUT: Final[Mapping[str, int]] = MappingProxyType(
    {
        "gateway_config_set": 0xDB07,
        "gateway_config_get": 0xDB08,
        "register_83": 0x8302,
        "storage_data_83": 0x8303,
    }
)
"""Requests whose id is all that is known."""


@cache
def messages_by_id() -> Mapping[int, type[Message]]:
    """Command id to the message that travels under it."""
    found: dict[int, type[Message]] = {}
    for exchange in EXCHANGES:
        for command_id, message in (
            (exchange.request_id, exchange.request),
            (exchange.answer_id, exchange.answer),
        ):
            # The same id may serve both links, but then it means the same.
            if found.setdefault(command_id, message) is not message:
                raise ValueError(f"id {command_id:04X} has two meanings, one in {exchange.name}")
    return MappingProxyType(found)
