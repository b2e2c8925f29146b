"""Golden frames: recorded from devices, or made by published clients from recorded values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    ErrorReply,
    Flaw,
    Function,
    Heartbeat,
    LanConfiguration,
    Message,
    NullMessage,
    ReadReply,
    ReadRequest,
    Role,
    WriteReply,
    WriteRequest,
    decode_frame,
    encode_frame,
)
from ohmstead.kit.wire import crc16_modbus
from ohmstead.model import BadChecksum, LeftoverBytes, Truncated, UnknownMessage, WireError

FRAMES = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text(encoding="utf-8"))[
    "frames"
]
SOUND = [v for v in FRAMES if v["expect"].get("crc_ok", True)]
BROKEN = [v for v in FRAMES if not v["expect"].get("crc_ok", True)]
SYNTHETIC = "write reply (synthetic"
"""The one frame whose inner length is wrong on purpose."""

READ = {
    "read_holding": Bank.HR,
    "read_input": Bank.IR,
    "read_meter_product": Bank.MR,
}


def name(vector: dict[str, Any]) -> str:
    return str(vector["source"])


def decoded(vector: dict[str, Any]) -> Message:
    role = Role.ADAPTER if vector["direction"] == "request" else Role.CLIENT
    return decode_frame(bytes.fromhex(vector["hex"]), role)


@pytest.mark.parametrize("vector", SOUND, ids=name)
def test_a_golden_frame_says_what_it_should(vector: dict[str, Any]) -> None:
    said, expect = decoded(vector), vector["expect"]
    kind, _, form = expect["kind"].rpartition("_")
    match said:
        case Heartbeat(serial, number):
            assert (expect["kind"], serial, number) == (
                "heartbeat",
                expect["adapter_serial"],
                expect["adapter_type"],
            )
        case LanConfiguration():
            assert said.addresses == (expect["ip"], expect["mask"], expect["gateway"])
            assert said.is_intact
        case NullMessage(device, serial):
            assert (expect["kind"], f"0x{device:02x}", serial) == (
                "null",
                expect["device"],
                expect["adapter_serial"],
            )
        case ReadRequest(device, bank, base, count, serial):
            assert (form, bank) == ("request", READ[kind])
            assert (f"0x{device:02x}", base, count) == (expect["device"], expect["base"], expect["count"])
            assert (said.function, serial) == (expect["inner_fc"], expect["adapter_serial"])
        case ReadReply(device, bank, base, words, envelope, serial):
            assert (form, bank) == ("response", READ[kind])
            assert (f"0x{device:02x}", base, said.count) == (
                expect["device"],
                expect["base"],
                expect["count"],
            )
            assert (envelope, serial) == (expect["envelope_serial"], expect["adapter_serial"])
            assert list(words) == expect.get("values", list(words))
        case ErrorReply(device, function, base, count):
            assert form == "error"
            assert function | 0x80 == expect["inner_fc"]
            assert f"0x{device:02x}" == expect["device"]
            first, second = ("register", "value") if function == Function.WRITE else ("base", "count")
            assert (base, count) == (expect[first], expect[second])
        case WriteRequest(device, register, value) | WriteReply(device, register, value):
            assert kind == "write_single"
            assert (f"0x{device:02x}", register, value) == (
                expect["device"],
                expect["register"],
                expect["value"],
            )


@pytest.mark.parametrize("vector", [v for v in SOUND if not v["source"].startswith(SYNTHETIC)], ids=name)
def test_a_golden_frame_comes_out_again_byte_for_byte(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    assert encode_frame(decoded(vector), unit=data[6]) == data


@pytest.mark.parametrize("vector", BROKEN, ids=name)
def test_a_frame_with_a_wrong_crc_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(BadChecksum):
        decoded(vector)


READ_REPLY = ReadReply(0x32, Bank.IR, 60, (3232, 3237), "SA1234G567", "WF1234G567")
READ_BYTES = encode_frame(READ_REPLY)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Truncated),
        (READ_BYTES[:18], Truncated),
        (READ_BYTES[:-1], Truncated),
        (READ_BYTES + b"\0", LeftoverBytes),
        (b"\x00" + READ_BYTES[1:], WireError),
        (READ_BYTES[:6] + b"\x07" + READ_BYTES[7:], WireError),
        (READ_BYTES[:7] + b"\x09" + READ_BYTES[8:], WireError),
        (READ_BYTES[:-1] + bytes((READ_BYTES[-1] ^ 1,)), BadChecksum),
        (bytes.fromhex("59590001000e01015746323132354730303001ff"), WireError),
    ],
)
def test_broken_bytes_say_what_is_wrong_and_hold_nothing_back(data: bytes, error: type[WireError]) -> None:
    with pytest.raises(error) as raised:
        decode_frame(data)
    assert b"SA1234" not in raised.value.data
    assert "SA1234" not in str(raised.value)


def with_crc(inner: bytes) -> bytes:
    """A reply around any inner bytes, with a right checksum."""
    size = len(inner) + 2
    header = b"\x59\x59\x00\x01" + (size + 20).to_bytes(2) + b"\x01\x02WF1234G567" + size.to_bytes(8)
    return header + inner + crc16_modbus(inner).to_bytes(2, "little")


@pytest.mark.parametrize(
    ("inner", "flaw"),
    [
        (b"\x11\x10SA1234G567\0\x01\0\x02", Flaw.FUNCTION),
        (b"\x11\x90SA1234G567\0\x01\0\x02", Flaw.FUNCTION),
        (b"\x11\x04SA1234G567\0\x3c\0\x03\0\x01\0\x02", Flaw.LENGTH),
        (b"\x11\x04SA1234G567\0\x3c\0\x3d" + bytes(122), Flaw.LENGTH),
        (b"\x11\x06SA1234G567\0\x3c\0\x01\0\0", Flaw.LENGTH),
        (b"\x11\x04SA123", Flaw.LENGTH),
    ],
)
def test_a_right_crc_does_not_make_a_frame_right(inner: bytes, flaw: Flaw) -> None:
    with pytest.raises(UnknownMessage if flaw is Flaw.FUNCTION else WireError, match=flaw.value.split()[0]):
        decode_frame(with_crc(inner))


def test_a_request_with_another_inner_length_is_no_request() -> None:
    data = bytearray(encode_frame(ReadRequest(0x11, Bank.IR, 0, 60)))
    data[25] = 0
    with pytest.raises(WireError, match="inner length"):
        decode_frame(bytes(data), Role.ADAPTER)


def test_old_hybrids_read_requests_whatever_their_crc() -> None:
    data = bytearray(encode_frame(WriteRequest(0x11, 20, 1)))
    data[-1] ^= 0xFF
    assert decode_frame(bytes(data), Role.ADAPTER, checks_crc=False) == WriteRequest(0x11, 20, 1)
    with pytest.raises(BadChecksum):
        decode_frame(bytes(data), Role.ADAPTER)


@pytest.mark.parametrize(
    "message",
    [
        ReadRequest(0x111, Bank.IR, 0, 60),
        WriteRequest(0x11, 20, 65536),
        WriteRequest(0x11, 20, -1),
        ReadReply(0x11, Bank.IR, 0, (0,) * 61, "SA1234G567", "WF1234G567"),
        ReadReply(0x11, Bank.IR, 0, (65536,), "SA1234G567", "WF1234G567"),
        ReadReply(0x11, Bank.IR, 0, (1,), "SA1234", "WF1234G567"),
        Heartbeat("WF1234G567", 256),
        Heartbeat("日本語日本語日本語日", 1),
    ],
)
def test_what_no_frame_can_hold_is_refused(message: Message) -> None:
    with pytest.raises(WireError):
        encode_frame(message)


def test_requests_are_equal_by_value_and_say_what_they_ask() -> None:
    write = WriteRequest(0x11, 110, 4)
    assert write == WriteRequest(0x11, 110, 4) != WriteRequest(0x11, 110, 5)
    assert (write.device_address, write.function, write.register, write.value) == (0x11, 6, 110, 4)
    read = ReadRequest(0x32, Bank.IR, 60, 60)
    assert (read.device_address, read.function, read.register, read.value) == (0x32, 4, 60, 60)


def test_the_addresses_of_a_broadcast_never_show() -> None:
    message = LanConfiguration("203.0.113.9,255.255.255.0,203.0.113.1\r\n\r\n", "WO2203G000")
    assert "203" not in repr(message)
    assert message.addresses == ("203.0.113.9", "255.255.255.0", "203.0.113.1")
