"""F40: something holds the loop, and is named."""

from __future__ import annotations

import asyncio
import sys
import time
from random import Random

from ohmstead.gateway.watchdog import Block, Watchdog, culprit
from ohmstead.kit.link import Backoff
from ohmstead.model import RealClock
from ohmstead.polling import Trouble

HELD_S = 0.1
BEATS = 20


def hold_the_loop(for_s: float) -> None:
    end_s = time.monotonic() + for_s
    while time.monotonic() < end_s:
        pass


def test_f40_who_holds_the_loop_is_named_with_the_place_and_the_time() -> None:
    async def held() -> tuple[Watchdog, Block]:
        watchdog = Watchdog(RealClock(), held_s=HELD_S, beat_s=HELD_S / 4)
        async with watchdog.watching():
            # A machine that stands still at the wrong moment hides it, so it may take more than once.
            while not (ours := [block for block in watchdog.blocks if "hold_the_loop" in block.culprit]):
                hold_the_loop(4 * HELD_S)
                await asyncio.sleep(0)
        return watchdog, ours[0]

    watchdog, block = asyncio.run(held())
    assert block.culprit.startswith("hold_the_loop (")
    assert "test_watchdog.py:" in block.culprit
    assert block.lasted_s >= 3 * HELD_S
    longest = max(watchdog.blocks, key=lambda block: block.lasted_s)
    (finding,) = watchdog.findings()
    assert (finding.trouble, finding.since) == (Trouble.BLOCKED, longest.at)
    assert finding.words.startswith(
        f"The gateway stood still for {longest.lasted_s:.1f} s in {longest.culprit}."
    )


def test_a_loop_that_is_only_idle_is_held_by_nobody() -> None:
    async def idle() -> Watchdog:
        watchdog = Watchdog(RealClock(), held_s=60.0, beat_s=0.01)
        async with watchdog.watching():
            for _ in range(BEATS):
                beaten_s = watchdog._beaten_s
                while watchdog._beaten_s == beaten_s:
                    await asyncio.sleep(0)
        return watchdog

    assert list(asyncio.run(idle()).blocks) == []


def test_the_innermost_function_of_the_house_is_guilty_of_what_it_calls() -> None:
    class Slow(Random):
        def uniform(self, a: float, b: float) -> float:
            seen.append(culprit(sys._getframe()))
            return super().uniform(a, b)

    seen: list[str] = []
    Backoff(random=Slow(1)).next_s()
    assert [found.partition(":")[0] for found in seen] == ["Backoff.next_s (ohmstead/kit/link/retry.py"]
