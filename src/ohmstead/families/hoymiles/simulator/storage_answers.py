"""What a storage gateway answers, as a table from exchange to function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from google.protobuf.message import Message

from ohmstead.families.hoymiles.messages.exchange import Exchange
from ohmstead.families.hoymiles.messages.storage import (
    GATEWAY_INFO,
    GATEWAY_NETWORK,
    STORAGE_DATA,
    STORAGE_REGISTRY,
    STORAGE_USER_SET,
)
from ohmstead.families.hoymiles.protos.gateway_pb2 import (
    GatewayDetails,
    GatewayDevice,
    GatewayInfoFromDtu,
    GatewayInfoToDtu,
    GatewayNetworkFromDtu,
    GatewayNetworkToDtu,
)
from ohmstead.families.hoymiles.protos.storage_data_pb2 import StorageDataFromDtu, StorageDataToDtu
from ohmstead.families.hoymiles.protos.storage_registry_pb2 import (
    StorageInverter,
    StorageMeter,
    StorageRegistryFromDtu,
    StorageRegistryToDtu,
)
from ohmstead.families.hoymiles.protos.storage_settings_pb2 import (
    StorageUserSetFromDtu,
    StorageUserSetToDtu,
)
from ohmstead.families.hoymiles.simulator.orders import Asked
from ohmstead.families.hoymiles.simulator.storage import CAPACITY_WH, StorageGateway
from ohmstead.families.hoymiles.simulator.storage_data import UTC_OFFSET_S

SIGNAL_DBM: Final = -55
SIGNAL_PCT: Final = 70
NOMINAL_V: Final = 100.0
"""Capacity is told in Ah of a pack of about that much."""
TYPE_STORAGE: Final = 2
WIFI: Final = 1


def gateway_info(gateway: StorageGateway, request: GatewayInfoToDtu, _: Asked) -> GatewayInfoFromDtu:
    return GatewayInfoFromDtu(
        serial=gateway.number,
        time=gateway.clock.time_s(gateway.world.at),
        packet_count=1,
        packet_index=request.packet_index,
        gateways=[
            GatewayDetails(
                model=1,
                software_version=gateway.profile.software_version,
                hardware_version=gateway.profile.hardware_version,
                communication_mode=WIFI,
                wifi_version=b"2.1.21_hm",
                signal=SIGNAL_PCT,
            )
        ],
        devices=[GatewayDevice(serial=gateway.inverter_number, type=TYPE_STORAGE, address=1)],
    )


def gateway_network(
    gateway: StorageGateway, _request: GatewayNetworkToDtu, _: Asked
) -> GatewayNetworkFromDtu:
    booted_s = max(0, gateway.clock.time_s(gateway.clock.booted_at))
    return GatewayNetworkFromDtu(
        serial=gateway.number,
        time=gateway.clock.time_s(gateway.world.at),
        set_mode=WIFI,
        set_time=booted_s,
        set_state=1,
        active_mode=WIFI,
        active_time=booted_s,
        signal=SIGNAL_DBM,
        active_state=1,
        ap_state=1,
    )


def storage_registry(
    gateway: StorageGateway, _request: StorageRegistryToDtu, _: Asked
) -> StorageRegistryFromDtu:
    return StorageRegistryFromDtu(
        type=1,
        meter=StorageMeter(serial="M1"),
        inverters=[
            StorageInverter(
                serial=gateway.inverter_number,
                type=1,
                hardware_version="H01.00.00",
                software_version_main="V01.02.03",
                software_version_slave="V01.00.01",
                software_version_system="V01.00.00",
                bms_serial=f"B{gateway.inverter_number % 10**11:011d}",
                bms_capacity=round(CAPACITY_WH / NOMINAL_V),
                pv_count=len(gateway.panels),
                address=1,
                model_name="HYT-5.0HV-EUG1",
            )
        ],
        time=gateway.clock.time_s(gateway.world.at),
        utc_offset=UTC_OFFSET_S,
    )


def storage_data(gateway: StorageGateway, request: StorageDataToDtu, _: Asked) -> StorageDataFromDtu | None:
    """Nothing for an inverter that is not there; none named means the first."""
    return gateway.data() if request.inverter_serial in (0, gateway.inverter_number) else None


def storage_user_set(
    gateway: StorageGateway, request: StorageUserSetToDtu, _: Asked
) -> StorageUserSetFromDtu:
    return StorageUserSetFromDtu(
        time=gateway.clock.time_s(gateway.world.at),
        transaction_id=request.transaction_id,
        serial=gateway.inverter_number,
        error_code=gateway.set_up(request),
    )


_TABLE: Final[
    tuple[tuple[Exchange[Any, Any], Callable[[StorageGateway, Any, Asked], Message | None]], ...]
] = (  # Any: each has its own two messages
    (GATEWAY_INFO, gateway_info),
    (GATEWAY_NETWORK, gateway_network),
    (STORAGE_REGISTRY, storage_registry),
    (STORAGE_DATA, storage_data),
    (STORAGE_USER_SET, storage_user_set),
)
STORAGE_ANSWERS: Final[Mapping[int, Callable[[StorageGateway, Any, Asked], Message | None]]] = (
    MappingProxyType({exchange.request_id: answering for exchange, answering in _TABLE})
)
