"""What only a cloud gets of a DTU: the inventory in its other layout, and waveform records."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from ohmstead.families.hoymiles.protos.alarms_pb2 import WaveFromDtu
from ohmstead.families.hoymiles.protos.cloud_inventory_pb2 import (
    CloudDevInfoFromDtu,
    CloudDtuInfo,
    CloudMeterInfo,
)
from ohmstead.families.hoymiles.protos.inventory_pb2 import AppDevInfoFromDtu, AppDevInfoToDtu
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewFromDtu
from ohmstead.families.hoymiles.simulator import answers
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.orders import Asked

Packet = RealDataNewFromDtu

WAVE_SAMPLES: Final = 40
WAVE_PACKETS: Final = 2
PEAK_V: Final = 325.0


def inventory(dtu: Dtu) -> Sequence[CloudDevInfoFromDtu]:
    """What local clients get, with other numbers from the DTU's details on."""
    first = answers.dev_info(dtu, AppDevInfoToDtu(), Asked())
    packets = [first] + [
        answers.dev_info(dtu, AppDevInfoToDtu(packet_index=index), Asked())
        for index in range(1, first.packet_count)
    ]
    return [_cloud_packet(packet) for packet in packets]


def _cloud_packet(packet: AppDevInfoFromDtu) -> CloudDevInfoFromDtu:
    dtu = packet.dtu
    answer = CloudDevInfoFromDtu(
        dtu_serial=packet.dtu_serial,
        time=packet.time,
        device_count=packet.device_count,
        pv_port_count=packet.pv_port_count,
        packet_count=packet.packet_count,
        packet_index=packet.packet_index,
        dtu=CloudDtuInfo(
            device_kind=dtu.device_kind,
            software_version=dtu.software_version,
            hardware_version=dtu.hardware_version,
            step_time=dtu.step_time,
            access_mode=dtu.access_mode,
            wifi_version=dtu.wifi_version,
        ),
        meters=[
            CloudMeterInfo(device_kind=meter.device_kind, serial=meter.serial, ct_ratio=meter.ct_ratio)
            for meter in packet.meters
        ],
    )
    # The parts below the DTU are laid out alike on both links.
    for inverter in packet.inverters:
        answer.inverters.add().ParseFromString(inverter.SerializeToString())
    for feature in packet.features:
        answer.features.add().ParseFromString(feature.SerializeToString())
    return answer


def waves(dtu: Dtu, inverter_serial: int, at: datetime) -> Iterator[WaveFromDtu]:
    """A period of the grid voltage about the last alarm, as text."""
    inverter = dtu.inverter(inverter_serial)
    last = inverter.alarms.entries[-1] if inverter is not None and inverter.alarms.entries else None
    if last is None:
        return
    volts = [round(PEAK_V * math.sin(2 * math.pi * n / WAVE_SAMPLES)) for n in range(WAVE_SAMPLES)]
    text = ",".join(map(str, volts))
    size = -(-len(text) // WAVE_PACKETS)
    for index in range(WAVE_PACKETS):
        yield WaveFromDtu(
            dtu_serial=dtu.serial,
            time=dtu.clock.time_s(at),
            packet_count=WAVE_PACKETS,
            packet_index=index,
            inverter_serial=inverter_serial,
            code=last.code,
            sequence=last.sequence,
            alarm_time=dtu.clock.alarm_time_s(last.started_at),
            data_length=len(text),
            position=index * size,
            data=text[index * size : (index + 1) * size],
        )
