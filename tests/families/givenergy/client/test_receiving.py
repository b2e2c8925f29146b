"""What is kept of what comes by, whoever sends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ohmstead.families.givenergy import Plant
from ohmstead.families.givenergy.client.receiving import REMEMBERED_BLOCKS, Receiver
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadReply, WriteReply
from ohmstead.model import ScaledClock
from ohmstead.testing import warped

from .adapter import ADAPTER, UNIT


def page(number: int) -> ReadReply | WriteReply:
    return ReadReply(0x11, Bank.IR, 5000 + number, (1, 2, 3), UNIT, ADAPTER)


def echo(number: int) -> ReadReply | WriteReply:
    return WriteReply(0x11, 5000 + number, 1, UNIT, ADAPTER)


@pytest.mark.parametrize("made_up", [page, echo])
@warped
async def test_ever_new_blocks_are_not_stored_without_end(
    made_up: Callable[[int], ReadReply | WriteReply],
) -> None:
    clock = ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC))
    plant = Plant(clock=clock)
    receiver = Receiver(plant, clock)
    live = ReadReply(0x11, Bank.IR, 0, tuple(range(60)), UNIT, ADAPTER)
    receiver.take(live)
    for number in range(3 * REMEMBERED_BLOCKS):
        receiver.take(made_up(number))

    assert len(plant.cache(0x11).blocks) <= REMEMBERED_BLOCKS
    receiver.take(live)
    assert receiver.is_stored(live)
    assert plant.block_age(0x11, Bank.IR, 0, 60) is not None
