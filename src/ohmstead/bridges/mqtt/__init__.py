"""The site on an MQTT broker, announced to Home Assistant, and taking commands with receipts."""

from __future__ import annotations

from ohmstead.bridges.mqtt.bridge import MqttBridge
from ohmstead.bridges.mqtt.clearing import clear, clear_if_possible

__all__ = ["MqttBridge", "clear", "clear_if_possible"]
