"""What an adapter answers, and what it lets pass in silence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    ErrorReply,
    ReadReply,
    ReadRequest,
    WriteReply,
    WriteRequest,
    encode_frame,
)
from ohmstead.testing import warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
PLANTS = ("hybrid-gen1", "hybrid-gen2", "ac", "all-in-one", "hybrid-hv-gen3", "hybrid-3ph", "ems", "gateway")


@pytest.mark.parametrize("plant", PLANTS)
@warped
async def test_every_frame_has_true_lengths_and_a_true_crc(bench: Open, plant: str) -> None:
    async with bench(plant) as b, b.ear() as ear:
        await ear.ask(ReadRequest(0x11, Bank.HR, 0, 60))
        await ear.ask(ReadRequest(0x11, Bank.IR, 9000, 5))
        await ear.write(50, 100)
        await ear.write(50, 101)
        frames = split(ear.heard)
        assert len(frames) == 4
        for frame in frames:
            assert int.from_bytes(frame[4:6]) == len(frame) - 6
            assert frame[6:8] == b"\x01\x02"
            assert int.from_bytes(frame[18:26]) == len(frame) - 26
            assert crc_bit_by_bit(frame[26:-2]) == int.from_bytes(frame[-2:], "little")


def split(data: bytes) -> list[bytes]:
    return [b"\x59\x59\x00\x01" + part for part in data.split(b"\x59\x59\x00\x01")[1:]]


def crc_bit_by_bit(data: bytes) -> int:
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def frame(request: ReadRequest | WriteRequest, **changes: bytes) -> bytes:
    data = bytearray(encode_frame(request))
    for place, value in changes.items():
        at = {"inner": 18, "unit": 6, "crc": 32, "function": 27}[place]
        data[at : at + len(value)] = value
    return bytes(data)


READ = ReadRequest(0x11, Bank.HR, 13, 5)
SERIAL = (0x5341, 0x3231, 0x3134, 0x4730, 0x3030)


@warped
async def test_a_request_with_a_wrong_inner_length_is_ignored(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await ear.link.send(frame(READ, inner=bytes(8)))
        assert await ear.hears_nothing()


@warped
async def test_a_wrong_crc_is_executed_by_old_hybrids_only(bench: Open) -> None:
    async with bench("hybrid-gen1") as b, b.ear() as ear:
        await ear.link.send(frame(READ, crc=b"\0\0"))
        assert (await ear.hear()).words == SERIAL
    async with bench("all-in-one") as b, b.ear() as ear:
        await ear.link.send(frame(READ, crc=b"\0\0"))
        assert await ear.hears_nothing()


@warped
async def test_the_unit_of_the_cloud_is_accepted(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await ear.link.send(frame(READ, unit=b"\0"))
        assert (await ear.hear()).words == SERIAL


@warped
async def test_rubbish_before_a_request_does_not_end_the_connection(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await ear.link.send(b"GET / HTTP/1.1\r\n\r\nYY\x00\x01\xff\xff\xff\xff" + frame(READ))
        assert (await ear.hear()).words == SERIAL
        assert b.plant.state()["damaged_bytes"] > 0


@warped
async def test_a_request_whose_tail_is_lost_does_not_swallow_the_next_one(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await ear.link.send(frame(READ)[:20])
        await b.live(3)
        await ear.link.send(frame(READ))
        assert (await ear.hear()).words == SERIAL


@warped
async def test_an_unknown_function_gets_no_answer(bench: Open) -> None:
    async with bench("hybrid-gen1") as b, b.ear() as ear:
        await ear.link.send(frame(READ, function=b"\x10"))
        assert await ear.hears_nothing()


@pytest.mark.parametrize("count", [0, 61, 120])
@warped
async def test_a_count_out_of_range_is_refused_and_echoed(bench: Open, count: int) -> None:
    async with bench("all-in-one") as b, b.ear() as ear:
        reply = await ear.ask(ReadRequest(0x11, Bank.HR, 0, count))
        assert reply == ErrorReply(0x11, 3, 0, count, "CH2414G000", "WJ2414G000")


@warped
async def test_a_read_that_touches_a_register_that_does_not_exist_is_refused(bench: Open) -> None:
    async with bench("all-in-one") as b, b.ear() as ear:
        reply = await ear.ask(ReadRequest(0x11, Bank.HR, 1100, 60))
        assert reply == ErrorReply(0x11, 3, 1100, 60, "CH2414G000", "WJ2414G000")
    async with bench("hybrid-gen1") as b, b.ear() as ear:
        assert await ear.read(0x11, "HR", 318, 1) == (0,)
        reply = await ear.ask(ReadRequest(0x11, Bank.HR, 318, 3))
        assert reply == ErrorReply(0x11, 3, 318, 0, "SA2114G000", "WF2125G000")


@warped
async def test_absent_devices_are_silent_or_all_zero_as_on_the_real_plant(bench: Open) -> None:
    async with bench("hybrid-gen1") as b, b.ear() as ear:
        await ear.say(ReadRequest(0x01, Bank.IR, 60, 30))
        assert await ear.hears_nothing()
    async with bench("ems") as b, b.ear() as ear:
        assert await ear.read(0x05, "IR", 60, 30) == (0,) * 30
    async with bench("gateway") as b, b.ear() as ear:
        await ear.say(ReadRequest(0x32, Bank.IR, 60, 60))
        assert await ear.hears_nothing()
    async with bench("hybrid-gen2") as b, b.ear() as ear:
        assert await ear.read(0x34, "IR", 60, 60) == (0,) * 60


@warped
async def test_a_meter_has_a_product_page_and_no_meter_has_none(bench: Open) -> None:
    async with bench("hybrid-3ph") as b, b.ear() as ear:
        page = await ear.read(0x02, "MR", 60, 60)
        assert page[:9] == (0x0DC1, 0x49D7, 0x0045, 0x5354, 0x0088, 0x0100, 0x0100, 0x0001, 0x2580)
        await ear.say(ReadRequest(0x03, Bank.MR, 60, 60))
        assert await ear.hears_nothing()


@warped
async def test_mirrors_answer_with_the_inverters_registers(bench: Open) -> None:
    async with bench("hybrid-gen1") as b, b.ear() as ear:
        for mirror in (0x31, 0x32):
            assert await ear.read(mirror, "HR", 13, 5) == SERIAL
        assert await ear.read(0x31, "IR", 60, 4) == (0, 0, 0, 0)
        reply = await ear.write(111, 30, device=0x31)
        assert reply == WriteReply(0x31, 111, 30, "SA2114G000", "WF2125G000")
        assert await ear.register(111, bank="HR") == 30


@warped
async def test_on_an_all_in_one_each_device_has_its_own_envelope(bench: Open) -> None:
    async with bench("all-in-one") as b, b.ear() as ear:
        envelopes = {
            device: (await ear.ask(ReadRequest(device, Bank.IR, 60, 5))).envelope_serial
            for device in (0x02, 0x50, 0x53, 0x70, 0xA0)
        }
        assert envelopes == {
            0x02: "CH2414G000",
            0x50: "HX0000G000",
            0x53: "HX0000G000",
            0x70: "HC0000G000",
            0xA0: "HC0000G000",
        }


@warped
async def test_a_write_is_echoed_stored_and_read_back(bench: Open) -> None:
    async with bench("hybrid-gen2") as b, b.ear() as ear:
        reply = await ear.write(110, 25)
        assert reply == WriteReply(0x11, 110, 25, "EA2302G000", "WG2302G000")
        assert await ear.register(110, bank="HR") == 25


@pytest.mark.parametrize(
    ("plant", "register", "value"),
    [
        ("hybrid-gen1", 110, 3),  # below the range
        ("hybrid-gen1", 110, 101),
        ("hybrid-gen1", 0, 1),  # never written
        ("hybrid-gen1", 319, 0),  # not on this model
        ("hybrid-gen1", 246, 100),  # no extended slots
        ("hybrid-gen1", 94, 2400),  # no time of day
        ("ac", 319, 0),  # its page has it, its firmware does not take it
        ("ac", 313, 0),  # the hardware refuses 0
        ("hybrid-3ph", 246, 100),  # a bank that this unit does not have
        ("hybrid-3ph", 103, 1),  # calibration
        ("ems", 37, 1),  # nothing but its schedule
        ("ems", 2055, 101),
    ],
)
@warped
async def test_a_write_that_is_not_allowed_is_refused_with_its_value(
    bench: Open, plant: str, register: int, value: int
) -> None:
    async with bench(plant) as b, b.ear() as ear:
        before = b.plant.plant.words(0x11, Bank.HR, register, 1)
        reply = await ear.write(register, value)
        assert isinstance(reply, ErrorReply)
        assert (reply.function, reply.base, reply.count) == (6, register, value)
        assert b.plant.plant.words(0x11, Bank.HR, register, 1) == before


@warped
async def test_newer_firmware_acknowledges_a_time_after_the_day_and_keeps_the_old_one(bench: Open) -> None:
    async with bench("all-in-one") as b, b.ear() as ear:
        assert isinstance(await ear.write(94, 130), WriteReply)
        assert isinstance(await ear.write(94, 2400), WriteReply)
        assert await ear.register(94, bank="HR") == 130


@warped
async def test_a_write_to_a_battery_is_refused(bench: Open) -> None:
    async with bench("hybrid-gen2") as b, b.ear() as ear:
        assert isinstance(await ear.write(110, 25, device=0x32), ErrorReply)


@warped
async def test_a_gateways_echo_has_nuls_in_its_serial(bench: Open) -> None:
    async with bench("gateway") as b, b.ear() as ear:
        reply = await ear.write(110, 10)
        assert reply.envelope_serial == "GW24\0\0G000"


@warped
async def test_a_page_is_read_on_any_base(bench: Open) -> None:
    async with bench("hybrid-gen2") as b, b.ear() as ear:
        reply = await ear.ask(ReadRequest(0x11, Bank.HR, 14, 2))
        assert isinstance(reply, ReadReply)
        assert reply.words == (0x3233, 0x3032)
