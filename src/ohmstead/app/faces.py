"""Tables of the site file that belong to the faces of a gateway."""

from __future__ import annotations

from typing import Final

from ohmstead.gateway import Faces
from ohmstead.kit.registry import served_tables

FACES: Final[Faces] = {
    "api": "ohmstead.api.settings:ApiSettings",
    "mqtt": "ohmstead.bridges.settings:MqttSettings",
    "influxdb": "ohmstead.bridges.settings:InfluxSettings",
    **served_tables(),
}
