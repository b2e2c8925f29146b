"""What is known of one call."""

from __future__ import annotations

from enum import Enum
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts.topics import Topic

TERMINAL: Final = "hes-gateway/terminal/"
COMMON: Final = "hes-gateway/common/"
MANAGE: Final = "hes-gateway/manage/"
"""Installers see many calls of the owners mirrored here, in the same shapes."""
NEW_API: Final = "hes-gateway/newApi/"
ENERGY: Final = "api-energy/"


class Cost(Enum):
    """Who has to answer, which is what a call costs: the cloud's database in 0.2 s, the gateway in one or two seconds,
    a write in up to five. Source: capture.
    """

    DATABASE = "database"
    GATEWAY = "gateway"
    WRITE = "write"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    """The path behind its prefix."""
    method: str
    path: str
    about: str
    serial_key: str
    """The query parameter that names the gateway; empty for calls about the account."""
    cost: Cost
    topic: Topic
    is_required: bool = False
    """Has a method of its own; the others are handed through."""
    keep_s: float = 0.0
    """How long an answer may be handed out again, in civil seconds."""
    drops: tuple[Topic, ...] = ()
    """What a write makes out of date."""
    is_secret: bool = False
    """The answer holds something that is for the owner's eyes."""

    @property
    def is_write(self) -> bool:
        return self.cost is Cost.WRITE


PREFIXES: Final = {"T": TERMINAL, "C": COMMON, "M": MANAGE, "N": NEW_API, "E": ENERGY}

GATEWAY: Final = "gatewayId"
EQUIPMENT: Final = "equipNo"
NOBODY: Final = ""


def endpoint(
    line: str,
    serial_key: str,
    topic: Topic,
    about: str,
    *,
    cost: Cost = Cost.DATABASE,
    is_required: bool = False,
    keep_s: float = 0.0,
    drops: tuple[Topic, ...] = (),
    is_secret: bool = False,
) -> Endpoint:
    """From a line such as `GET T/getDeviceInfoV2`."""
    method, short = line.split(" ", 1)
    prefix, name = short.split("/", 1)
    return Endpoint(
        name=name,
        method=method,
        path=PREFIXES[prefix] + name,
        about=about,
        serial_key=serial_key,
        cost=cost,
        topic=topic,
        is_required=is_required,
        keep_s=keep_s,
        drops=drops,
        is_secret=is_secret,
    )


def write(
    line: str,
    serial_key: str,
    drops: tuple[Topic, ...],
    about: str,
    *,
    is_required: bool = False,
) -> Endpoint:
    return endpoint(line, serial_key, drops[0], about, cost=Cost.WRITE, drops=drops, is_required=is_required)


def endpoints(*named: Endpoint, passed_through: dict[str, tuple[str, Topic, str]]) -> tuple[Endpoint, ...]:
    """A part of the table: calls with a name of their own, and those that are handed through."""
    return named + tuple(
        endpoint(line, serial_key, topic, about)
        for line, (serial_key, topic, about) in passed_through.items()
    )


def unknown(method: str, path: str, *, is_write: bool) -> Endpoint:
    """A call that no table has; whom it asks is anybody's guess, so it may take as long as the gateway does."""
    return Endpoint(
        name=path,
        method=method,
        path=path.removeprefix("/"),
        about="",
        serial_key=GATEWAY,
        cost=Cost.WRITE if is_write else Cost.GATEWAY,
        topic=Topic.OTHER,
    )
