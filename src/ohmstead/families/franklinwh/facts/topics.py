"""What an answer is about. A read belongs to one topic, a write names those that it makes out of date."""

from __future__ import annotations

from enum import Enum, auto


class Topic(Enum):
    ACCOUNT = auto()
    GATEWAYS = auto()
    SITE = auto()
    DEVICE = auto()
    COMPOSITE = auto()
    OFF_GRID = auto()
    MODES = auto()
    ENTRANCE = auto()
    TARIFF = auto()
    POWER_CONTROL = auto()
    GENERATOR = auto()
    METERING = auto()
    CIRCUITS = auto()
    ELECTRICAL = auto()
    PACKS = auto()
    NETWORK = auto()
    LEDS = auto()
    STORM = auto()
    WEATHER = auto()
    ALARMS = auto()
    HISTORY = auto()
    OTHER = auto()
