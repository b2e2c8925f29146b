"""How a DTU reaches its network, and what its radio found."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.hoymiles.facts import decoder
from ohmstead.families.hoymiles.identifiers import serial_text
from ohmstead.families.hoymiles.protos.gateway_pb2 import GatewayNetworkFromDtu
from ohmstead.families.hoymiles.protos.network_pb2 import NetworkInfoFromDtu
from ohmstead.families.hoymiles.protos.search_pb2 import AutoSearchFromDtu


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


_decode_network: Final = decoder(NetworkInfoFromDtu, Network)
_decode_gateway_network: Final = decoder(GatewayNetworkFromDtu, Network)


def network(message: NetworkInfoFromDtu | GatewayNetworkFromDtu) -> Network:
    is_gateway = isinstance(message, GatewayNetworkFromDtu)
    return _decode_gateway_network(message) if is_gateway else _decode_network(message)


class RadioSearch(msgspec.Struct, frozen=True, kw_only=True):
    received_at: datetime
    inverter_serials: tuple[str, ...]
    """Within reach; whether they belong to the DTU is another question."""


def radio_search(packets: tuple[AutoSearchFromDtu, ...], received_at: datetime) -> RadioSearch:
    serials = dict.fromkeys(serial_text(s) for packet in packets for s in packet.inverter_serials)
    return RadioSearch(received_at=received_at, inverter_serials=tuple(serials))
