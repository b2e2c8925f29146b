"""The names of all topics."""

from __future__ import annotations

import hashlib
import re
from typing import Final

import msgspec

from ohmstead.bridges.settings import MqttSettings
from ohmstead.model import DeviceId

PLAIN: Final = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9-]+")
ODD: Final = re.compile(r"[^A-Za-z0-9-]+")
BETWEEN: Final = "__"
"""A device's slug and what is below it; a slug has no two of them in a row."""
HOME: Final = "home"
COMMAND: Final = re.compile(r"device/([A-Za-z0-9_-]+)/set/([a-z_]+)")


def slug(device: DeviceId) -> str:
    """A device's id in the letters that topics may have; two devices never share one."""
    plain = ODD.sub("_", device)
    if PLAIN.fullmatch(device):
        return plain
    return f"{plain}_{hashlib.sha256(device.encode()).hexdigest()[:8]}"


class Topics(msgspec.Struct, frozen=True):
    prefix: str
    discovery: str

    @property
    def node(self) -> str:
        """Of this gateway in discovery topics and identifiers."""
        return ODD.sub("_", self.prefix)

    @property
    def status(self) -> str:
        return f"{self.prefix}/status"

    @property
    def home(self) -> str:
        return f"{self.prefix}/{HOME}/state"

    @property
    def birth(self) -> str:
        """Where Home Assistant says that it has come."""
        return f"{self.discovery}/status"

    @property
    def commands(self) -> str:
        """A filter."""
        return f"{self.prefix}/device/+/set/+"

    @property
    def ours(self) -> tuple[str, str]:
        """Filters for everything of ours a broker may hold."""
        return f"{self.prefix}/#", self.config("+", "+")

    def device(self, name: str, leaf: str) -> str:
        """`leaf` is availability, health, state, details or settings; or receipt/ or set/ with an ability."""
        return f"{self.prefix}/device/{name}/{leaf}"

    def config(self, component: str, item: str) -> str:
        return f"{self.discovery}/{component}/{self.node}/{item}/config"

    def command(self, topic: str) -> tuple[str, str] | None:
        """The device's slug and the ability of a command's topic; None if it is none."""
        found = COMMAND.fullmatch(topic.removeprefix(f"{self.prefix}/"))
        return (found[1], found[2]) if found else None


def topics_of(settings: MqttSettings) -> Topics:
    return Topics(settings.prefix, settings.discovery_prefix)
