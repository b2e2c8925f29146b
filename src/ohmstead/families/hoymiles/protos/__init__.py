"""The messages, as protoc made them of the `.proto` files beside.

`protos.live.RealDataNewFromDtu` loads its module when first used: who asks a DTU for live data pays for a few of them,
and who has not asked anything yet not even for protobuf's own.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from ohmstead.families.hoymiles.protos import alarms_legacy_pb2 as alarms_legacy
    from ohmstead.families.hoymiles.protos import alarms_pb2 as alarms
    from ohmstead.families.hoymiles.protos import cloud_inventory_pb2 as cloud_inventory
    from ohmstead.families.hoymiles.protos import command_pb2 as command
    from ohmstead.families.hoymiles.protos import config_pb2 as config
    from ohmstead.families.hoymiles.protos import device_config_pb2 as device_config
    from ohmstead.families.hoymiles.protos import events_pb2 as events
    from ohmstead.families.hoymiles.protos import facts_pb2 as facts
    from ohmstead.families.hoymiles.protos import gateway_pb2 as gateway
    from ohmstead.families.hoymiles.protos import heartbeat_pb2 as heartbeat
    from ohmstead.families.hoymiles.protos import history_pb2 as history
    from ohmstead.families.hoymiles.protos import inventory_pb2 as inventory
    from ohmstead.families.hoymiles.protos import live_old_pb2 as live_old
    from ohmstead.families.hoymiles.protos import live_pb2 as live
    from ohmstead.families.hoymiles.protos import network_pb2 as network
    from ohmstead.families.hoymiles.protos import search_pb2 as search
    from ohmstead.families.hoymiles.protos import self_test_pb2 as self_test
    from ohmstead.families.hoymiles.protos import storage_data_pb2 as storage_data
    from ohmstead.families.hoymiles.protos import storage_registry_pb2 as storage_registry
    from ohmstead.families.hoymiles.protos import storage_settings_pb2 as storage_settings

__all__ = [
    "alarms",
    "alarms_legacy",
    "cloud_inventory",
    "command",
    "config",
    "device_config",
    "events",
    "facts",
    "gateway",
    "heartbeat",
    "history",
    "inventory",
    "live",
    "live_old",
    "network",
    "search",
    "self_test",
    "storage_data",
    "storage_registry",
    "storage_settings",
]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = import_module(f"{__name__}.{name}_pb2")
    return found
