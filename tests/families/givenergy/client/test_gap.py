"""The pause behind a request."""

from __future__ import annotations

import asyncio
from random import Random

from ohmstead.families.givenergy.client.gap import Gap
from ohmstead.testing import elapse, warped


@warped
async def test_the_end_of_a_gap_is_told_once_and_only_to_who_has_asked() -> None:
    ends: list[float] = []
    loop = asyncio.get_running_loop()
    gap = Gap(0.25, 0.0, Random(1), lambda: ends.append(loop.time()))
    assert not gap.is_on()
    gap.begin()
    await elapse(1)
    assert (gap.is_on(), ends) == (False, [])
    began_s = loop.time()
    gap.begin()
    assert gap.is_on()
    await elapse(0.1)
    assert gap.is_on()
    await elapse(1)
    assert [round(at_s - began_s, 6) for at_s in ends] == [0.25]
    assert not gap.is_on()
