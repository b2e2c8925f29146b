from __future__ import annotations

import asyncio
import os
import signal

import pytest

from ohmstead.kit.console import stop_signal


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_sets_the_event_once_and_then_means_what_it_meant(number: signal.Signals) -> None:
    async def run() -> None:
        with stop_signal() as stop:
            during = signal.getsignal(number)
            os.kill(os.getpid(), number)
            await asyncio.wait_for(stop.wait(), 60)
            assert signal.getsignal(number) is not during

    before = signal.getsignal(number)
    asyncio.run(run())
    assert signal.getsignal(number) is before
