from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.history.codec import (
    Parts,
    as_integers,
    pack_differences,
    pack_doubles,
    pack_integers,
    pack_varint,
    protect,
    unprotect,
)
from ohmstead.history.errors import DamagedBlob

INTEGERS = st.integers(-(1 << 62), 1 << 62)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def test_small_integers_take_one_byte_each() -> None:
    assert pack_integers([1, -2, 3]) == bytes([3, 1, 1, 254, 3])


def test_wider_integers_are_stored_plane_by_plane() -> None:
    assert pack_integers([0x0102, 0x0304]) == bytes([2, 2, 0x02, 0x04, 0x01, 0x03])


def test_zeros_take_no_planes() -> None:
    assert pack_integers([0] * 100) == bytes([100, 0])


def test_varints_are_seven_bits_a_byte_lowest_first() -> None:
    assert pack_varint(300) == bytes([0xAC, 0x02])


def test_measurements_are_decimals_in_disguise() -> None:
    assert as_integers([230.1, 229.95, 230.0]) == (2, [23010, 22995, 23000])


def test_what_is_no_short_decimal_stays_a_double() -> None:
    assert as_integers([1 / 3]) is None
    assert as_integers([1e300]) is None


@given(st.lists(INTEGERS), st.lists(st.integers(-(1 << 61), 1 << 61), min_size=1), st.lists(FINITE))
def test_columns_come_back_as_they_went(
    integers: list[int], neighbours: list[int], doubles: list[float]
) -> None:
    parts = unprotect(protect(pack_integers(integers) + pack_differences(neighbours) + pack_doubles(doubles)))
    assert list(parts.integers()) == integers
    assert parts.differences() == neighbours
    assert list(parts.doubles()) == doubles


@given(st.lists(FINITE, min_size=1))
def test_decimals_are_exact_or_not_used(values: list[float]) -> None:
    found = as_integers(values)
    if found is not None:
        assert [integer / 10 ** found[0] for integer in found[1]] == values


@given(st.binary())
def test_rubbish_is_damage_and_nothing_else(blob: bytes) -> None:
    with pytest.raises(DamagedBlob):
        unprotect(blob)


@given(st.binary())
def test_rubbish_with_a_right_checksum_is_at_worst_damage(content: bytes) -> None:
    for read in (Parts.integers, Parts.differences, Parts.doubles, Parts.varint):
        try:
            read(Parts(content))
        except DamagedBlob:
            continue


def test_one_flipped_bit_is_found() -> None:
    blob = bytearray(protect(pack_integers(list(range(1000)))))
    blob[17] ^= 0x10
    with pytest.raises(DamagedBlob, match="checksum"):
        unprotect(bytes(blob))
