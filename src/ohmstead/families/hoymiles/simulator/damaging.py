"""Answers that are broken on the wire: the wrong number, cut short, spoilt bytes, strangers in the same write."""

from __future__ import annotations

from random import Random
from typing import Final

from google.protobuf.message import Message

from ohmstead.families.hoymiles.crypto import TAG_BYTES
from ohmstead.families.hoymiles.messages.app import HEARTBEAT, REAL_DATA
from ohmstead.families.hoymiles.messages.exchange import TOWARDS_DTU
from ohmstead.families.hoymiles.simulator.faults import Faults
from ohmstead.families.hoymiles.simulator.spoiling import strange
from ohmstead.families.hoymiles.wire import Extension, Frame, encode_frame

NO_PROTOBUF: Final = b"\xff\xff\xff\xff"
TOO_SHORT: Final = b"\x00\x05"
TOO_LONG: Final = b"\xff\xf0"
OTHER_ID: Final = HEARTBEAT.answer_id ^ 0x0010


def framed(request: Frame, answer: Message, extension: Extension | None, faults: Faults) -> Frame:
    """The answer's frame, with what faults do to its header and its payload."""

    def strikes(kind: str) -> bool:
        return faults.strike(kind, request.command_id) is not None

    command_id, sequence = request.command_id ^ TOWARDS_DTU, request.sequence
    payload = answer.SerializeToString()
    if strikes("wrong-sequence"):
        sequence = (sequence + 1) % 0x10000
    if strikes("wrong-id"):
        command_id = OTHER_ID
    if strikes("no-protobuf"):
        payload = NO_PROTOBUF
    if strikes("cut-protobuf"):
        payload = payload[:-1]
    if strikes("strange-fields"):
        payload = strange(payload, command_id)
    if strikes("empty-payload"):
        payload = b""
    return Frame(command_id, sequence, payload, extension)


def damaged(data: bytes, request: Frame, faults: Faults, random: Random, *, has_tag: bool) -> bytes:
    """What is written in place of an answer's bytes."""

    def strikes(kind: str) -> bool:
        return faults.strike(kind, request.command_id) is not None

    if strikes("bad-crc"):
        data = data[:6] + bytes((data[6] ^ 1,)) + data[7:]
    if has_tag and strikes("bad-tag"):
        data = data[:-TAG_BYTES] + bytes(TAG_BYTES)
    if strikes("wrong-length"):
        data = data[:8] + TOO_SHORT + data[10:]
    if strikes("long-length"):
        data = data[:8] + TOO_LONG + data[10:]
    if strikes("duplicate"):
        data += data
    if strikes("unsolicited"):
        data = encode_frame(Frame(REAL_DATA.answer_id, 7)) + data
    if strikes("batch"):
        stray = encode_frame(Frame(HEARTBEAT.answer_id, 8))
        data = stray + data + stray
    if strikes("garbage"):
        data = b"\x00HM\x00\x00" + random.randbytes(9) + data + b"\x00\x00"
    return data
