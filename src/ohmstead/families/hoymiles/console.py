"""The exchanges that read, for the house's console: answers as they came, blanked as in a recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final

import msgspec
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from msgspec import Meta

from ohmstead.families.hoymiles import requests
from ohmstead.families.hoymiles.capture import HoymilesCodec
from ohmstead.families.hoymiles.client.paging import MOST_PACKETS
from ohmstead.families.hoymiles.device.source import HoymilesSource
from ohmstead.families.hoymiles.messages import app
from ohmstead.families.hoymiles.messages.exchange import Exchange
from ohmstead.model import ConsoleMethod, NoParameters


class Packet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    packet: Annotated[
        int, Meta(ge=0, lt=MOST_PACKETS, description="Of an answer in several; the first says how many.")
    ] = 0


AnyExchange = Exchange[Any, Any]  # Any: each has its own two messages
PAGED: Final[Mapping[str, tuple[str, AnyExchange, Callable[[datetime, int], Message]]]] = {
    "inventory": ("What the DTU is, and what hangs on it", app.DEV_INFO, requests.dev_info),
    "live": ("Measurements; asked too often, a DTU does not refresh them", app.REAL_DATA_NEW, requests.live),
    "power_history": ("Today's power", app.HIST_POWER, requests.power_history),
    "energy_history": ("Energy by day", app.HIST_ENERGY, requests.energy_history),
}
WHOLE: Final[Mapping[str, tuple[str, AnyExchange, Callable[[datetime], Message]]]] = {
    "heartbeat": ("Whether the DTU is there", app.HEARTBEAT, requests.heartbeat),
    "config": ("The configuration", app.CONFIG_GET, requests.config),
    "network": ("Network and signal", app.NETWORK_INFO, requests.network),
}


def console() -> Mapping[str, ConsoleMethod]:
    paged = {
        name: ConsoleMethod(
            title=title, call=partial(_ask_packet, exchange, request), ask=Packet, template={"packet": 0}
        )
        for name, (title, exchange, request) in PAGED.items()
    }
    whole = {
        name: ConsoleMethod(title=title, call=partial(_ask_whole, exchange, request))
        for name, (title, exchange, request) in WHOLE.items()
    }
    return {**paged, **whole}


async def _ask_packet(
    exchange: AnyExchange, request: Callable[[datetime, int], Message], source: HoymilesSource, ask: Packet
) -> object:
    return await _ask(exchange, request(source.client.clock.now(), ask.packet), source)


async def _ask_whole(
    exchange: AnyExchange, request: Callable[[datetime], Message], source: HoymilesSource, _: NoParameters
) -> object:
    return await _ask(exchange, request(source.client.clock.now()), source)


async def _ask(exchange: AnyExchange, request: Message, source: HoymilesSource) -> object:
    answer = await source.client.ask(exchange, request)
    return MessageToDict(HoymilesCodec().blanked(answer), preserving_proto_field_name=True)
