"""How a DTU reaches its network, and what its radio found."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.decoders import decoder
from ohmstead.families.hoymiles.identifiers import serial_text


class Network(msgspec.Struct, frozen=True):
    """Modes of DTU and gateway mean the same; one source numbers them from 0 and one from 1."""

    set_mode: int
    set_time_unix_s: int
    set_state: int
    active_mode: int
    active_time_unix_s: int
    signal_dbm: int
    active_state: int
    ap_state: int


_decode_network: Final = decoder(lambda: protos.network.NetworkInfoFromDtu, Network)
_decode_gateway_network: Final = decoder(lambda: protos.gateway.GatewayNetworkFromDtu, Network)


def network(message: protos.network.NetworkInfoFromDtu | protos.gateway.GatewayNetworkFromDtu) -> Network:
    is_gateway = isinstance(message, protos.gateway.GatewayNetworkFromDtu)
    return _decode_gateway_network(message) if is_gateway else _decode_network(message)


class RadioSearch(msgspec.Struct, frozen=True, kw_only=True):
    received_at: datetime
    inverter_serials: tuple[str, ...]
    """Within reach; whether they belong to the DTU is another question."""


def radio_search(packets: tuple[protos.search.AutoSearchFromDtu, ...], received_at: datetime) -> RadioSearch:
    serials = dict.fromkeys(serial_text(s) for packet in packets for s in packet.inverter_serials)
    return RadioSearch(received_at=received_at, inverter_serials=tuple(serials))
