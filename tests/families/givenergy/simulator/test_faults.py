"""Each fault does what its name says, as often as it is told, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from random import Random
from typing import Any

import pytest

from ohmstead.families.givenergy.simulator import KINDS
from ohmstead.families.givenergy.simulator.faults import Faults
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    BadFrame,
    ErrorReply,
    Flaw,
    LanConfiguration,
    NullMessage,
    ReadReply,
    ReadRequest,
    WriteReply,
    WriteRequest,
)
from ohmstead.kit.wire import Damage
from ohmstead.model import ConfigError, Fault
from ohmstead.testing import warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
SERIAL = ReadRequest(0x11, Bank.HR, 13, 5)
LIVE = ReadRequest(0x11, Bank.IR, 0, 60)
PACK = ReadRequest(0x32, Bank.IR, 60, 60)
MIRROR = ReadRequest(0x32, Bank.IR, 0, 60)
RESERVE = WriteRequest(0x11, 110, 20)


def now_s() -> float:
    return asyncio.get_running_loop().time()


@warped
async def test_a_silent_window_ends_and_heartbeats_go_on_in_it(bench: Open) -> None:
    async with bench("ems") as b, b.ear() as ear:
        await b.live(50)
        await b.fault("silent-window", times=1, s=20)
        for _ in range(4):
            await ear.say(LIVE)
            assert await ear.hears_nothing(4)
        assert len(ear.heartbeats) == 1
        await b.live(5)
        assert isinstance(await ear.ask(LIVE), ReadReply)


@warped
async def test_a_silent_window_of_no_stated_length_lasts_two_to_thirty_seconds(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await b.fault("silent-window", times=1)
        began_s = now_s()
        while await ear.say(SERIAL) or await ear.hears_nothing(0.5):
            pass
        assert 2 <= now_s() - began_s <= 31


@warped
async def test_slow_replies_are_late_by_what_is_asked(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await b.fault("slow", times=1, s=3)
        began_s = now_s()
        await ear.ask(SERIAL)
        assert now_s() - began_s == pytest.approx(3.0, abs=0.01)


@pytest.mark.parametrize("fault", ["drop-client", "reset-client"])
@warped
async def test_a_dropped_client_is_the_one_that_asked(bench: Open, fault: str) -> None:
    async with bench() as b, b.ear() as one, b.ear() as two:
        await b.fault(fault, times=1)
        await one.say(SERIAL)
        await b.live(1)
        assert one.is_lost
        assert isinstance(await two.ask(SERIAL), ReadReply)


@warped
async def test_a_half_open_connection_stays_and_says_nothing_more(bench: Open) -> None:
    async with bench() as b, b.ear() as one, b.ear() as two:
        await b.fault("half-open", times=1)
        await one.say(SERIAL)
        assert isinstance(await two.hear(), ReadReply)
        await two.say(SERIAL)
        assert await one.hears_nothing(300)
        assert not one.is_lost


@pytest.mark.parametrize("size", [1, 7, 300])
@warped
async def test_split_replies_come_in_pieces_and_are_whole(bench: Open, size: int) -> None:
    async with bench() as b, b.ear() as ear:
        await b.fault("split", bytes=size)
        assert (await ear.ask(SERIAL)).words == (0x5341, 0x3231, 0x3134, 0x4730, 0x3030)
        await b.plant.act("clear_faults")
        await b.fault("split")
        assert (await ear.ask(SERIAL)).words == (0x5341, 0x3231, 0x3134, 0x4730, 0x3030)


@warped
async def test_glued_replies_come_three_at_once_or_when_patience_ends(bench: Open) -> None:
    async with bench("hybrid-gen1", latency="fixed") as b, b.ear() as ear:
        await b.fault("glue")
        began_s = now_s()
        await ear.say(LIVE, LIVE, LIVE)
        arrivals_s = []
        for _ in range(3):
            await ear.hear()
            arrivals_s.append(now_s() - began_s)
        assert arrivals_s == [pytest.approx(0.39, abs=0.02)] * 3
        await ear.ask(LIVE)
        assert now_s() - began_s == pytest.approx(0.39 + 0.13 + 0.5, abs=0.05)


@pytest.mark.parametrize("how", ["insert", "delete", "flip"])
@warped
async def test_byte_noise_damages_and_the_next_frame_is_good_again(bench: Open, how: str) -> None:
    async with bench() as b, b.ear() as ear:
        for _ in range(20):
            await b.fault("byte-noise", times=1, how=how)
            await ear.say(SERIAL)
            await b.live(3)
        heard = [await ear.hear() for _ in range(20)]
        assert sum(isinstance(message, Damage) for message in heard) > 10
        while not await ear.hears_nothing(3):
            pass
        assert b.plant.state()["faults"]["byte-noise"] == 20
        assert (await ear.ask(SERIAL)).words == (0x5341, 0x3231, 0x3134, 0x4730, 0x3030)


@warped
async def test_a_bad_crc_and_a_zero_tail_are_what_they_say(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await b.fault("bad-crc", times=1)
        assert (await ear.ask(LIVE)).flaw is Flaw.CRC
        await b.fault("zero-tail", times=1)
        damaged = await ear.ask(LIVE)
        assert isinstance(damaged, BadFrame)
        assert damaged.flaw is Flaw.ZERO_TAIL
        assert damaged.frame[50:] == bytes(114)


@warped
async def test_a_zero_page_is_all_zero_and_has_a_true_crc(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await b.fault("zero-page", times=1, bank="IR", base=0)
        assert any((await ear.ask(SERIAL)).words)
        assert (await ear.ask(LIVE)).words == (0,) * 60


@warped
async def test_a_substituted_page_carries_a_network_packet_at_0x32_only(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await b.fault("substituted-page")
        good = await ear.ask(LIVE)
        leaked = await ear.ask(MIRROR)
        assert good.words[35] != 0x4500
        assert (leaked.words[35], leaked.words[41], leaked.words[51], leaked.words[56]) == (
            0x4500,
            0xC0A8,
            0x8018,
            0x080A,
        )


@warped
async def test_stale_pages_are_repeated_and_end_at_once(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        old = await ear.ask(LIVE)
        await b.fault("stale-replay", times=1)
        for _ in range(10):
            await b.live(11)
            assert (await ear.ask(LIVE)).words == old.words
        await b.live(16)
        assert (await ear.ask(LIVE)).words != old.words


@pytest.mark.parametrize(
    ("how", "address", "value"),
    [
        ("capacity", 88, 0xED00),
        ("cell", 74, 0x0E01),
        ("temperatures", 77, 0),
        ("firmware", 98, 0x0B00),
        ("highest", 103, 0),
        ("lowest", 104, 0x000B),
    ],
)
@warped
async def test_a_splice_puts_a_part_of_another_page_into_a_packs(
    bench: Open, how: str, address: int, value: int
) -> None:
    async with bench("hybrid-gen2") as b, b.ear() as ear:
        good = await ear.ask(PACK)
        await b.fault("splice", how=how, times=1)
        spliced = await ear.ask(PACK)
        assert spliced.words[address - 60] & (0xFF00 if how == "capacity" else 0xFFFF) == (
            good.words[91 - 60] if how == "cell" else value
        )
        assert (await ear.ask(PACK)).words == good.words


@warped
async def test_a_wrong_device_repeats_the_values_as_its_own(bench: Open) -> None:
    async with bench("ems") as b, b.ear() as ear:
        await b.fault("wrong-device", times=1, bank="IR", base=0)
        right = await ear.ask(LIVE)
        began_s = now_s()
        wrong = await ear.hear()
        assert now_s() - began_s == pytest.approx(0.2, abs=0.01)
        assert (right.device, wrong.device) == (0x11, 0x03)
        assert wrong.words == right.words


@warped
async def test_a_wrong_serial_stands_in_the_envelope_or_in_the_page(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await b.fault("wrong-serial", times=1)
        assert (await ear.ask(SERIAL)).envelope_serial == "ZZ9999Z999"
        await b.fault("wrong-serial", times=1, how="battery")
        page = await ear.ask(PACK)
        assert page.words[50:55] == (0x5A5A, 0x3939, 0x3939, 0x5A39, 0x3939)


@warped
async def test_null_messages_and_broadcasts_come_before_the_reply(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await b.fault("null-message", times=1)
        assert await ear.ask(SERIAL) == NullMessage(0x11, "WF2125G000")
        assert isinstance(await ear.hear(), ReadReply)
        await b.fault("lan-broadcast", times=1)
        assert isinstance(await ear.ask(SERIAL), ReadReply)
        assert isinstance(ear.broadcasts[0], LanConfiguration)


@warped
async def test_an_error_burst_refuses_one_device_with_a_count_of_zero(bench: Open) -> None:
    async with bench("hybrid-gen2") as b, b.ear() as ear:
        await b.fault("error-burst", device=0x32, **{"for": 30})
        assert await ear.ask(PACK) == ErrorReply(0x32, 4, 60, 0, "EA2302G000", "WG2302G000")
        assert isinstance(await ear.ask(SERIAL), ReadReply)
        await b.live(31)
        assert isinstance(await ear.ask(PACK), ReadReply)


@warped
async def test_writes_lose_their_echo_or_get_it_late_or_get_anothers(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await b.fault("lost-ack", times=1)
        await ear.say(RESERVE)
        assert await ear.hears_nothing()
        assert await ear.register(110, bank="HR") == 20
        await b.fault("late-ack", times=1, s=3)
        began_s = now_s()
        assert isinstance(await ear.write(110, 21), WriteReply)
        assert now_s() - began_s == pytest.approx(3.0, abs=0.01)
        await b.fault("foreign-echo", times=1, value=77)
        assert (await ear.write(110, 22)).value == 77
        assert (await ear.hear()).value == 22
        assert await ear.register(110, bank="HR") == 22


@warped
async def test_writes_are_ignored_or_done_late(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await ear.write(110, 10)
        await b.fault("ignored-write", times=1)
        assert (await ear.write(110, 30)).value == 30
        assert await ear.register(110, bank="HR") == 10
        await b.fault("late-write", times=1, s=6)
        assert (await ear.write(110, 40)).value == 40
        assert await ear.register(110, bank="HR") == 10
        await b.live(7)
        assert await ear.register(110, bank="HR") == 40


@warped
async def test_a_busy_unit_refuses_writes_for_a_while_and_answers_reads(bench: Open) -> None:
    async with bench() as b, b.ear() as ear:
        await b.fault("busy", times=1, s=8)
        assert isinstance(await ear.write(110, 20), ErrorReply)
        assert isinstance(await ear.ask(SERIAL), ReadReply)
        await b.live(9)
        assert isinstance(await ear.write(110, 20), WriteReply)


@warped
async def test_heartbeats_stop_or_change_their_type(bench: Open) -> None:
    async with bench("ems") as b, b.ear() as ear:
        await b.fault("heartbeat-type", times=1, value=0x20)
        await b.live(61)
        assert [heartbeat.type for heartbeat in ear.heartbeats] == [0x20]
        await b.fault("heartbeat-off")
        await b.live(300)
        assert len(ear.heartbeats) == 1
        assert not ear.is_lost


@warped
async def test_a_reboot_comes_by_itself_when_its_time_has_come(bench: Open) -> None:
    async with bench() as b:
        await b.fault("reboot", after=30)
        await b.live(28)
        assert b.plant.state()["is_away"] is False
        await b.live(10)
        assert b.plant.state()["is_away"] is True
        await b.live(95)
        assert (b.plant.state()["is_away"], b.plant.state()["reboots"]) == (False, 1)


@warped
async def test_a_pack_leaves_the_bus_and_comes_back(bench: Open) -> None:
    async with bench("hybrid-gen1") as b, b.ear() as ear:
        await b.fault("topology-change", device="0x33")
        await b.live(2)
        assert await ear.read(0x33, "IR", 60, 60) == (0,) * 60
        await b.fault("topology-change", device="0x33", how="add")
        await b.live(2)
        assert (await ear.read(0x33, "IR", 110, 2)) == (0x445A, 0x3232)


@warped
async def test_a_rule_limits_itself_by_times_chance_time_and_request(bench: Open) -> None:
    async with bench(faults=[Fault("Bad CRC", {"times": "2", "device": "0x32"})]) as b, b.ear() as ear:
        assert isinstance(await ear.ask(SERIAL), ReadReply)
        kinds = [type(await ear.ask(PACK)) for _ in range(3)]
        assert kinds == [BadFrame, BadFrame, ReadReply]
        await b.fault("bad-crc", every=10, **{"for": 5})
        kinds = []
        for _ in range(20):
            kinds.append(isinstance(await ear.ask(SERIAL), BadFrame))
            await b.live(1)
        assert kinds == ([True] * 5 + [False] * 5) * 2
        await b.plant.act("clear_faults")
        await b.fault("bad-crc", chance=0.3)
        hits = sum([isinstance(await ear.ask(SERIAL), BadFrame) for _ in range(300)])
        assert 60 < hits < 120


@warped
async def test_what_waits_for_no_request_happens_once_if_told_neither_how_often_nor_how_likely() -> None:
    def struck(**told: str) -> list[bool]:
        faults = Faults(Random(1), (Fault("reboot", told),))
        return [faults.strike("reboot") is not None for _ in range(6)]

    assert struck() == struck(times="1") == [True, False, False, False, False, False]
    assert struck(times="2") == [True, True, False, False, False, False]
    assert struck(chance="0.5") == [True, False, False, True, True, True]  # as the seed has it


@warped
async def test_a_fault_or_parameter_that_does_not_exist_is_named(bench: Open) -> None:
    async with bench() as b:
        with pytest.raises(ConfigError, match=r"no fault is called 'nonsense'; there are silent-window"):
            await b.fault("nonsense")
        with pytest.raises(
            ConfigError, match=r"fault bad-crc has no parameter nonsense; there are times, chance"
        ):
            await b.fault("bad-crc", nonsense=1)
        with pytest.raises(
            ConfigError, match=r"fault bad-crc: Expected `int .*`, got `str` - at `\$\.times`"
        ):
            await b.fault("bad-crc", times="often")


@warped
async def test_a_bank_that_does_not_exist_is_named(bench: Open) -> None:
    async with bench() as b:
        for bank in (5, None, "xx"):
            with pytest.raises(ConfigError, match=rf"{bank!r} is no bank; there are HR, IR, MR\."):
                await b.plant.act("read", device=0x11, base=0, bank=bank)


@pytest.mark.parametrize("word", [-1, 65_536])
@warped
async def test_what_is_no_word_of_a_register_is_not_put_into_one(bench: Open, word: int) -> None:
    async with bench() as b, b.ear() as ear:
        with pytest.raises(ConfigError, match=rf"{word} is no register's value; it is 0 to 65535\."):
            await b.plant.act("set", device=0x11, base=0, words=[1, word])
        assert isinstance(await ear.ask(SERIAL), ReadReply)


def test_every_fault_says_what_it_does() -> None:
    assert len(KINDS) == 29
    assert all(text.endswith(".") for text in KINDS.values())
