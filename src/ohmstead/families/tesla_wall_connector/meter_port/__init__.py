"""The energy meter that a unit of firmware 23.8.1 or newer reads over RS485, from both ends."""

from __future__ import annotations

from ohmstead.families.tesla_wall_connector.meter_port.frames import (
    Reply,
    Request,
    encode_reply,
    encode_request,
    replies,
    requests,
)
from ohmstead.families.tesla_wall_connector.meter_port.law import allowed_a, ramped_a, shown_a
from ohmstead.families.tesla_wall_connector.meter_port.leading import Leading, line
from ohmstead.families.tesla_wall_connector.meter_port.meter import Meter
from ohmstead.families.tesla_wall_connector.meter_port.registers import (
    CURRENTS,
    IDENTITY,
    POLLED,
    POWERS,
    PROBE,
    Figures,
    answer,
    floats,
    registers,
)

__all__ = [
    "CURRENTS",
    "IDENTITY",
    "POLLED",
    "POWERS",
    "PROBE",
    "Figures",
    "Leading",
    "Meter",
    "Reply",
    "Request",
    "allowed_a",
    "answer",
    "encode_reply",
    "encode_request",
    "floats",
    "line",
    "ramped_a",
    "registers",
    "replies",
    "requests",
    "shown_a",
]
