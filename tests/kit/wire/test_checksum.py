"""The CRC against published values and against the definition, bit by bit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.kit.wire import crc16_modbus
from ohmstead.kit.wire.checksum import in_python


@pytest.mark.parametrize(
    ("data", "crc"),
    [
        (b"", 0xFFFF),
        (b"\x00", 0x40BF),
        (b"123456789", 0x4B37),  # the check value of CRC-16/MODBUS
        (bytes.fromhex("010300000001"), 0x0A84),  # "read one holding register": 84 0A on the wire
        (bytes.fromhex("110600010003"), 0x9B9A),  # "write one register": 9A 9B on the wire
    ],
)
def test_known_bytes_have_their_known_checksum(data: bytes, crc: int) -> None:
    assert crc16_modbus(data) == crc


def bit_by_bit(data: bytes) -> int:
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


@given(st.binary(max_size=300) | st.binary(min_size=1000, max_size=2000))
def test_folded_or_two_bytes_a_step_is_the_same_as_bit_by_bit(data: bytes) -> None:
    assert in_python(data) == bit_by_bit(data)


@given(st.binary(max_size=300) | st.binary(min_size=1000, max_size=2000))
def test_what_is_used_here_compiled_or_not_is_the_same(data: bytes) -> None:
    assert [crc16_modbus(given) for given in (data, bytearray(data), memoryview(data))] == [
        in_python(data)
    ] * 3


@given(st.binary(min_size=1, max_size=100))
def test_a_message_with_its_checksum_behind_it_leaves_zero(data: bytes) -> None:
    assert crc16_modbus(data + crc16_modbus(data).to_bytes(2, "little")) == 0


@given(st.binary(max_size=50))
def test_any_kind_of_buffer_will_do(data: bytes) -> None:
    assert crc16_modbus(data) == crc16_modbus(bytearray(data)) == crc16_modbus(memoryview(data))


@pytest.mark.parametrize("size", [*range(60, 140), 1014, 8192, 65_525])
def test_every_length_is_folded_rightly(size: int) -> None:
    data = bytes((7 * i * i + size) & 0xFF for i in range(size))
    assert crc16_modbus(data) == bit_by_bit(data)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_whatever_holds_the_bytes_will_do(kind: type[bytes]) -> None:
    assert crc16_modbus(kind(b"123456789")) == 0x4B37
    assert crc16_modbus(kind(b"123456789" * 20)) == bit_by_bit(b"123456789" * 20)
