"""One call on the configuration channel, answered: who may, who is meant, what is known."""

from __future__ import annotations

from google.protobuf.message import Message

from ohmstead.families.tesla_wall_connector import envelope
from ohmstead.families.tesla_wall_connector.errors import Status
from ohmstead.families.tesla_wall_connector.protos.common_pb2 import ErrorResponse
from ohmstead.families.tesla_wall_connector.protos.common_pb2 import Status as StatusMessage
from ohmstead.families.tesla_wall_connector.simulator.answers import READING, Known, Refusal
from ohmstead.families.tesla_wall_connector.simulator.changes import CHANGING
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit
from ohmstead.model import UnknownMessage, WireError


def is_change(body: bytes) -> bool:
    """Whether a call would change something."""
    try:
        return envelope.opened(body).name in CHANGING
    except WireError:
        return False


def answered(unit: Unit, body: bytes) -> bytes:
    """The body of the reply; every body has one."""
    try:
        message = _answer(unit, body)
    except Refusal as refusal:
        message = refused(refusal.status)
    return envelope.reply(message, unit.identity.din)


def refused(status: int) -> Message:
    return ErrorResponse(status=StatusMessage(code=status))


def _answer(unit: Unit, body: bytes) -> Message:
    if not unit.window.has_presence(unit.now_s):
        raise Refusal(Status.UNAUTHENTICATED)
    try:
        found = envelope.opened(body)
    except UnknownMessage:
        raise Refusal(Status.UNIMPLEMENTED) from None
    except WireError:
        raise Refusal(Status.INVALID_ARGUMENT) from None
    if found.recipient.din != unit.identity.din:
        raise Refusal(Status.NOT_FOUND)
    known = _known(found.name)
    if known is None or unit.profile.firmware.number < known.since:
        raise Refusal(Status.UNIMPLEMENTED)
    return known.answer(unit, found.message)


def _known(name: str) -> Known | None:
    return READING.get(name) or CHANGING.get(name)
