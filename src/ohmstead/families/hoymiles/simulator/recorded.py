"""A DTU as a recording shows it: who it was, what hung on it, and the last it measured."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeVar

import msgspec
from google.protobuf.message import Message

from ohmstead.families.hoymiles.crypto import ENCRYPTION_FLAG
from ohmstead.families.hoymiles.identifiers import serial_text
from ohmstead.families.hoymiles.protos.inventory_pb2 import AppDevInfoFromDtu, InverterInfo
from ohmstead.families.hoymiles.protos.live_pb2 import PortData, RealDataNewFromDtu
from ohmstead.families.hoymiles.simulator.datasets import DataSet
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.profiles import (
    DTU_HMT,
    DTU_PRO_S,
    DTU_WLITE_S,
    HMS_800W_2T,
    HMSW_ENC,
    HMSW_MID,
    HMSW_OLD,
    HMT_2250_6T,
    InverterModel,
)
from ohmstead.families.hoymiles.wire import decode_frame, message_of
from ohmstead.kit.link import read_capture
from ohmstead.model import ConfigError, WireError

M = TypeVar("M", bound=Message)

FIRST_MID_VERSION: Final = 4096
BUILT_IN_PREFIXES: Final = ("4143", "4144", "14", "11", "12", "13")
PORT_W: Final = 400.0
MOST_PORTS: Final = 8


class Recorded(msgspec.Struct, frozen=True):
    profile: str
    dtu_serial: str
    software_version: int
    models: tuple[InverterModel, ...]
    serials: tuple[int, ...]
    packets: tuple[RealDataNewFromDtu, ...]
    """Of the last data set that is whole."""


def recorded(path: Path) -> Recorded:
    """Raises `ConfigError` for what is no capture, or holds no inventory of a DTU."""
    messages = []
    for record in read_capture(path).records:
        try:
            messages.append(message_of(decode_frame(record.frame)))
        except WireError:
            continue  # what was not understood when it was recorded
    inventory = _inventory([m for m in messages if isinstance(m, AppDevInfoFromDtu)])
    if inventory is None:
        raise ConfigError("holds no inventory of a DTU to start from.", file=str(path))
    packets = _last_data_set([m for m in messages if isinstance(m, RealDataNewFromDtu)])
    ports = [port for packet in packets for port in packet.ports]
    return Recorded(
        profile=_profile(inventory),
        dtu_serial=_text(inventory.dtu_serial),
        software_version=inventory.dtu.software_version,
        models=tuple(_model(info, ports) for info in inventory.inverters),
        serials=tuple(info.serial for info in inventory.inverters),
        packets=packets,
    )


def begin_as(dtu: Dtu, found: Recorded) -> None:
    """Take over names, energies and the data set, until the first is measured here."""
    dtu.serial = found.dtu_serial
    dtu.image.dtu_serial = found.dtu_serial
    dtu.profile = msgspec.structs.replace(dtu.profile, software_version=found.software_version)
    for inverter, serial in zip(dtu.inverters, found.serials, strict=True):
        dtu.rename(inverter, serial)
    energies = {
        (port.serial, port.port): port.energy_total for packet in found.packets for port in packet.ports
    }
    for inverter in dtu.inverters:
        for number, port in enumerate(inverter.ports, start=1):
            port.energy_total_wh = float(energies.get((inverter.serial, number), port.energy_total_wh))
    if found.packets:
        dtu.datasets.begin_with(
            DataSet(
                time_s=found.packets[0].time,
                meters=tuple(m for p in found.packets for m in p.meters),
                single_phase=tuple(s for p in found.packets for s in p.single_phase),
                three_phase=tuple(t for p in found.packets for t in p.three_phase),
                ports=tuple(port for p in found.packets for port in p.ports),
                energy_today_wh=found.packets[0].dtu_energy_today,
            )
        )


def _inventory(packets: list[AppDevInfoFromDtu]) -> AppDevInfoFromDtu | None:
    """The last one, all its packets in one."""
    whole = None
    for packet in packets:
        if packet.packet_index == 0:
            whole = AppDevInfoFromDtu()
            whole.CopyFrom(packet)
        elif whole is not None:
            known = {info.serial for info in whole.inverters}
            whole.inverters.extend(info for info in packet.inverters if info.serial not in known)
    return whole


def _last_data_set(packets: list[RealDataNewFromDtu]) -> tuple[RealDataNewFromDtu, ...]:
    sets: dict[int, dict[int, RealDataNewFromDtu]] = {}
    for packet in packets:
        sets.setdefault(packet.time, {})[packet.packet_index] = packet
    whole = [found for found in sets.values() if len(found) == max(1, found[min(found)].packet_count)]
    return tuple(packet for _, packet in sorted(whole[-1].items())) if whole else ()


def _profile(inventory: AppDevInfoFromDtu) -> str:
    """What it most looks like. An encrypted link's frames are not in a capture, but its inventory is."""
    is_built_in = _text(inventory.dtu_serial).startswith(BUILT_IN_PREFIXES)
    if inventory.dtu.feature_flags & ENCRYPTION_FLAG:
        return (HMSW_ENC if is_built_in else DTU_WLITE_S).slug
    if any(serial_text(info.serial).startswith("13") for info in inventory.inverters):
        return DTU_HMT.slug
    if not is_built_in:
        return DTU_PRO_S.slug
    return (HMSW_MID if inventory.dtu.software_version >= FIRST_MID_VERSION else HMSW_OLD).slug


def _model(info: InverterInfo, ports: list[PortData]) -> InverterModel:
    """A capture says how many ports there are; the rating is a guess from that."""
    serial = serial_text(info.serial)
    is_three_phase = serial.startswith("13")
    like = HMT_2250_6T if is_three_phase else HMS_800W_2T
    count = max((port.port for port in ports if port.serial == info.serial), default=like.ports)
    count = min(max(count, 1), MOST_PORTS)
    return msgspec.structs.replace(
        like,
        serial_prefix=serial[:6],
        ports=count,
        rated_w=like.rated_w if count == like.ports else PORT_W * count,
        software_version=info.software_version,
        hardware_part_number=info.hardware_part_number,
        hardware_version=info.hardware_version,
    )


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("ascii", "replace")
