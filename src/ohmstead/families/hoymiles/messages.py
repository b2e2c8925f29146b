"""The exchanges: which request asks what, which answer it gets, how the frames look. A table and nothing else.

An id towards the DTU has bit 8 set, an id from it has it clear; the answer has the request's id with that bit toggled.
The vendor's own words run backwards (what a DTU sends is called a request there), so ours say the direction: `ToDtu`
and `FromDtu`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

import msgspec
from google.protobuf.message import Message

from ohmstead.families.hoymiles import protos

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
    messages: Callable[[], tuple[type[Request], type[Answer]]]
    """Loaded when first asked for; see `protos`."""
    header: Header = Header.PLAIN
    encrypted: bool = False
    """On links whose DTU asks for encryption."""

    @property
    def request(self) -> type[Request]:
        return self.messages()[0]

    @property
    def answer(self) -> type[Answer]:
        return self.messages()[1]

    @property
    def answer_id(self) -> int:
        return self.request_id ^ TOWARDS_DTU


# Local link, started by the client. Names: captures of devices, published clients.
DEV_INFO: Final = Exchange(
    "dev_info",
    Role.APP,
    Party.APP,
    0xA301,
    lambda: (protos.inventory.AppDevInfoToDtu, protos.inventory.AppDevInfoFromDtu),
)
HEARTBEAT: Final = Exchange(
    "heartbeat",
    Role.APP,
    Party.APP,
    0xA302,
    lambda: (protos.heartbeat.HeartbeatToDtu, protos.heartbeat.HeartbeatFromDtu),
)
REAL_DATA: Final = Exchange(
    "real_data",
    Role.APP,
    Party.APP,
    0xA303,
    lambda: (protos.live_old.RealDataToDtu, protos.live_old.RealDataFromDtu),
    encrypted=True,
)
ALARMS: Final = Exchange(
    "alarms",
    Role.APP,
    Party.APP,
    0xA304,
    lambda: (protos.alarms.AlarmsToDtu, protos.alarms.AlarmsFromDtu),
    encrypted=True,
)
COMMAND: Final = Exchange(
    "command",
    Role.APP,
    Party.APP,
    0xA305,
    lambda: (protos.command.CommandToDtu, protos.command.CommandFromDtu),
    encrypted=True,
)
COMMAND_STATUS: Final = Exchange(
    "command_status",
    Role.APP,
    Party.APP,
    0xA306,
    lambda: (protos.command.CommandStatusToDtu, protos.command.CommandStatusFromDtu),
    encrypted=True,
)
DEV_CONFIG_FETCH: Final = Exchange(
    "dev_config_fetch",
    Role.APP,
    Party.APP,
    0xA307,
    lambda: (protos.device_config.DevConfigFetchToDtu, protos.device_config.DevConfigFetchFromDtu),
    encrypted=True,
)
DEV_CONFIG_PUT: Final = Exchange(
    "dev_config_put",
    Role.APP,
    Party.APP,
    0xA308,
    lambda: (protos.device_config.DevConfigPutToDtu, protos.device_config.DevConfigPutFromDtu),
    encrypted=True,
)
CONFIG_GET: Final = Exchange(
    "config_get",
    Role.APP,
    Party.APP,
    0xA309,
    lambda: (protos.config.ConfigGetToDtu, protos.config.ConfigGetFromDtu),
    encrypted=True,
)
CONFIG_SET: Final = Exchange(
    "config_set",
    Role.APP,
    Party.APP,
    0xA310,
    lambda: (protos.config.ConfigSetToDtu, protos.config.ConfigSetFromDtu),
    encrypted=True,
)
REAL_DATA_NEW: Final = Exchange(
    "real_data_new",
    Role.APP,
    Party.APP,
    0xA311,
    lambda: (protos.live.RealDataNewToDtu, protos.live.RealDataNewFromDtu),
    encrypted=True,
)
GRID_SELF_TEST: Final = Exchange(
    "grid_self_test",
    Role.APP,
    Party.APP,
    0xA312,
    lambda: (protos.self_test.GridSelfTestToDtu, protos.self_test.GridSelfTestFromDtu),
    encrypted=True,
)
AUTO_SEARCH: Final = Exchange(
    "auto_search",
    Role.APP,
    Party.APP,
    0xA313,
    lambda: (protos.search.AutoSearchToDtu, protos.search.AutoSearchFromDtu),
    encrypted=True,
)
NETWORK_INFO: Final = Exchange(
    "network_info",
    Role.APP,
    Party.APP,
    0xA314,
    lambda: (protos.network.NetworkInfoToDtu, protos.network.NetworkInfoFromDtu),
    encrypted=True,
)
HIST_POWER: Final = Exchange(
    "hist_power",
    Role.APP,
    Party.APP,
    0xA315,
    lambda: (protos.history.HistPowerToDtu, protos.history.HistPowerFromDtu),
    encrypted=True,
)
HIST_ENERGY: Final = Exchange(
    "hist_energy",
    Role.APP,
    Party.APP,
    0xA316,
    lambda: (protos.history.HistEnergyToDtu, protos.history.HistEnergyFromDtu),
    encrypted=True,
)
CLOUD_COMMAND_VIA_APP: Final = Exchange(
    "cloud_command_via_app",
    Role.APP,
    Party.APP,
    0x2305,
    lambda: (protos.command.CommandToDtu, protos.command.CommandFromDtu),
    encrypted=True,
)

# Storage gateways. Ids of the answers follow from the rule above; none was captured.
GATEWAY_INFO: Final = Exchange(
    "gateway_info",
    Role.APP,
    Party.APP,
    0xDB01,
    lambda: (protos.gateway.GatewayInfoToDtu, protos.gateway.GatewayInfoFromDtu),
    header=Header.EXTENDED,
)
GATEWAY_NETWORK: Final = Exchange(
    "gateway_network",
    Role.APP,
    Party.APP,
    0xDB06,
    lambda: (protos.gateway.GatewayNetworkToDtu, protos.gateway.GatewayNetworkFromDtu),
    header=Header.EXTENDED,
)
STORAGE_REGISTRY: Final = Exchange(
    "storage_registry",
    Role.APP,
    Party.APP,
    0xC302,
    lambda: (protos.storage_registry.StorageRegistryToDtu, protos.storage_registry.StorageRegistryFromDtu),
    header=Header.EXTENDED,
)
STORAGE_DATA: Final = Exchange(
    "storage_data",
    Role.APP,
    Party.APP,
    0xC303,
    lambda: (protos.storage_data.StorageDataToDtu, protos.storage_data.StorageDataFromDtu),
    header=Header.EXTENDED,
)
STORAGE_USER_SET: Final = Exchange(
    "storage_user_set",
    Role.APP,
    Party.APP,
    0xC308,
    lambda: (protos.storage_settings.StorageUserSetToDtu, protos.storage_settings.StorageUserSetFromDtu),
    header=Header.EXTENDED,
)

# Older storage ids, known from published lists of ids only.
HEARTBEAT_83: Final = Exchange(
    "heartbeat_83",
    Role.APP,
    Party.APP,
    0x8301,
    lambda: (protos.heartbeat.HeartbeatToDtu, protos.heartbeat.HeartbeatFromDtu),
    header=Header.UNKNOWN,
)
COMMAND_83: Final = Exchange(
    "command_83",
    Role.APP,
    Party.APP,
    0x8305,
    lambda: (protos.command.CommandToDtu, protos.command.CommandFromDtu),
    header=Header.UNKNOWN,
)
COMMAND_STATUS_83: Final = Exchange(
    "command_status_83",
    Role.APP,
    Party.APP,
    0x8306,
    lambda: (protos.command.CommandStatusToDtu, protos.command.CommandStatusFromDtu),
    header=Header.UNKNOWN,
)
DEV_CONFIG_FETCH_83: Final = Exchange(
    "dev_config_fetch_83",
    Role.APP,
    Party.APP,
    0x8307,
    lambda: (protos.device_config.DevConfigFetchToDtu, protos.device_config.DevConfigFetchFromDtu),
    header=Header.UNKNOWN,
)
DEV_CONFIG_PUT_83: Final = Exchange(
    "dev_config_put_83",
    Role.APP,
    Party.APP,
    0x8308,
    lambda: (protos.device_config.DevConfigPutToDtu, protos.device_config.DevConfigPutFromDtu),
    header=Header.UNKNOWN,
)

# Cloud link. Source: captures of devices, published servers.
CLOUD_DEV_INFO: Final = Exchange(
    "dev_info",
    Role.CLOUD,
    Party.DTU,
    0x2201,
    lambda: (protos.cloud_inventory.CloudDevInfoFromDtu, protos.cloud_inventory.CloudDevInfoToDtu),
)
CLOUD_HEARTBEAT: Final = Exchange(
    "heartbeat",
    Role.CLOUD,
    Party.DTU,
    0x2202,
    lambda: (protos.heartbeat.HeartbeatFromDtu, protos.heartbeat.HeartbeatToDtu),
)
CLOUD_REAL_DATA: Final = Exchange(
    "real_data",
    Role.CLOUD,
    Party.DTU,
    0x2203,
    lambda: (protos.live_old.RealDataFromDtu, protos.live_old.RealDataToDtu),
)
CLOUD_HISTORY_DATA: Final = Exchange(
    "history_data",
    Role.CLOUD,
    Party.DTU,
    0x2204,
    lambda: (protos.live_old.RealDataFromDtu, protos.live_old.RealDataToDtu),
)
CLOUD_COMMAND: Final = Exchange(
    "command",
    Role.CLOUD,
    Party.CLOUD,
    0x2305,
    lambda: (protos.command.CommandToDtu, protos.command.CommandFromDtu),
)
CLOUD_COMMAND_STATUS: Final = Exchange(
    "command_status",
    Role.CLOUD,
    Party.DTU,
    0x2206,
    lambda: (protos.command.CommandStatusFromDtu, protos.command.CommandStatusToDtu),
)
CLOUD_DEV_CONFIG_FETCH: Final = Exchange(
    "dev_config_fetch",
    Role.CLOUD,
    Party.CLOUD,
    0x2307,
    lambda: (protos.device_config.DevConfigFetchToDtu, protos.device_config.DevConfigFetchFromDtu),
)
CLOUD_DEV_CONFIG_PUT: Final = Exchange(
    "dev_config_put",
    Role.CLOUD,
    Party.CLOUD,
    0x2308,
    lambda: (protos.device_config.DevConfigPutToDtu, protos.device_config.DevConfigPutFromDtu),
)
CLOUD_WAVE: Final = Exchange(
    "wave", Role.CLOUD, Party.DTU, 0x220A, lambda: (protos.alarms.WaveFromDtu, protos.alarms.WaveToDtu)
)
CLOUD_ALARMS: Final = Exchange(
    "alarms", Role.CLOUD, Party.DTU, 0x220B, lambda: (protos.alarms.AlarmsFromDtu, protos.alarms.AlarmsToDtu)
)
CLOUD_REAL_DATA_NEW: Final = Exchange(
    "real_data_new",
    Role.CLOUD,
    Party.DTU,
    0x220C,
    lambda: (protos.live.RealDataNewFromDtu, protos.live.RealDataNewToDtu),
)
CLOUD_HISTORY_DATA_NEW: Final = Exchange(
    "history_data_new",
    Role.CLOUD,
    Party.DTU,
    0x220D,
    lambda: (protos.live.RealDataNewFromDtu, protos.live.RealDataNewToDtu),
)
CLOUD_DEV_CONFIG_REPORT: Final = Exchange(
    "dev_config_report",
    Role.CLOUD,
    Party.DTU,
    0x220E,
    lambda: (protos.device_config.DevConfigReportFromDtu, protos.device_config.DevConfigReportToDtu),
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
