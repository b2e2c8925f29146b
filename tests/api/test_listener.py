from __future__ import annotations

import json

from batches import batch
from wires import ScriptedWire

from ohmstead.api.listener import ENDING, MISSED_BYTES, NOT_IN, Listener
from ohmstead.kit.wire.websocket import Message, message_frame
from ohmstead.testing import warped

GREETING = message_frame(Message(b'{"type":"state"}', is_text=True))


def greeted(wire: ScriptedWire) -> Listener:
    listener = Listener(wire, lambda: True)
    listener.greet(GREETING)
    return listener


@warped
async def test_a_change_before_the_greeting_is_in_the_greeting() -> None:
    wire = ScriptedWire()
    listener = Listener(wire, lambda: True)
    assert listener.tell(batch(1, roof="a"))
    assert wire.frames == []


@warped
async def test_one_batch_is_the_same_bytes_for_everybody() -> None:
    wires, sent = (ScriptedWire(), ScriptedWire()), batch(1, roof="a")
    for wire in wires:
        assert greeted(wire).tell(sent)
        assert wire.frames[-1] is sent.frame


@warped
async def test_what_waits_is_merged_and_the_latest_of_each_device_wins() -> None:
    wire = ScriptedWire()
    wire.reads = False
    listener = greeted(wire)
    for waiting in (batch(1, roof="old", car="same"), batch(2, roof="new"), batch(3)):
        assert not listener.tell(waiting)
    wire.read()
    assert listener.catch_up()
    assert wire.heard()[1:] == [
        {
            "type": "change",
            "at": "2025-06-01T12:00:03Z",
            "flows": {"solar_w": 3},
            "devices": ["new", "same"],
            "gone": [],
        }
    ]


@warped
async def test_what_left_the_site_is_said_and_what_came_back_is_not() -> None:
    wire = ScriptedWire()
    wire.reads = False
    listener = greeted(wire)
    for waiting in (batch(1, roof="old"), batch(2, gone="roof car")):
        listener.tell(waiting)
    wire.read()
    assert listener.tell(batch(3, car="new"))  # with what waited, as the client reads again
    (found,) = wire.heard()[1:]
    assert (found["devices"], found["gone"]) == (["new"], ["roof"])


@warped
async def test_a_client_that_keeps_up_hears_every_change() -> None:
    wire = ScriptedWire()
    listener = greeted(wire)
    for second in range(5):
        assert listener.tell(batch(second, roof="x" * 300_000))
    assert len(wire.frames) == 6
    assert not wire.is_cut


@warped
async def test_a_client_is_dropped_once_a_bounded_amount_has_passed_it_by() -> None:
    wire = ScriptedWire()
    wire.reads = False
    listener, missed = greeted(wire), batch(1, roof="x" * 100_000)
    told = 0
    while not wire.is_cut:
        listener.tell(missed)
        told += 1
    assert wire.frames == [GREETING]
    assert MISSED_BYTES < (told - 1) * len(missed.frame) <= MISSED_BYTES + len(missed.frame)
    assert listener.tell(batch(2, roof="x"))  # nothing waits for one who is gone


@warped
async def test_one_who_has_read_again_may_miss_as_much_again() -> None:
    wire = ScriptedWire()
    listener = greeted(wire)
    for second in range(4):
        wire.reads = False
        wire.held_bytes = 1
        for _ in range(3):
            listener.tell(batch(second, roof="x" * (MISSED_BYTES // 4)))
        wire.read()
        assert listener.catch_up()
    assert not wire.is_cut


@warped
async def test_one_whose_token_is_not_good_any_more_is_told_nothing_but_that() -> None:
    wire, tokens = ScriptedWire(), ["good"]
    listener = Listener(wire, lambda: "good" in tokens)
    listener.greet(GREETING)
    tokens.clear()
    assert listener.tell(batch(1, roof="a"))
    assert wire.frames == [GREETING]
    assert await listener.dismissed() == NOT_IN


@warped
async def test_the_first_farewell_counts_and_nothing_is_told_behind_it() -> None:
    wire = ScriptedWire()
    listener = greeted(wire)
    listener.dismiss(ENDING)
    listener.dismiss(NOT_IN)
    assert listener.tell(batch(1, roof="a"))
    assert await listener.dismissed() == ENDING
    assert [json.loads(frame[2:]) for frame in wire.frames] == [{"type": "state"}]
