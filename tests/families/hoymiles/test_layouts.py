"""Two layouts under one id are told apart by their fields."""

from __future__ import annotations

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.hoymiles.layouts import fields, message_class
from ohmstead.families.hoymiles.protos.alarms_legacy_pb2 import (
    AlarmLegacy,
    AlarmsLegacyFromDtu,
    AlarmsLegacyToDtu,
)
from ohmstead.families.hoymiles.protos.alarms_pb2 import Alarm, AlarmsFromDtu, AlarmsToDtu
from ohmstead.families.hoymiles.protos.live_old_pb2 import OldPortData, RealDataFromDtu
from ohmstead.families.hoymiles.protos.live_pb2 import (
    MeterData,
    PortData,
    RealDataNewFromDtu,
    SinglePhaseData,
    ThreePhaseData,
)

NOW = 1_718_000_000
TEXT = "2024-06-10 08:13:20"


@pytest.mark.parametrize(
    ("command_id", "message"),
    [
        (0xA203, RealDataFromDtu(dtu_serial="x", packet_count=1)),
        (0xA203, RealDataFromDtu(signal=-60, ports=[OldPortData(serial=1, port=1)])),
        (0xA203, RealDataFromDtu(packet_count=2, packet_index=1)),
        (0xA203, RealDataFromDtu(ports=[OldPortData(serial=1, port=1, energy_total=5)])),
        (0xA203, RealDataFromDtu(ports=[OldPortData(serial=1, sent_packets=4, time=NOW)])),
        (0xA203, RealDataNewFromDtu(ports=[PortData(serial=1)])),
        (0xA203, RealDataNewFromDtu(meters=[MeterData(serial=1)])),
        (0xA203, RealDataNewFromDtu(single_phase=[SinglePhaseData(serial=1)], dtu_power=5)),
        (0xA203, RealDataNewFromDtu(three_phase=[ThreePhaseData(serial=1, link_quality=100)])),
        (0x2203, RealDataNewFromDtu(dtu_energy_today=1)),
        (0x2204, RealDataFromDtu(signal=-60)),
        (0xA204, AlarmsFromDtu(packet_count=1, alarms=[Alarm(code=1)])),
        (0xA204, AlarmsFromDtu(dtu_serial="x", time=NOW)),
        (0xA204, AlarmsLegacyFromDtu(alarms=[AlarmLegacy(code=1)])),
        (0xA304, AlarmsToDtu(time_text=TEXT, utc_offset=28800, time=NOW)),
        (0xA304, AlarmsToDtu()),
        (0xA304, AlarmsLegacyToDtu(time_text=TEXT, utc_offset=28800, time=NOW)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Message) else f"{value:04X}",
)
def test_the_layout_is_read_from_the_fields(command_id: int, message: Message) -> None:
    assert message_class(command_id, message.SerializeToString()) is type(message)


@given(st.sampled_from((0xA203, 0xA204, 0xA304)), st.binary(max_size=200))
def test_any_bytes_have_some_layout(command_id: int, payload: bytes) -> None:
    assert message_class(command_id, payload) is not None
    assert all(0 <= field.start <= field.end <= len(payload) for field in fields(payload))
