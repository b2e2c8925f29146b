"""What an exchange is: a request, its answer, and the frames both travel in.

An id towards the DTU has bit 8 set, an id from it has it clear; the answer has the request's id with that bit toggled.
The vendor's own words run backwards (what a DTU sends is called a request there), so ours say the direction: `ToDtu`
and `FromDtu`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final, Generic, TypeVar

import msgspec
from google.protobuf.message import Message

Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer", bound=Message)

Messages = Callable[[], tuple[type[Request], type[Answer]]]
"""The two of an exchange, loaded when first asked for; see `protos`."""

TOWARDS_DTU: Final = 0x0100


class Role(Enum):
    """The link an exchange belongs to."""

    APP = "app"
    CLOUD = "cloud"


class Party(Enum):
    """Who starts an exchange."""

    APP = "app"
    DTU = "dtu"
    CLOUD = "cloud"


class Header(Enum):
    PLAIN = "plain"
    EXTENDED = "extended"
    """Fourteen more bytes with the gateway's serial and a channel."""
    UNKNOWN = "unknown"
    """Known from lists of ids only; nobody published a frame."""


class Exchange(msgspec.Struct, Generic[Request, Answer], frozen=True):
    name: str
    role: Role
    started_by: Party
    request_id: int
    messages: Messages[Request, Answer]
    header: Header = Header.PLAIN
    encrypted: bool = False
    """On links whose DTU asks for encryption."""

    @property
    def request(self) -> type[Request]:
        return self.messages()[0]

    @property
    def answer(self) -> type[Answer]:
        return self.messages()[1]

    @property
    def answer_id(self) -> int:
        return self.request_id ^ TOWARDS_DTU
