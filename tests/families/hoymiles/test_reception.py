"""What a connection brings, given by hand: no socket, and the loop's clock moves at once."""

from __future__ import annotations

import asyncio

import pytest

from ohmstead.families.hoymiles.client.reception import Awaited, Reception
from ohmstead.families.hoymiles.wire import Frame, encode_frame
from ohmstead.model import BadAnswer, ConnectionLost, TimedOut
from ohmstead.testing import elapse, warped

ANSWER = Frame(0xA211, 7, b"\x10\x01")


class Told:
    """A reception with nothing behind it, and what nobody had waited for."""

    def __init__(self) -> None:
        self.unsolicited: list[Frame] = []
        self.reception = Reception("192.0.2.7:10081", self.unsolicited.append)

    def expect(self) -> Awaited:
        return self.reception.expect("real_data_new", ANSWER.command_id, ANSWER.sequence)

    def hear(self, *frames: Frame) -> None:
        self.reception.hear(b"".join(encode_frame(frame) for frame in frames))


@warped
async def test_the_answer_is_found_in_the_call_that_brings_its_last_byte() -> None:
    told = Told()
    awaited, packet = told.expect(), encode_frame(ANSWER)
    told.reception.hear(packet[:-1])
    assert not awaited.found.done()
    told.reception.hear(packet[-1:])
    assert awaited.found.result() == ANSWER


@warped
async def test_what_comes_while_nobody_waits_is_handed_on_at_once() -> None:
    told = Told()
    told.hear(Frame(0xA202, 1, b"\x08\x01"), Frame(0xA202, 2, b"\x08\x02"))
    assert [frame.sequence for frame in told.unsolicited] == [1, 2]


@warped
async def test_neither_the_id_alone_nor_the_number_alone_makes_an_answer() -> None:
    told = Told()
    awaited = told.expect()
    told.hear(Frame(0xA211, 6, b"\x10\x01"), Frame(0xA209, 7, b"\x10\x01"))
    assert not awaited.found.done()
    assert len(told.unsolicited) == 2


@warped
async def test_the_same_answer_twice_is_an_answer_and_a_frame_nobody_asked_for() -> None:
    told = Told()
    awaited = told.expect()
    told.hear(ANSWER, ANSWER)
    assert awaited.found.result() == ANSWER
    assert told.unsolicited == [ANSWER]


@warped
async def test_patience_counts_from_the_last_byte() -> None:
    told = Told()
    awaited = told.expect()
    await elapse(9.5)
    told.hear(Frame(0xA202, 1))
    await elapse(9.5)
    assert not awaited.found.done()
    await elapse(1)
    error = awaited.found.result()
    assert isinstance(error, TimedOut)
    assert "did not answer real_data_new within 10 s" in str(error)


@warped
async def test_an_answer_that_drips_for_ever_is_given_up() -> None:
    told = Told()
    awaited = told.expect()
    told.reception.hear(encode_frame(Frame(0xA211, 7, bytes(100)))[:20])
    for _ in range(12):
        await elapse(5)
        told.reception.hear(b"\0")
    assert isinstance(awaited.found.result(), TimedOut)
    assert "within 60 s" in str(awaited.found.result())


@warped
async def test_the_patience_of_one_request_is_not_left_to_the_next() -> None:
    told = Told()
    told.expect()
    told.hear(ANSWER)
    told.reception.forget()
    await elapse(6)
    awaited = told.expect()
    await elapse(9.5)
    assert not awaited.found.done()
    await elapse(1)
    assert isinstance(awaited.found.result(), TimedOut)


@warped
async def test_a_lost_connection_answers_at_once_then_and_later() -> None:
    told = Told()
    before = told.expect()
    told.reception.lost(ConnectionLost("the peer ended the connection"))
    after = told.expect()
    assert str(before.found.result()) == str(after.found.result()) == "the peer ended the connection"


@warped
async def test_whoever_cannot_take_a_frame_does_not_leave_others_waiting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(frame: Frame) -> None:
        raise LookupError(f"{frame} is not wanted")

    reception = Reception("192.0.2.7:10081", refuse)
    awaited = reception.expect("real_data_new", 0xA211, 7)
    reception.hear(encode_frame(Frame(0xA202, 1)))
    assert isinstance(awaited.found.result(), LookupError)
    assert "192.0.2.7:10081: a frame could not be handed on" in caplog.text


@warped
async def test_rubbish_without_end_is_no_dtu() -> None:
    told = Told()
    awaited = told.expect()
    for _ in range(5):
        told.reception.hear(bytes(64 * 1024))
    error = awaited.found.result()
    assert isinstance(error, BadAnswer)
    assert "hold no Hoymiles frame" in str(error)


@warped
async def test_whoever_stopped_waiting_leaves_no_error_behind() -> None:
    told = Told()
    told.expect()
    told.reception.forget()
    told.reception.lost(ConnectionLost("the link is closed"))
    await asyncio.sleep(0)
    assert told.unsolicited == []
