"""A write is sent once and looked for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from ohmstead.families.franklinwh import DeviceTimeout, Limits, PermissionDenied
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.client.writing import mismatched, write_and_confirm
from ohmstead.families.franklinwh.wire.answers import Answer
from ohmstead.model import ConnectionLost, OutcomeUnknown, TimedOut
from ohmstead.testing import warped

Record = Mapping[str, Any]


class Thing:
    """Shows the records of `shows` one after the other; the last one stays. An error among them is raised."""

    def __init__(self, *shows: Record | Exception, answer: Answer | Record | Exception | None = None) -> None:
        self.shows = list(shows)
        self.answer = answer if answer is not None else Answer(code=200, result=None)
        self.sent = 0
        self.looks: list[float] = []

    async def send(self) -> Answer | Record:
        self.sent += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def read(self) -> Record:
        self.looks.append(round(asyncio.get_running_loop().time(), 3))
        shown = self.shows.pop(0) if len(self.shows) > 1 else self.shows[0]
        if isinstance(shown, Exception):
            raise shown
        return shown

    async def write(self, **wanted: Any) -> WriteResult:
        return await write_and_confirm(self.send, self.read, wanted, before={"a": 0})


@warped
async def test_a_write_that_shows_at_once_is_looked_at_once() -> None:
    thing = Thing({"a": 1, "b": 2})
    result = await thing.write(a=1)
    assert (result.accepted, result.confirmed, result.before, result.after) == (
        True,
        True,
        {"a": 0},
        {"a": 1, "b": 2},
    )
    assert (thing.sent, len(thing.looks)) == (1, 1)


@warped
async def test_it_is_looked_for_during_15_seconds() -> None:
    thing = Thing({"a": 0})
    result = await thing.write(a=1)
    start_s = thing.looks[0]
    assert [look - start_s for look in thing.looks] == [0, 1, 3, 7, 15]
    assert (result.confirmed, result.mismatched) == (False, ("a",))


@warped
async def test_a_look_that_fails_is_followed_by_another() -> None:
    thing = Thing(DeviceTimeout("busy"), {"a": 1})
    assert (await thing.write(a=1)).confirmed is True


@warped
async def test_what_cannot_be_read_is_neither_confirmed_nor_denied() -> None:
    result = await Thing(DeviceTimeout("busy")).write(a=1)
    assert (result.accepted, result.confirmed, result.after) == (True, None, {})


@warped
async def test_a_refusal_inside_the_answer_is_one() -> None:
    for raw in ({"result": 1, "reason": -2}, Answer(code=200, result={"result": "1"})):
        result = await Thing({"a": 0}, answer=raw).write(a=1)
        assert (result.accepted, result.confirmed, bool(result)) == (False, False, False)
        assert result.note == "the gateway refused the write"


@pytest.mark.parametrize("silence", [TimedOut("t"), ConnectionLost("c"), DeviceTimeout("d")])
@warped
async def test_silence_is_looked_up_and_the_write_not_repeated(silence: Exception) -> None:
    thing = Thing({"a": 0}, {"a": 1}, answer=silence)
    result = await thing.write(a=1)
    assert (result.accepted, result.confirmed, thing.sent) == (True, True, 1)
    with pytest.raises(OutcomeUnknown):
        await Thing(DeviceTimeout("busy"), answer=silence).write(a=1)


@warped
async def test_a_refused_write_is_raised_and_not_looked_for() -> None:
    thing = Thing({"a": 0}, answer=PermissionDenied("no"))
    with pytest.raises(PermissionDenied):
        await thing.write(a=1)
    assert thing.looks == []


@warped
async def test_who_knows_better_may_judge_the_record() -> None:
    thing = Thing({"a": 5})
    result = await write_and_confirm(
        thing.send,
        thing.read,
        {},
        mismatches=lambda record: () if record["a"] > 4 else ("a",),
        limits=Limits(),
    )
    assert result.confirmed is True


@pytest.mark.parametrize(
    ("wanted", "found", "differs"),
    [
        (1, 1, False),
        (1, "1", False),
        (5.0, "5", False),
        ("on", "on", False),
        ("on", "off", True),
        (1.0, 1, False),
        (1, None, True),
        ([1, 2], (1, 2), False),
        ([1], 1, True),
        (1, [1], True),
    ],
)
def test_numbers_and_their_texts_are_the_same(wanted: object, found: object, differs: bool) -> None:
    assert bool(mismatched({"a": wanted}, {"a": found})) is differs


def test_a_result_is_the_answer_too() -> None:
    result = WriteResult(accepted=True, confirmed=False, raw={"manuSw": 2})
    assert (result["manuSw"], dict(result), len(result)) == (2, {"manuSw": 2}, 1)
    assert result.with_note("odd").note == "odd"
    assert WriteResult(accepted=True, confirmed=True), "true although its answer is empty"
