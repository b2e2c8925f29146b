"""The requests a client sends, as the vendor's app fills them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.identifiers import serial_number

APP_UTC_OFFSET_S: Final = 28800
"""Every app says this, wherever it is. Source: captures of devices."""
CONFIG_LAG_S: Final = 60
"""A published client asks for the configuration of a minute ago, and every DTU answers."""
RULE_GRID_PROFILE: Final = 1
KIND_DTU: Final = 1

FOR_THE_DTU: Final = frozenset(
    {Action.INVERTER_ON, Action.INVERTER_OFF, Action.PROVISION, Action.GRID_FILE_READ}
)
"""Actions whose command names the DTU as their kind of device, although inverters carry them out."""
WITHOUT_TIME: Final = frozenset(
    {Action.DTU_REBOOT, Action.DTU_UPGRADE, Action.INVERTER_ON, Action.INVERTER_OFF, Action.ALARMS_ALL}
)
"""Actions that published clients send without the time."""


def dev_info(now: datetime, packet_index: int = 0) -> protos.inventory.AppDevInfoToDtu:
    return protos.inventory.AppDevInfoToDtu(
        time_text=_text(now), utc_offset=APP_UTC_OFFSET_S, packet_index=packet_index, time=_seconds(now)
    )


def heartbeat(now: datetime) -> protos.heartbeat.HeartbeatToDtu:
    return protos.heartbeat.HeartbeatToDtu(
        utc_offset=APP_UTC_OFFSET_S, time=_seconds(now), time_text=_text(now)
    )


def live(now: datetime, packet_index: int = 0) -> protos.live.RealDataNewToDtu:
    return protos.live.RealDataNewToDtu(
        time_text=_text(now), packet_index=packet_index, utc_offset=APP_UTC_OFFSET_S, time=_seconds(now)
    )


def old_live(now: datetime, packet_index: int = 0) -> protos.live_old.RealDataToDtu:
    return protos.live_old.RealDataToDtu(
        time_text=_text(now), packet_index=packet_index, utc_offset=APP_UTC_OFFSET_S, time=_seconds(now)
    )


def config(now: datetime) -> protos.config.ConfigGetToDtu:
    return protos.config.ConfigGetToDtu(utc_offset=APP_UTC_OFFSET_S, time=_seconds(now) - CONFIG_LAG_S)


def network(now: datetime) -> protos.network.NetworkInfoToDtu:
    return protos.network.NetworkInfoToDtu(utc_offset=APP_UTC_OFFSET_S, time=_seconds(now))


def power_history(now: datetime, packet_index: int = 0, day: int = 0) -> protos.history.HistPowerToDtu:
    """`day` 0 is today; whether devices know others nobody has seen."""
    return protos.history.HistPowerToDtu(
        packet_index=packet_index,
        utc_offset=APP_UTC_OFFSET_S,
        requested_time=_seconds(now),
        requested_day=day,
    )


def energy_history(now: datetime, packet_index: int = 0) -> protos.history.HistEnergyToDtu:
    return protos.history.HistEnergyToDtu(
        packet_index=packet_index, utc_offset=APP_UTC_OFFSET_S, time=_seconds(now)
    )


def alarms(now: datetime, packet_index: int = 0) -> protos.alarms.AlarmsToDtu:
    return protos.alarms.AlarmsToDtu(
        time_text=_text(now), packet_index=packet_index, utc_offset=APP_UTC_OFFSET_S, time=_seconds(now)
    )


def auto_search(now: datetime, packet_index: int = 0) -> protos.search.AutoSearchToDtu:
    return protos.search.AutoSearchToDtu(
        time_text=_text(now), utc_offset=APP_UTC_OFFSET_S, packet_index=packet_index, time=_seconds(now)
    )


def grid_self_test(now: datetime, packet_index: int = 0) -> protos.self_test.GridSelfTestToDtu:
    return protos.self_test.GridSelfTestToDtu(
        time_text=_text(now), utc_offset=APP_UTC_OFFSET_S, packet_index=packet_index, time=_seconds(now)
    )


def grid_profile(
    now: datetime, inverter: str, packet_index: int = 0
) -> protos.device_config.DevConfigFetchToDtu:
    return protos.device_config.DevConfigFetchToDtu(
        time=_seconds(now),
        transaction_id=_seconds(now),
        device_serial=inverter,
        packet_index=packet_index,
        rule_type=RULE_GRID_PROFILE,
    )


def command(
    action: Action, now: datetime, *, text: str = "", inverters: Iterable[str] = ()
) -> protos.command.CommandToDtu:
    """No inverter means all of them. The transaction id is the time, as the app has it."""
    return protos.command.CommandToDtu(
        time=0 if action in WITHOUT_TIME else _seconds(now),
        action=action,
        device_kind=KIND_DTU if action in FOR_THE_DTU else 0,
        packet_count=1,
        transaction_id=_seconds(now),
        data=text,
        inverter_serials=map(serial_number, inverters),
    )


def provision(now: datetime, inverters: Iterable[str]) -> protos.command.CommandToDtu:
    """Replaces the whole list of inverters."""
    request = command(Action.PROVISION, now)
    request.inverters_a.extend(map(serial_number, inverters))
    request.total_a = len(request.inverters_a)
    return request


def gateway_info(now: datetime, packet_index: int = 0) -> protos.gateway.GatewayInfoToDtu:
    return protos.gateway.GatewayInfoToDtu(
        packet_index=packet_index, time=_seconds(now), utc_offset=APP_UTC_OFFSET_S
    )


def gateway_network(now: datetime) -> protos.gateway.GatewayNetworkToDtu:
    return protos.gateway.GatewayNetworkToDtu(utc_offset=APP_UTC_OFFSET_S, time=_seconds(now))


def storage_registry(now: datetime, packet_index: int = 0) -> protos.storage_registry.StorageRegistryToDtu:
    return protos.storage_registry.StorageRegistryToDtu(
        time=_seconds(now), time_text=_text(now), utc_offset=APP_UTC_OFFSET_S, packet_index=packet_index
    )


def storage_data(
    now: datetime, inverter_serial: int, packet_index: int = 0
) -> protos.storage_data.StorageDataToDtu:
    return protos.storage_data.StorageDataToDtu(
        time=_seconds(now),
        time_text=_text(now),
        utc_offset=APP_UTC_OFFSET_S,
        packet_index=packet_index,
        inverter_serial=inverter_serial,
    )


def storage_settings(
    now: datetime, settings: protos.storage_settings.StorageUserSetToDtu, inverter_serials: Iterable[int]
) -> protos.storage_settings.StorageUserSetToDtu:
    """`settings` with time, transaction id and the inverters they are for."""
    request = protos.storage_settings.StorageUserSetToDtu(time=_seconds(now), transaction_id=_seconds(now))
    request.MergeFrom(settings)
    request.inverter_serials.extend(inverter_serials)
    return request


def command_status(action: Action, now: datetime) -> protos.command.CommandStatusToDtu:
    return protos.command.CommandStatusToDtu(time=_seconds(now), action=action, transaction_id=_seconds(now))


def _text(now: datetime) -> str:
    """2026-06-21 11:20:00: as ISO 8601 has it, without the zone, and at half of the price of a format."""
    return now.isoformat(" ", "seconds")[:19]


def _seconds(now: datetime) -> int:
    return int(now.timestamp())
