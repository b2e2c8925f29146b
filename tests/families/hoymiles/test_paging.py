from __future__ import annotations

import pytest

from ohmstead.families.hoymiles.client.paging import all_packets
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewFromDtu
from ohmstead.model import BadAnswer
from ohmstead.testing import warped


class Script:
    """Answers in the order given, and notes what was asked for."""

    def __init__(self, *answers: tuple[int, int, int]) -> None:
        self._answers = list(answers)
        self.asked: list[int] = []

    async def ask(self, index: int) -> RealDataNewFromDtu:
        self.asked.append(index)
        time, count, at = self._answers.pop(0)
        return RealDataNewFromDtu(time=time, packet_count=count, packet_index=at)


async def read(script: Script) -> tuple[RealDataNewFromDtu, ...]:
    return await all_packets(script.ask, same=lambda packet: packet.time)


@warped
async def test_packets_are_asked_one_by_one() -> None:
    script = Script((100, 3, 0), (100, 3, 1), (100, 3, 2))
    assert [packet.packet_index for packet in await read(script)] == [0, 1, 2]
    assert script.asked == [0, 1, 2]


@warped
async def test_a_device_that_never_pages_says_no_count() -> None:
    assert len(await read(Script((100, 0, 0)))) == 1


@pytest.mark.parametrize(
    "second", [(130, 2, 1), (100, 3, 1), (100, 2, 0)], ids=["other time", "other count", "other packet"]
)
@warped
async def test_a_change_midway_starts_again(second: tuple[int, int, int]) -> None:
    script = Script((100, 2, 0), second, (130, 2, 0), (130, 2, 1))
    assert [packet.time for packet in await read(script)] == [130, 130]
    assert script.asked == [0, 1, 0, 1]


@warped
async def test_a_change_each_time_is_given_up() -> None:
    script = Script(*[(time, 2, time % 2) for time in range(100, 106)])
    with pytest.raises(BadAnswer, match="did not fit together in 3 tries"):
        await read(script)


@warped
async def test_an_absurd_count_is_not_followed() -> None:
    with pytest.raises(BadAnswer, match="an answer of 255 packets"):
        await read(Script((100, 255, 0)))
