"""The exchanges of storage gateways. A table and nothing else.

Ids of the answers follow from the rule of all ids; none was captured.
"""

from __future__ import annotations

from typing import Final

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.messages.exchange import (
    Answer,
    Exchange,
    Header,
    Messages,
    Party,
    Request,
    Role,
)


def _extended(name: str, request_id: int, messages: Messages[Request, Answer]) -> Exchange[Request, Answer]:
    return Exchange(name, Role.APP, Party.APP, request_id, messages, header=Header.EXTENDED)


def _listed(name: str, request_id: int, messages: Messages[Request, Answer]) -> Exchange[Request, Answer]:
    """Older, and known from published lists of ids only."""
    return Exchange(name, Role.APP, Party.APP, request_id, messages, header=Header.UNKNOWN)


GATEWAY_INFO: Final = _extended(
    "gateway_info", 0xDB01, lambda: (protos.gateway.GatewayInfoToDtu, protos.gateway.GatewayInfoFromDtu)
)
GATEWAY_NETWORK: Final = _extended(
    "gateway_network",
    0xDB06,
    lambda: (protos.gateway.GatewayNetworkToDtu, protos.gateway.GatewayNetworkFromDtu),
)
STORAGE_REGISTRY: Final = _extended(
    "storage_registry",
    0xC302,
    lambda: (protos.storage_registry.StorageRegistryToDtu, protos.storage_registry.StorageRegistryFromDtu),
)
STORAGE_DATA: Final = _extended(
    "storage_data",
    0xC303,
    lambda: (protos.storage_data.StorageDataToDtu, protos.storage_data.StorageDataFromDtu),
)
STORAGE_USER_SET: Final = _extended(
    "storage_user_set",
    0xC308,
    lambda: (protos.storage_settings.StorageUserSetToDtu, protos.storage_settings.StorageUserSetFromDtu),
)

HEARTBEAT_83: Final = _listed(
    "heartbeat_83", 0x8301, lambda: (protos.heartbeat.HeartbeatToDtu, protos.heartbeat.HeartbeatFromDtu)
)
COMMAND_83: Final = _listed(
    "command_83", 0x8305, lambda: (protos.command.CommandToDtu, protos.command.CommandFromDtu)
)
COMMAND_STATUS_83: Final = _listed(
    "command_status_83",
    0x8306,
    lambda: (protos.command.CommandStatusToDtu, protos.command.CommandStatusFromDtu),
)
DEV_CONFIG_FETCH_83: Final = _listed(
    "dev_config_fetch_83",
    0x8307,
    lambda: (protos.device_config.DevConfigFetchToDtu, protos.device_config.DevConfigFetchFromDtu),
)
DEV_CONFIG_PUT_83: Final = _listed(
    "dev_config_put_83",
    0x8308,
    lambda: (protos.device_config.DevConfigPutToDtu, protos.device_config.DevConfigPutFromDtu),
)
