"""The commands of the `sendMqtt` tunnel. Sources: captures (311, 317, 327, 337, 339, 341, 353), both clients (203, 211,
335), owners (387, 389). Never seen, so never sent: 310, 355, 357, any command of its own for vehicle-to-load; known and
not offered: 315 (reboot, alarm clear, factory reset).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts.topics import Topic

NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
OPERATION: Final = ("opt", "optType")
"""Say in a payload what is to be done; 0 reads."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    reply: int
    about: str
    topic: Topic
    read: Mapping[str, object] = NOTHING
    """The request that reads, without parameters of the caller's."""
    keep_s: float = 0.0
    """How long an answer may be handed out again, in civil seconds."""
    drops: tuple[Topic, ...] = ()
    """What a write makes out of date."""
    key: str = ""
    """Where the answer lies inside the reply; empty: the whole of it."""

    def may_write(self, payload: Mapping[str, object]) -> bool:
        """Whether it asks for another operation than those that are known to read."""
        return not self.read or any(
            payload.get(key) not in (None, 0, self.read.get(key)) for key in OPERATION
        )


_OPT_0: Final = MappingProxyType({"opt": 0})
_LOADS: Final = (Topic.CIRCUITS, Topic.METERING, Topic.COMPOSITE)

STATUS: Final = Command(
    number=203,
    reply=201,
    about="runtime status, the record of the composite call",
    topic=Topic.COMPOSITE,
    read=MappingProxyType({"opt": 1, "refreshData": 1}),
)
POWER: Final = Command(
    number=211,
    reply=212,
    about="voltages, currents, frequency and relays; packs with a serial and type 2 or 3",
    topic=Topic.ELECTRICAL,
    read=MappingProxyType({"type": 1}),
)
CIRCUITS: Final = Command(
    number=311,
    reply=312,
    about="smart circuits, read and write",
    topic=Topic.CIRCUITS,
    read=_OPT_0,
    keep_s=300.0,
    drops=_LOADS,
)
CONTROL: Final = Command(number=315, reply=316, about="gateway control, not offered", topic=Topic.OTHER)
INTERFACES: Final = Command(
    number=317,
    reply=318,
    about="network interfaces",
    topic=Topic.NETWORK,
    read=MappingProxyType({"optType": 0, "paraType": 6}),
    keep_s=60.0,
    key="commSetPara",
)
LEDS: Final = Command(
    number=327, reply=328, about="pack lights", topic=Topic.LEDS, read=_OPT_0, drops=(Topic.LEDS,)
)
WIFI_SCAN: Final = Command(
    number=335,
    reply=336,
    about="start and poll a Wi-Fi scan",
    topic=Topic.NETWORK,
    read=MappingProxyType({"opt": 1, "wifi_ScanTime": 0}),
)
WIFI: Final = Command(
    number=337, reply=338, about="Wi-Fi names and passwords, in clear", topic=Topic.NETWORK, read=_OPT_0
)
REACHABILITY: Final = Command(
    number=339,
    reply=340,
    about="how the gateway reaches the cloud",
    topic=Topic.NETWORK,
    read=_OPT_0,
    keep_s=60.0,
)
SWITCHES: Final = Command(
    number=341, reply=342, about="enabled interfaces", topic=Topic.NETWORK, read=_OPT_0, keep_s=60.0
)
METERING: Final = Command(
    number=353,
    reply=354,
    about="metering of circuits, car port and generator input",
    topic=Topic.METERING,
    read=_OPT_0,
    keep_s=30.0,
)
CIRCUITS_V2: Final = Command(
    number=387,
    reply=388,
    about="smart circuits of newer firmware, read and write",
    topic=Topic.CIRCUITS,
    read=_OPT_0,
    keep_s=300.0,
    drops=_LOADS,
)
METERING_V2: Final = Command(
    number=389,
    reply=390,
    about="metering of circuits, newer firmware",
    topic=Topic.METERING,
    read=_OPT_0,
    keep_s=30.0,
)

COMMANDS: Final[Mapping[int, Command]] = MappingProxyType(
    {
        command.number: command
        for command in (
            STATUS,
            POWER,
            CIRCUITS,
            CONTROL,
            INTERFACES,
            LEDS,
            WIFI_SCAN,
            WIFI,
            REACHABILITY,
            SWITCHES,
            METERING,
            CIRCUITS_V2,
            METERING_V2,
        )
    }
)

SCAN_S: Final = 12.0
"""What a Wi-Fi scan takes. Source: both clients."""
SCAN_REQUEST: Final[Mapping[str, object]] = MappingProxyType({"opt": 1, "wifi_ScanTime": 10})
STILL_WORKING: Final = 3
"""`reason` beside `result` 1: ask again."""
REFUSED_PARTIAL: Final = -2
"""`reason` beside `result` 1: the gateway wants the whole record."""
