"""The exchanges between a DTU and its cloud. A table and nothing else.

Source: captures of devices, published servers.
"""

from __future__ import annotations

from typing import Final

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.messages.exchange import Answer, Exchange, Messages, Party, Request, Role


def _from_dtu(name: str, request_id: int, messages: Messages[Request, Answer]) -> Exchange[Request, Answer]:
    return Exchange(name, Role.CLOUD, Party.DTU, request_id, messages)


def _from_cloud(name: str, request_id: int, messages: Messages[Request, Answer]) -> Exchange[Request, Answer]:
    return Exchange(name, Role.CLOUD, Party.CLOUD, request_id, messages)


CLOUD_DEV_INFO: Final = _from_dtu(
    "dev_info",
    0x2201,
    lambda: (protos.cloud_inventory.CloudDevInfoFromDtu, protos.cloud_inventory.CloudDevInfoToDtu),
)
CLOUD_HEARTBEAT: Final = _from_dtu(
    "heartbeat", 0x2202, lambda: (protos.heartbeat.HeartbeatFromDtu, protos.heartbeat.HeartbeatToDtu)
)
CLOUD_REAL_DATA: Final = _from_dtu(
    "real_data", 0x2203, lambda: (protos.live_old.RealDataFromDtu, protos.live_old.RealDataToDtu)
)
CLOUD_HISTORY_DATA: Final = _from_dtu(
    "history_data", 0x2204, lambda: (protos.live_old.RealDataFromDtu, protos.live_old.RealDataToDtu)
)
CLOUD_COMMAND: Final = _from_cloud(
    "command", 0x2305, lambda: (protos.command.CommandToDtu, protos.command.CommandFromDtu)
)
CLOUD_COMMAND_STATUS: Final = _from_dtu(
    "command_status", 0x2206, lambda: (protos.command.CommandStatusFromDtu, protos.command.CommandStatusToDtu)
)
CLOUD_DEV_CONFIG_FETCH: Final = _from_cloud(
    "dev_config_fetch",
    0x2307,
    lambda: (protos.device_config.DevConfigFetchToDtu, protos.device_config.DevConfigFetchFromDtu),
)
CLOUD_DEV_CONFIG_PUT: Final = _from_cloud(
    "dev_config_put",
    0x2308,
    lambda: (protos.device_config.DevConfigPutToDtu, protos.device_config.DevConfigPutFromDtu),
)
CLOUD_WAVE: Final = _from_dtu("wave", 0x220A, lambda: (protos.alarms.WaveFromDtu, protos.alarms.WaveToDtu))
CLOUD_ALARMS: Final = _from_dtu(
    "alarms", 0x220B, lambda: (protos.alarms.AlarmsFromDtu, protos.alarms.AlarmsToDtu)
)
CLOUD_REAL_DATA_NEW: Final = _from_dtu(
    "real_data_new", 0x220C, lambda: (protos.live.RealDataNewFromDtu, protos.live.RealDataNewToDtu)
)
CLOUD_HISTORY_DATA_NEW: Final = _from_dtu(
    "history_data_new", 0x220D, lambda: (protos.live.RealDataNewFromDtu, protos.live.RealDataNewToDtu)
)
CLOUD_DEV_CONFIG_REPORT: Final = _from_dtu(
    "dev_config_report",
    0x220E,
    lambda: (protos.device_config.DevConfigReportFromDtu, protos.device_config.DevConfigReportToDtu),
)
