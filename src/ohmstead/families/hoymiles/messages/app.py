"""The exchanges of the local link, which a client starts. A table and nothing else.

Names: captures of devices, published clients.
"""

from __future__ import annotations

from typing import Final

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.messages.exchange import Answer, Exchange, Messages, Party, Request, Role


def _clear(name: str, request_id: int, messages: Messages[Request, Answer]) -> Exchange[Request, Answer]:
    """Clear text on every link: a client has to learn first whether and how a DTU encrypts."""
    return Exchange(name, Role.APP, Party.APP, request_id, messages)


def _sealed(name: str, request_id: int, messages: Messages[Request, Answer]) -> Exchange[Request, Answer]:
    """Encrypted on links whose DTU asks for it."""
    return Exchange(name, Role.APP, Party.APP, request_id, messages, encrypted=True)


DEV_INFO: Final = _clear(
    "dev_info", 0xA301, lambda: (protos.inventory.AppDevInfoToDtu, protos.inventory.AppDevInfoFromDtu)
)
HEARTBEAT: Final = _clear(
    "heartbeat", 0xA302, lambda: (protos.heartbeat.HeartbeatToDtu, protos.heartbeat.HeartbeatFromDtu)
)
REAL_DATA: Final = _sealed(
    "real_data", 0xA303, lambda: (protos.live_old.RealDataToDtu, protos.live_old.RealDataFromDtu)
)
ALARMS: Final = _sealed("alarms", 0xA304, lambda: (protos.alarms.AlarmsToDtu, protos.alarms.AlarmsFromDtu))
COMMAND: Final = _sealed(
    "command", 0xA305, lambda: (protos.command.CommandToDtu, protos.command.CommandFromDtu)
)
COMMAND_STATUS: Final = _sealed(
    "command_status", 0xA306, lambda: (protos.command.CommandStatusToDtu, protos.command.CommandStatusFromDtu)
)
DEV_CONFIG_FETCH: Final = _sealed(
    "dev_config_fetch",
    0xA307,
    lambda: (protos.device_config.DevConfigFetchToDtu, protos.device_config.DevConfigFetchFromDtu),
)
DEV_CONFIG_PUT: Final = _sealed(
    "dev_config_put",
    0xA308,
    lambda: (protos.device_config.DevConfigPutToDtu, protos.device_config.DevConfigPutFromDtu),
)
CONFIG_GET: Final = _sealed(
    "config_get", 0xA309, lambda: (protos.config.ConfigGetToDtu, protos.config.ConfigGetFromDtu)
)
CONFIG_SET: Final = _sealed(
    "config_set", 0xA310, lambda: (protos.config.ConfigSetToDtu, protos.config.ConfigSetFromDtu)
)
REAL_DATA_NEW: Final = _sealed(
    "real_data_new", 0xA311, lambda: (protos.live.RealDataNewToDtu, protos.live.RealDataNewFromDtu)
)
GRID_SELF_TEST: Final = _sealed(
    "grid_self_test",
    0xA312,
    lambda: (protos.self_test.GridSelfTestToDtu, protos.self_test.GridSelfTestFromDtu),
)
AUTO_SEARCH: Final = _sealed(
    "auto_search", 0xA313, lambda: (protos.search.AutoSearchToDtu, protos.search.AutoSearchFromDtu)
)
NETWORK_INFO: Final = _sealed(
    "network_info", 0xA314, lambda: (protos.network.NetworkInfoToDtu, protos.network.NetworkInfoFromDtu)
)
HIST_POWER: Final = _sealed(
    "hist_power", 0xA315, lambda: (protos.history.HistPowerToDtu, protos.history.HistPowerFromDtu)
)
HIST_ENERGY: Final = _sealed(
    "hist_energy", 0xA316, lambda: (protos.history.HistEnergyToDtu, protos.history.HistEnergyFromDtu)
)
CLOUD_COMMAND_VIA_APP: Final = _sealed(
    "cloud_command_via_app", 0x2305, lambda: (protos.command.CommandToDtu, protos.command.CommandFromDtu)
)
