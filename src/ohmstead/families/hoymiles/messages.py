"""The exchanges: which request asks what, which answer it gets, how the frames look. A table and nothing else.

An id towards the DTU has bit 8 set, an id from it has it clear; the answer has the request's id with that bit toggled.
The vendor's own words run backwards (what a DTU sends is called a request there), so ours say the direction: `ToDtu`
and `FromDtu`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

import msgspec
from google.protobuf.message import Message

from ohmstead.families.hoymiles.protos.alarms_pb2 import AlarmsFromDtu, AlarmsToDtu, WaveFromDtu, WaveToDtu
from ohmstead.families.hoymiles.protos.cloud_inventory_pb2 import CloudDevInfoFromDtu, CloudDevInfoToDtu
from ohmstead.families.hoymiles.protos.command_pb2 import (
    CommandFromDtu,
    CommandStatusFromDtu,
    CommandStatusToDtu,
    CommandToDtu,
)
from ohmstead.families.hoymiles.protos.config_pb2 import (
    ConfigGetFromDtu,
    ConfigGetToDtu,
    ConfigSetFromDtu,
    ConfigSetToDtu,
)
from ohmstead.families.hoymiles.protos.device_config_pb2 import (
    DevConfigFetchFromDtu,
    DevConfigFetchToDtu,
    DevConfigPutFromDtu,
    DevConfigPutToDtu,
    DevConfigReportFromDtu,
    DevConfigReportToDtu,
)
from ohmstead.families.hoymiles.protos.gateway_pb2 import (
    GatewayInfoFromDtu,
    GatewayInfoToDtu,
    GatewayNetworkFromDtu,
    GatewayNetworkToDtu,
)
from ohmstead.families.hoymiles.protos.heartbeat_pb2 import HeartbeatFromDtu, HeartbeatToDtu
from ohmstead.families.hoymiles.protos.history_pb2 import (
    HistEnergyFromDtu,
    HistEnergyToDtu,
    HistPowerFromDtu,
    HistPowerToDtu,
)
from ohmstead.families.hoymiles.protos.inventory_pb2 import AppDevInfoFromDtu, AppDevInfoToDtu
from ohmstead.families.hoymiles.protos.live_old_pb2 import RealDataFromDtu, RealDataToDtu
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewFromDtu, RealDataNewToDtu
from ohmstead.families.hoymiles.protos.network_pb2 import NetworkInfoFromDtu, NetworkInfoToDtu
from ohmstead.families.hoymiles.protos.search_pb2 import AutoSearchFromDtu, AutoSearchToDtu
from ohmstead.families.hoymiles.protos.self_test_pb2 import GridSelfTestFromDtu, GridSelfTestToDtu
from ohmstead.families.hoymiles.protos.storage_data_pb2 import StorageDataFromDtu, StorageDataToDtu
from ohmstead.families.hoymiles.protos.storage_registry_pb2 import (
    StorageRegistryFromDtu,
    StorageRegistryToDtu,
)
from ohmstead.families.hoymiles.protos.storage_settings_pb2 import StorageUserSetFromDtu, StorageUserSetToDtu

Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer", bound=Message)

TOWARDS_DTU: Final = 0x0100


class Role(Enum):
    """The link an exchange belongs to."""

    APP = "app"
    CLOUD = "cloud"


class Party(Enum):
    """Who starts an exchange."""

    APP = "app"
    DTU = "dtu"
    CLOUD = "cloud"


class Header(Enum):
    PLAIN = "plain"
    EXTENDED = "extended"
    """Fourteen more bytes with the gateway's serial and a channel."""
    UNKNOWN = "unknown"
    """Known from lists of ids only; nobody published a frame."""


class Exchange(msgspec.Struct, Generic[Request, Answer], frozen=True):
    name: str
    role: Role
    started_by: Party
    request_id: int
    request: type[Request]
    answer: type[Answer]
    header: Header = Header.PLAIN
    encrypted: bool = False
    """On links whose DTU asks for encryption."""

    @property
    def answer_id(self) -> int:
        return self.request_id ^ TOWARDS_DTU


# Local link, started by the client. Names: captures of devices, published clients.
DEV_INFO: Final = Exchange("dev_info", Role.APP, Party.APP, 0xA301, AppDevInfoToDtu, AppDevInfoFromDtu)
HEARTBEAT: Final = Exchange("heartbeat", Role.APP, Party.APP, 0xA302, HeartbeatToDtu, HeartbeatFromDtu)
REAL_DATA: Final = Exchange(
    "real_data", Role.APP, Party.APP, 0xA303, RealDataToDtu, RealDataFromDtu, encrypted=True
)
ALARMS: Final = Exchange("alarms", Role.APP, Party.APP, 0xA304, AlarmsToDtu, AlarmsFromDtu, encrypted=True)
COMMAND: Final = Exchange(
    "command", Role.APP, Party.APP, 0xA305, CommandToDtu, CommandFromDtu, encrypted=True
)
COMMAND_STATUS: Final = Exchange(
    "command_status", Role.APP, Party.APP, 0xA306, CommandStatusToDtu, CommandStatusFromDtu, encrypted=True
)
DEV_CONFIG_FETCH: Final = Exchange(
    "dev_config_fetch",
    Role.APP,
    Party.APP,
    0xA307,
    DevConfigFetchToDtu,
    DevConfigFetchFromDtu,
    encrypted=True,
)
DEV_CONFIG_PUT: Final = Exchange(
    "dev_config_put", Role.APP, Party.APP, 0xA308, DevConfigPutToDtu, DevConfigPutFromDtu, encrypted=True
)
CONFIG_GET: Final = Exchange(
    "config_get", Role.APP, Party.APP, 0xA309, ConfigGetToDtu, ConfigGetFromDtu, encrypted=True
)
CONFIG_SET: Final = Exchange(
    "config_set", Role.APP, Party.APP, 0xA310, ConfigSetToDtu, ConfigSetFromDtu, encrypted=True
)
REAL_DATA_NEW: Final = Exchange(
    "real_data_new", Role.APP, Party.APP, 0xA311, RealDataNewToDtu, RealDataNewFromDtu, encrypted=True
)
GRID_SELF_TEST: Final = Exchange(
    "grid_self_test", Role.APP, Party.APP, 0xA312, GridSelfTestToDtu, GridSelfTestFromDtu, encrypted=True
)
AUTO_SEARCH: Final = Exchange(
    "auto_search", Role.APP, Party.APP, 0xA313, AutoSearchToDtu, AutoSearchFromDtu, encrypted=True
)
NETWORK_INFO: Final = Exchange(
    "network_info", Role.APP, Party.APP, 0xA314, NetworkInfoToDtu, NetworkInfoFromDtu, encrypted=True
)
HIST_POWER: Final = Exchange(
    "hist_power", Role.APP, Party.APP, 0xA315, HistPowerToDtu, HistPowerFromDtu, encrypted=True
)
HIST_ENERGY: Final = Exchange(
    "hist_energy", Role.APP, Party.APP, 0xA316, HistEnergyToDtu, HistEnergyFromDtu, encrypted=True
)
CLOUD_COMMAND_VIA_APP: Final = Exchange(
    "cloud_command_via_app", Role.APP, Party.APP, 0x2305, CommandToDtu, CommandFromDtu, encrypted=True
)

# Storage gateways. Ids of the answers follow from the rule above; none was captured.
GATEWAY_INFO: Final = Exchange(
    "gateway_info", Role.APP, Party.APP, 0xDB01, GatewayInfoToDtu, GatewayInfoFromDtu, header=Header.EXTENDED
)
GATEWAY_NETWORK: Final = Exchange(
    "gateway_network",
    Role.APP,
    Party.APP,
    0xDB06,
    GatewayNetworkToDtu,
    GatewayNetworkFromDtu,
    header=Header.EXTENDED,
)
STORAGE_REGISTRY: Final = Exchange(
    "storage_registry",
    Role.APP,
    Party.APP,
    0xC302,
    StorageRegistryToDtu,
    StorageRegistryFromDtu,
    header=Header.EXTENDED,
)
STORAGE_DATA: Final = Exchange(
    "storage_data", Role.APP, Party.APP, 0xC303, StorageDataToDtu, StorageDataFromDtu, header=Header.EXTENDED
)
STORAGE_USER_SET: Final = Exchange(
    "storage_user_set",
    Role.APP,
    Party.APP,
    0xC308,
    StorageUserSetToDtu,
    StorageUserSetFromDtu,
    header=Header.EXTENDED,
)

# Older storage ids, known from published lists of ids only.
HEARTBEAT_83: Final = Exchange(
    "heartbeat_83", Role.APP, Party.APP, 0x8301, HeartbeatToDtu, HeartbeatFromDtu, header=Header.UNKNOWN
)
COMMAND_83: Final = Exchange(
    "command_83", Role.APP, Party.APP, 0x8305, CommandToDtu, CommandFromDtu, header=Header.UNKNOWN
)
COMMAND_STATUS_83: Final = Exchange(
    "command_status_83",
    Role.APP,
    Party.APP,
    0x8306,
    CommandStatusToDtu,
    CommandStatusFromDtu,
    header=Header.UNKNOWN,
)
DEV_CONFIG_FETCH_83: Final = Exchange(
    "dev_config_fetch_83",
    Role.APP,
    Party.APP,
    0x8307,
    DevConfigFetchToDtu,
    DevConfigFetchFromDtu,
    header=Header.UNKNOWN,
)
DEV_CONFIG_PUT_83: Final = Exchange(
    "dev_config_put_83",
    Role.APP,
    Party.APP,
    0x8308,
    DevConfigPutToDtu,
    DevConfigPutFromDtu,
    header=Header.UNKNOWN,
)

# Cloud link. Source: captures of devices, published servers.
CLOUD_DEV_INFO: Final = Exchange(
    "dev_info", Role.CLOUD, Party.DTU, 0x2201, CloudDevInfoFromDtu, CloudDevInfoToDtu
)
CLOUD_HEARTBEAT: Final = Exchange(
    "heartbeat", Role.CLOUD, Party.DTU, 0x2202, HeartbeatFromDtu, HeartbeatToDtu
)
CLOUD_REAL_DATA: Final = Exchange("real_data", Role.CLOUD, Party.DTU, 0x2203, RealDataFromDtu, RealDataToDtu)
CLOUD_HISTORY_DATA: Final = Exchange(
    "history_data", Role.CLOUD, Party.DTU, 0x2204, RealDataFromDtu, RealDataToDtu
)
CLOUD_COMMAND: Final = Exchange("command", Role.CLOUD, Party.CLOUD, 0x2305, CommandToDtu, CommandFromDtu)
CLOUD_COMMAND_STATUS: Final = Exchange(
    "command_status", Role.CLOUD, Party.DTU, 0x2206, CommandStatusFromDtu, CommandStatusToDtu
)
CLOUD_DEV_CONFIG_FETCH: Final = Exchange(
    "dev_config_fetch", Role.CLOUD, Party.CLOUD, 0x2307, DevConfigFetchToDtu, DevConfigFetchFromDtu
)
CLOUD_DEV_CONFIG_PUT: Final = Exchange(
    "dev_config_put", Role.CLOUD, Party.CLOUD, 0x2308, DevConfigPutToDtu, DevConfigPutFromDtu
)
CLOUD_WAVE: Final = Exchange("wave", Role.CLOUD, Party.DTU, 0x220A, WaveFromDtu, WaveToDtu)
CLOUD_ALARMS: Final = Exchange("alarms", Role.CLOUD, Party.DTU, 0x220B, AlarmsFromDtu, AlarmsToDtu)
CLOUD_REAL_DATA_NEW: Final = Exchange(
    "real_data_new", Role.CLOUD, Party.DTU, 0x220C, RealDataNewFromDtu, RealDataNewToDtu
)
CLOUD_HISTORY_DATA_NEW: Final = Exchange(
    "history_data_new", Role.CLOUD, Party.DTU, 0x220D, RealDataNewFromDtu, RealDataNewToDtu
)
CLOUD_DEV_CONFIG_REPORT: Final = Exchange(
    "dev_config_report", Role.CLOUD, Party.DTU, 0x220E, DevConfigReportFromDtu, DevConfigReportToDtu
)

EXCHANGES: Final[tuple[Exchange[Any, Any], ...]] = (  # Any: each has its own two messages
    DEV_INFO,
    HEARTBEAT,
    REAL_DATA,
    ALARMS,
    COMMAND,
    COMMAND_STATUS,
    DEV_CONFIG_FETCH,
    DEV_CONFIG_PUT,
    CONFIG_GET,
    CONFIG_SET,
    REAL_DATA_NEW,
    GRID_SELF_TEST,
    AUTO_SEARCH,
    NETWORK_INFO,
    HIST_POWER,
    HIST_ENERGY,
    CLOUD_COMMAND_VIA_APP,
    GATEWAY_INFO,
    GATEWAY_NETWORK,
    STORAGE_REGISTRY,
    STORAGE_DATA,
    STORAGE_USER_SET,
    HEARTBEAT_83,
    COMMAND_83,
    COMMAND_STATUS_83,
    DEV_CONFIG_FETCH_83,
    DEV_CONFIG_PUT_83,
    CLOUD_DEV_INFO,
    CLOUD_HEARTBEAT,
    CLOUD_REAL_DATA,
    CLOUD_HISTORY_DATA,
    CLOUD_COMMAND,
    CLOUD_COMMAND_STATUS,
    CLOUD_DEV_CONFIG_FETCH,
    CLOUD_DEV_CONFIG_PUT,
    CLOUD_WAVE,
    CLOUD_ALARMS,
    CLOUD_REAL_DATA_NEW,
    CLOUD_HISTORY_DATA_NEW,
    CLOUD_DEV_CONFIG_REPORT,
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


def _by_id() -> Mapping[int, type[Message]]:
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


MESSAGES: Final = _by_id()
"""Command id to the message that travels under it."""
