from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager

from wires import ScriptedWire

from ohmstead.api.hub import CATCHING_UP_S, HANDFUL, TICK_S, Hub
from ohmstead.api.listener import ENDING, Listener
from ohmstead.gateway.status import DeviceStatus
from ohmstead.gateway.watching import Watchers
from ohmstead.model import Detail, DeviceId, RealClock, Site, flows
from ohmstead.polling import HealthState
from ohmstead.testing import elapse, warped

CLOCK = RealClock()


@asynccontextmanager
async def telling(wires: Sequence[ScriptedWire]) -> AsyncIterator[Watchers]:
    """A hub at work for clients who have been greeted, and who tells it of changes."""
    hub, watchers = Hub(), Watchers()
    with ExitStack() as stack:
        for wire in wires:
            listener = Listener(wire, lambda: True)
            stack.enter_context(hub.seat(listener))
            listener.greet(b"")
        async with asyncio.TaskGroup() as group:
            group.create_task(hub.run(watchers.add(), CLOCK))
            yield watchers
            watchers.close()


def publish(watchers: Watchers, gone: str) -> None:
    now = CLOCK.now()
    watchers.publish(now, flows((), Site(), now), (), [DeviceId(gone)])


def left(wire: ScriptedWire) -> list[object]:
    """What it was told that left the site, message by message."""
    return [message["gone"] for message in wire.heard()]


@warped
async def test_everybody_is_told_of_a_change() -> None:
    wires = [ScriptedWire() for _ in range(3 * HANDFUL)]
    async with telling(wires) as watchers:
        publish(watchers, "roof")
        await elapse(1)
    assert all(left(wire) == [["roof"]] for wire in wires)


@warped
async def test_what_else_is_due_has_its_turn_between_two_handfuls() -> None:
    wires = [ScriptedWire() for _ in range(3 * HANDFUL)]
    told = set[int]()
    async with telling(wires) as watchers:
        publish(watchers, "roof")
        for _ in range(20):
            await asyncio.sleep(0)
            told.add(sum(bool(wire.heard()) for wire in wires))
    assert told - {0} == {HANDFUL, 2 * HANDFUL, 3 * HANDFUL}


@warped
async def test_what_came_due_while_a_change_was_made_comes_before_the_first_handful() -> None:
    wire = ScriptedWire()
    heard: list[list[object]] = []
    async with telling([wire]) as watchers:
        asyncio.get_running_loop().call_later(0, lambda: heard.append(left(wire)))
        publish(watchers, "roof")
        await elapse(1)
    assert heard == [[]]
    assert left(wire) == [["roof"]]


@warped
async def test_one_who_was_slow_hears_what_waits_without_another_change() -> None:
    slow, quick = ScriptedWire(), ScriptedWire()
    async with telling([slow, quick]) as watchers:
        slow.reads, slow.held_bytes = False, 1
        for gone in ("roof", "car"):
            publish(watchers, gone)
            await elapse(1)
        assert (left(slow), left(quick)) == ([], [["roof"], ["car"]])
        slow.read()
        await elapse(CATCHING_UP_S)
        assert left(slow) == [["car", "roof"]]


@warped
async def test_there_is_a_tick_when_nothing_changes_and_only_then() -> None:
    wire = ScriptedWire()
    async with telling([wire]) as watchers:
        for _ in range(3):
            publish(watchers, "roof")
            await elapse(0.9 * TICK_S)
        await elapse(TICK_S)
    assert [message["type"] for message in wire.heard()] == ["change"] * 3 + ["tick"]


@warped
async def test_a_change_that_cannot_be_told_does_not_stop_the_next() -> None:
    wire, now = ScriptedWire(), CLOCK.now()
    odd = Detail(key="odd", label="Odd", value=object())  # type: ignore[arg-type]  # what no family says
    status = DeviceStatus(
        id=DeviceId("roof/1"), source="roof", family="toy", health=HealthState.GOOD, since=now, details=(odd,)
    )
    async with telling([wire]) as watchers:
        watchers.publish(now, flows((), Site(), now), [status])
        await elapse(1)
        publish(watchers, "roof")
        await elapse(1)
    assert left(wire) == [["roof"]]


@warped
async def test_when_there_is_nothing_more_to_come_everybody_is_let_go() -> None:
    hub, watchers = Hub(), Watchers()
    listener = Listener(ScriptedWire(), lambda: True)
    with hub.seat(listener):
        watchers.close()
        await hub.run(watchers.add(), CLOCK)
        assert await listener.dismissed() == ENDING
