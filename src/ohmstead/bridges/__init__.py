"""The running site for other programs: MQTT with Home Assistant's discovery, Prometheus, InfluxDB."""

from __future__ import annotations

from ohmstead.bridges.attaching import bridged
from ohmstead.bridges.metrics import PATH as METRICS
from ohmstead.bridges.metrics import Metrics
from ohmstead.bridges.settings import (
    BridgeSettings,
    Discovery,
    InfluxSettings,
    MqttSettings,
    bridge_settings,
)

__all__ = [
    "METRICS",
    "BridgeSettings",
    "Discovery",
    "InfluxSettings",
    "Metrics",
    "MqttSettings",
    "bridge_settings",
    "bridged",
]
