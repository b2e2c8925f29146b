"""Every call of the cloud about one gateway that only reads, for the house's console, blanked as in a recording."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated

import msgspec
from msgspec import Meta

from ohmstead.families.franklinwh.capture import FranklinWHCodec
from ohmstead.families.franklinwh.device.source import FranklinWHSource
from ohmstead.families.franklinwh.facts.endpoints import ENDPOINTS, Endpoint
from ohmstead.model import ConsoleMethod

Text = Annotated[str, Meta(max_length=100)]


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    query: Annotated[
        dict[Text, Text], Meta(max_length=20, description="Beside the gateway's serial, which is filled in.")
    ] = msgspec.field(default_factory=dict)


def console() -> Mapping[str, ConsoleMethod]:
    return {
        endpoint.name: ConsoleMethod(
            title=endpoint.about, call=partial(_call, endpoint), ask=Query, template={"query": {}}
        )
        for endpoint in ENDPOINTS
        if _may_be_asked(endpoint)
    }


def _may_be_asked(endpoint: Endpoint) -> bool:
    is_reading = endpoint.method == "GET" and not endpoint.is_write
    return is_reading and bool(endpoint.serial_key) and not endpoint.is_secret


async def _call(endpoint: Endpoint, source: FranklinWHSource, ask: Query) -> object:
    # The serial of another gateway is not to be put beside ours.
    query = {name: value for name, value in ask.query.items() if name != endpoint.serial_key}
    answer = await source.line.call(endpoint, query=query, fresh=True)
    return FranklinWHCodec().blanked(answer.result)
