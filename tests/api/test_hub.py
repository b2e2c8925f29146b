from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec

from ohmstead.api.hub import MISSED_BYTES, Hub, Mailbox
from ohmstead.api.messages import Batch
from ohmstead.model import DeviceId
from ohmstead.testing import warped


def batch(second: int, *, gone: str = "", **devices: str) -> Batch:
    return Batch(
        datetime(2025, 6, 1, 12, 0, second, tzinfo=UTC),
        msgspec.Raw(b'{"solar_w":%d}' % second),
        {DeviceId(name): msgspec.Raw(msgspec.json.encode(text)) for name, text in devices.items()},
        frozenset(map(DeviceId, gone.split())),
    )


def nothing() -> None:
    raise AssertionError("this client was dropped")


@warped
async def test_one_batch_is_the_same_bytes_for_everybody() -> None:
    hub, sent = Hub(), batch(1, roof="a")
    with hub.mailbox(nothing) as first, hub.mailbox(nothing) as second:
        hub._publish(sent)
        taken = [await mailbox.take() for mailbox in (first, second)]
    assert all(found is not None and found.text is sent.text for found in taken)


@warped
async def test_what_waits_is_merged_and_the_latest_of_each_device_wins() -> None:
    mailbox = Mailbox(nothing)
    for waiting in (batch(1, roof="old", car="same"), batch(2, roof="new"), batch(3)):
        mailbox.put(waiting)
    taken = await mailbox.take()
    assert taken is not None
    assert json.loads(taken.text) == {
        "type": "change",
        "at": "2025-06-01T12:00:03Z",
        "flows": {"solar_w": 3},
        "devices": ["new", "same"],
        "gone": [],
    }


@warped
async def test_what_left_the_site_is_said_and_what_came_back_is_not() -> None:
    mailbox = Mailbox(nothing)
    for waiting in (batch(1, roof="old"), batch(2, gone="roof car"), batch(3, car="new")):
        mailbox.put(waiting)
    taken = await mailbox.take()
    assert taken is not None
    found = json.loads(taken.text)
    assert (found["devices"], found["gone"]) == (["new"], ["roof"])


@warped
async def test_a_client_that_keeps_up_misses_nothing() -> None:
    mailbox = Mailbox(nothing)
    for second in range(5):
        mailbox.put(batch(second, roof="x" * 1000))
        await mailbox.take()
    assert mailbox.missed_bytes == 0


@warped
async def test_a_client_is_dropped_once_a_bounded_amount_has_passed_it_by() -> None:
    hub, dropped = Hub(), []
    with hub.mailbox(lambda: dropped.append(True)) as mailbox:
        while not dropped:
            hub._publish(batch(1, roof="x" * 100_000))
        assert MISSED_BYTES < mailbox.missed_bytes < MISSED_BYTES + 110_000
        hub._publish(batch(2, roof="x"))
    assert dropped == [True]


@warped
async def test_a_closed_mailbox_has_nothing_more() -> None:
    hub = Hub()
    with hub.mailbox(nothing) as mailbox:
        hub._publish(batch(1, roof="a"))
        hub.close()
        assert await mailbox.take() is None
