"""The requests a client sends, as the vendor's app fills them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.identifiers import serial_number
from ohmstead.families.hoymiles.protos.command_pb2 import CommandStatusToDtu, CommandToDtu
from ohmstead.families.hoymiles.protos.config_pb2 import ConfigGetToDtu
from ohmstead.families.hoymiles.protos.heartbeat_pb2 import HeartbeatToDtu
from ohmstead.families.hoymiles.protos.inventory_pb2 import AppDevInfoToDtu
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewToDtu

APP_UTC_OFFSET_S: Final = 28800
"""Every app says this, wherever it is. Source: captures of devices."""


def dev_info(now: datetime, packet_index: int = 0) -> AppDevInfoToDtu:
    return AppDevInfoToDtu(
        time_text=_text(now), utc_offset=APP_UTC_OFFSET_S, packet_index=packet_index, time=_seconds(now)
    )


def heartbeat(now: datetime) -> HeartbeatToDtu:
    return HeartbeatToDtu(utc_offset=APP_UTC_OFFSET_S, time=_seconds(now), time_text=_text(now))


def live(now: datetime, packet_index: int = 0) -> RealDataNewToDtu:
    return RealDataNewToDtu(
        time_text=_text(now), packet_index=packet_index, utc_offset=APP_UTC_OFFSET_S, time=_seconds(now)
    )


def config(now: datetime) -> ConfigGetToDtu:
    return ConfigGetToDtu(utc_offset=APP_UTC_OFFSET_S, time=_seconds(now))


def command(action: Action, now: datetime, *, text: str = "", inverters: Iterable[str] = ()) -> CommandToDtu:
    """No inverter means all of them. The transaction id is the time, as the app has it."""
    return CommandToDtu(
        time=_seconds(now),
        action=action,
        packet_count=1,
        transaction_id=_seconds(now),
        data=text,
        inverter_serials=map(serial_number, inverters),
    )


def command_status(action: Action, now: datetime) -> CommandStatusToDtu:
    return CommandStatusToDtu(time=_seconds(now), action=action, transaction_id=_seconds(now))


def _text(now: datetime) -> str:
    return now.strftime("%Y-%m-%d %H:%M:%S")


def _seconds(now: datetime) -> int:
    return int(now.timestamp())
