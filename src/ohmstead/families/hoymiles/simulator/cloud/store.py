"""What a cloud knows of its DTUs. In memory; everything a DTU sends twice is kept once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from google.protobuf.message import Message

from ohmstead.families.hoymiles.messages.cloud import (
    CLOUD_ALARMS,
    CLOUD_COMMAND_STATUS,
    CLOUD_DEV_CONFIG_REPORT,
    CLOUD_DEV_INFO,
    CLOUD_HEARTBEAT,
    CLOUD_HISTORY_DATA,
    CLOUD_HISTORY_DATA_NEW,
    CLOUD_REAL_DATA,
    CLOUD_REAL_DATA_NEW,
    CLOUD_WAVE,
)
from ohmstead.families.hoymiles.messages.exchange import Exchange
from ohmstead.families.hoymiles.protos.alarms_pb2 import Alarm, AlarmsFromDtu, WaveFromDtu
from ohmstead.families.hoymiles.protos.cloud_inventory_pb2 import CloudDevInfoFromDtu
from ohmstead.families.hoymiles.protos.command_pb2 import CommandStatusFromDtu
from ohmstead.families.hoymiles.protos.device_config_pb2 import DevConfigReportFromDtu
from ohmstead.families.hoymiles.protos.heartbeat_pb2 import HeartbeatFromDtu
from ohmstead.families.hoymiles.protos.live_old_pb2 import RealDataFromDtu
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewFromDtu

NUMBER_MASK: Final = 0x0FFF
STATUSES_KEPT: Final = 1000


class DtuRecord:
    def __init__(self, serial: str) -> None:
        self.serial = serial
        self.heartbeats = 0
        self.last_heartbeat = HeartbeatFromDtu()
        self.inventory: dict[int, CloudDevInfoFromDtu] = {}
        self.data: dict[int, dict[int, RealDataNewFromDtu]] = {}
        """Time of the data set to its packets by index."""
        self.old_data: dict[int, dict[int, RealDataFromDtu]] = {}
        self.alarms: dict[tuple[int, int, int], Alarm] = {}
        """By inverter, sequence and number: one that ends comes again and replaces its beginning."""
        self.waves: dict[tuple[int, int, int], WaveFromDtu] = {}
        self.statuses: list[CommandStatusFromDtu] = []
        self.reports: list[DevConfigReportFromDtu] = []
        self.live = 0
        self.late = 0
        """Packets that came as history."""
        self.repeated = 0
        """Packets that were here already."""

    def complete(self) -> list[int]:
        """The times of the data sets of which every packet is here."""
        return [time for time, packets in self.data.items() if len(packets) == packets_of(packets)]

    def power_w(self) -> float | None:
        """Of the newest data set."""
        if not self.data:
            return None
        first = self.data[max(self.data)].get(0)
        return first.dtu_power / 10 if first is not None else None


def packets_of(packets: Mapping[int, RealDataNewFromDtu]) -> int:
    return max(1, next(iter(packets.values())).packet_count)


class Store:
    def __init__(self) -> None:
        self.dtus: dict[str, DtuRecord] = {}

    def record(self, serial: str) -> DtuRecord:
        return self.dtus.setdefault(serial, DtuRecord(serial))


def keep_heartbeat(record: DtuRecord, message: HeartbeatFromDtu) -> None:
    record.heartbeats += 1
    record.last_heartbeat = message


def keep_inventory(record: DtuRecord, message: CloudDevInfoFromDtu) -> None:
    if message.packet_index == 0:
        record.inventory.clear()
    record.inventory[message.packet_index] = message


def keep_live(record: DtuRecord, message: RealDataNewFromDtu) -> None:
    record.live += 1
    _keep_packet(record, message)


def keep_late(record: DtuRecord, message: RealDataNewFromDtu) -> None:
    record.late += 1
    _keep_packet(record, message)


def _keep_packet(record: DtuRecord, message: RealDataNewFromDtu) -> None:
    packets = record.data.setdefault(message.time, {})
    record.repeated += message.packet_index in packets
    packets[message.packet_index] = message


def keep_old(record: DtuRecord, message: RealDataFromDtu) -> None:
    record.old_data.setdefault(message.time, {})[message.packet_index] = message


def keep_alarms(record: DtuRecord, message: AlarmsFromDtu) -> None:
    for alarm in message.alarms:
        record.alarms[alarm.inverter_serial, alarm.sequence, alarm.code & NUMBER_MASK] = alarm


def keep_wave(record: DtuRecord, message: WaveFromDtu) -> None:
    record.waves[message.inverter_serial, message.sequence, message.packet_index] = message


def keep_status(record: DtuRecord, message: CommandStatusFromDtu) -> None:
    record.statuses.append(message)
    del record.statuses[:-STATUSES_KEPT]


def keep_report(record: DtuRecord, message: DevConfigReportFromDtu) -> None:
    record.reports.append(message)


Keeping = Callable[[DtuRecord, Any], None]  # Any: each keeps its own message

_TABLE: Final[tuple[tuple[Exchange[Any, Any], Keeping], ...]] = (  # Any: as above
    (CLOUD_HEARTBEAT, keep_heartbeat),
    (CLOUD_DEV_INFO, keep_inventory),
    (CLOUD_REAL_DATA, keep_old),
    (CLOUD_HISTORY_DATA, keep_old),
    (CLOUD_REAL_DATA_NEW, keep_live),
    (CLOUD_HISTORY_DATA_NEW, keep_late),
    (CLOUD_ALARMS, keep_alarms),
    (CLOUD_WAVE, keep_wave),
    (CLOUD_COMMAND_STATUS, keep_status),
    (CLOUD_DEV_CONFIG_REPORT, keep_report),
)
UPLOADS: Final[Mapping[int, tuple[Exchange[Any, Any], Keeping]]] = MappingProxyType(  # Any: as above
    {exchange.request_id: (exchange, keeping) for exchange, keeping in _TABLE}
)


def serial_of(message: Message) -> str:
    """Of the DTU that says this; empty when it does not say."""
    serial = getattr(message, "dtu_serial", "")
    return serial if isinstance(serial, str) else serial.decode("utf-8", "replace")
