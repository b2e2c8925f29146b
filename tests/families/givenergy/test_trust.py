"""Which pages are believed. Time in seconds after noon; pages are those of one low-voltage pack unless a test says so."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.serials import words_of
from ohmstead.families.givenergy.trust import Action, Reason, Trust
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadReply, WriteReply, decode_frame
from ohmstead.model import WireError

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SERIAL = words_of("DF2224G123")
PACK = 0x32


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def page(**changes: int) -> tuple[int, ...]:
    """A healthy page; `r88=5` sets IR(88)."""
    words = [3265] * 16 + [228, 232, 236, 218, 52240, 261, 0, 52500, 0, 18482, 0, 18600, 0, 8387, 0, 3600]
    words += [0] * 4 + [1179, 16, 3020, 0, 45, 0, 18600, 236, 217, 37445, 36532]
    words += [0] * (60 - len(words))
    words[50:55] = SERIAL
    for name, value in changes.items():
        words[int(name[1:]) - 60] = value
    return tuple(words)


class Bus:
    """A cache, and a judge that decides what comes into it."""

    def __init__(self, **settings: float) -> None:
        self.trust = Trust(**settings)  # type: ignore[arg-type]
        self.cache = RegisterCache()

    def hear(self, words: tuple[int, ...], seconds: float, *, device: int = PACK, base: int = 60) -> Reason:
        reply = ReadReply(device, Bank.IR, base, words, "SA2114G000", "WF2125G000")
        verdict = self.trust.judge(reply, self.cache, at(seconds))
        if verdict.may_store:
            self.cache.store(Bank.IR, base, words, at(seconds))
        return verdict.reason

    def warm(self) -> Bus:
        self.hear(page(), -30)
        self.hear(page(), 0)
        return self


@pytest.mark.parametrize("case", VECTORS["guards"], ids=lambda case: case["source"])
def test_a_recorded_sequence_leaves_the_registers_it_should(case: dict[str, Any]) -> None:
    trust = Trust()
    caches: dict[int, RegisterCache] = {}
    for step in case["steps"]:
        try:
            reply = decode_frame(bytes.fromhex(step["hex"]))
        except WireError:
            continue
        if isinstance(reply, ReadReply):
            cache = caches.setdefault(reply.device, RegisterCache())
            if trust.judge(reply, cache, at(step["t"])).may_store:
                cache.store(reply.bank, reply.base, reply.words, at(step["t"]))
        elif isinstance(reply, WriteReply) and reply.register:
            caches.setdefault(reply.device, RegisterCache()).store(Bank.HR, reply.register, (reply.value,))
        for name, expected in step["registers_after"].items():
            device, register = name.split(":", 1)
            assert caches.get(int(device, 16), RegisterCache()).get(register) == expected, (step["t"], name)


def test_a_first_page_that_was_damaged_is_not_adopted() -> None:
    bus = Bus()
    assert bus.hear(page(r88=4, r60=3900), 0) is Reason.COLD_START
    assert bus.hear(page(), 30) is Reason.COLD_START
    assert bus.hear(page(r100=46), 60) is Reason.GOOD
    assert bus.cache["IR(60)"] == 3265
    assert bus.trust.counters(PACK).cold_start_held_count == 2


def test_a_page_of_another_pack_is_dropped() -> None:
    bus = Bus().warm()
    assert bus.hear(page(r114=0x3939), 30) is Reason.OTHER_SERIAL
    assert bus.trust.counters(PACK).splice_reject_count == 1


def test_one_jump_is_held_and_believed_when_it_comes_again() -> None:
    bus = Bus().warm()
    assert bus.hear(page(r100=60), 30) is Reason.ONE_JUMP
    assert bus.cache["IR(100)"] == 45
    assert bus.trust.held(PACK) == page(r100=60)
    assert bus.hear(page(r100=61), 60) is Reason.GOOD
    assert bus.cache["IR(100)"] == 61
    assert bus.trust.held(PACK) is None


def test_one_jump_is_forgotten_when_the_next_page_is_as_before() -> None:
    bus = Bus().warm()
    bus.hear(page(r100=60), 30)
    assert bus.hear(page(r100=46), 60) is Reason.GOOD
    assert bus.hear(page(r100=60), 90) is Reason.ONE_JUMP
    assert bus.trust.counters(PACK).splice_held_count == 2


def test_cells_at_the_knee_of_their_curve_may_all_rise_at_once() -> None:
    bus = Bus().warm()
    assert bus.hear(page(**{f"r{cell}": 3465 for cell in range(60, 70)}), 30) is Reason.GOOD


def test_several_jumps_are_a_splice() -> None:
    bus = Bus().warm()
    assert bus.hear(page(r88=0xED00, r74=1234), 30) is Reason.JUMPS
    assert bus.cache["IR(88)"] == 0


def test_a_value_of_two_registers_that_jumps_is_one_jump_whichever_of_them_moved() -> None:
    for high, low in ((0, 60000), (1, 18600), (1, 60000)):
        bus = Bus().warm()
        assert bus.hear(page(r86=high, r87=low), 30) is Reason.ONE_JUMP


def test_an_outage_shorter_than_the_gap_changes_nothing_and_a_longer_one_replaces_the_page() -> None:
    bus = Bus().warm()
    assert bus.hear(page(r100=46), 45) is Reason.GOOD
    assert bus.hear(page(r100=90, r83=60000, r60=3600), 346) is Reason.GOOD
    assert bus.cache["IR(100)"] == 90


def test_a_page_without_temperatures_does_not_use_up_the_gap() -> None:
    bus = Bus().warm()
    assert bus.hear(page(r76=0, r77=0), 400) is Reason.TEMPERATURES_ZERO
    assert bus.hear(page(r100=90, r60=3600), 430) is Reason.GOOD


def test_a_short_read_without_temperatures_is_refused_too() -> None:
    assert Bus().hear((0, 0, 1, 1), 0, base=76) is Reason.TEMPERATURES_ZERO


def test_new_firmware_is_believed_after_ten_polls_and_a_quarter_of_an_hour() -> None:
    bus = Bus().warm()
    updated = page(r98=3021)
    reasons = [bus.hear(updated, 100.0 * poll) for poll in range(1, 11)]
    assert reasons == [Reason.CONSTANTS] * 9 + [Reason.GOOD]
    assert bus.cache["IR(98)"] == 3021


def test_a_clean_page_between_starts_the_wait_for_new_firmware_again() -> None:
    bus = Bus().warm()
    for poll in range(1, 10):
        bus.hear(page(r98=3021), 100.0 * poll)
    bus.hear(page(), 950)
    assert bus.hear(page(r98=3021), 1000) is Reason.CONSTANTS


def test_new_firmware_waits_the_time_even_when_it_is_polled_often() -> None:
    bus = Bus().warm()
    reasons = {bus.hear(page(r98=3021), 10.0 * poll) for poll in range(1, 90)}
    assert reasons == {Reason.CONSTANTS}


def test_jumps_that_persist_are_believed_only_when_that_is_asked_for() -> None:
    jumped = page(r83=60000, r85=30000)
    stubborn, patient = Bus().warm(), Bus(splice_reject_heal_seconds=300).warm()
    for poll in range(1, 41):
        stubborn.hear(jumped, 30.0 * poll)
        patient.hear(jumped, 30.0 * poll)
    assert stubborn.cache["IR(83)"] == 52500
    assert patient.cache["IR(83)"] == 60000


def test_a_packet_of_another_adapter_is_recognised_by_its_header() -> None:
    header = [0x4500, 0x0034, 0x1C46, 0x4000, 0x4006, 0, 0xC0A8, 0x0068, 0xC0A8, 0x0001]
    total = sum(header)
    header[5] = 0xFFFF - ((total & 0xFFFF) + (total >> 16))
    words = (7,) * 20 + tuple(header) + (7,) * 30
    assert Bus().hear(words, 0, device=0x11, base=0) is Reason.NETWORK_BYTES
    assert Bus().hear((7,) * 20 + (0x4500,) * 10 + (7,) * 30, 0, device=0x11, base=0) is Reason.GOOD


def test_zeros_over_nothing_are_believed_and_over_data_are_not() -> None:
    bus = Bus()
    assert bus.hear((0,) * 60, 0, device=0x11, base=0) is Reason.GOOD
    bus.hear((5,) * 60, 10, device=0x11, base=0)
    assert bus.hear((0,) * 60, 20, device=0x11, base=0) is Reason.ZEROS
    assert bus.hear((0,) * 30, 30, device=0x11, base=0) is Reason.GOOD


def test_a_module_whose_serial_is_split_is_no_stranger() -> None:
    words = [3300] * 60
    words[50:59] = [words_of("HC")[0], 0, 0, 0, 0, *words_of("2414G123")]
    assert Bus().hear(tuple(words), 0, device=0x53) is Reason.GOOD
    words[50] = 0
    assert Bus().hear(tuple(words), 0, device=0x53) is Reason.FOREIGN


def test_a_noisy_bus_is_reported_once_in_five_minutes(caplog: pytest.LogCaptureFixture) -> None:
    bus = Bus().warm()
    with caplog.at_level(logging.WARNING):
        for seconds in range(30, 310, 10):
            bus.hear(page(r88=0xED00, r74=1234), seconds)
        assert len(caplog.records) == 1
        bus.hear(page(r88=0xED00, r74=1234), 331)
        assert len(caplog.records) == 2
    assert "DF2224" not in caplog.text


def test_a_forgotten_pack_starts_cold() -> None:
    bus = Bus().warm()
    bus.trust.forget(PACK)
    assert bus.hear(page(r100=47), 30) is Reason.COLD_START
    assert bus.hear(page(r100=47), 60) is Reason.GOOD


def test_holding_is_an_action_of_its_own() -> None:
    reply = ReadReply(PACK, Bank.IR, 60, page(), "", "")
    assert Trust().judge(reply, RegisterCache(), NOON).action is Action.HOLD
