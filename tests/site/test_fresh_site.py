"""Until its owner enables control, nothing is written to any device of a home: a day of requests, each looked at."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from ohmstead.app.home import HOMES, Home
from ohmstead.gateway import Order
from ohmstead.model import DeviceId, Outcome, ScaledClock
from ohmstead.testing import elapse, warped
from tests.site.bench import bench
from tests.site.hearing import READS

SPEED: Final = 60.0
DAY_S: Final = 24 * 3600 / SPEED


class Listener:
    """Hears what the gateway sends to one device, and sorts it."""

    def __init__(self, family: str) -> None:
        self.asked = Counter[bool]()
        self.others: list[bytes] = []
        self._is_read = READS[family]

    def __call__(self, direction: str, data: bytes) -> None:
        if direction != ">":
            return
        is_read = self._is_read.match(data) is not None
        self.asked[is_read] += 1
        if not is_read:
            self.others.append(bytes(data))


def written(states: dict[str, dict[str, object]]) -> int:
    """By the simulators' own count."""
    return sum(int(found) for found in re.findall(r"'(?:flash_)?writes': (\d+)", str(list(states.values()))))


@pytest.mark.soak
@pytest.mark.parametrize("home", HOMES.values(), ids=list(HOMES))
def test_a_fresh_site_sends_no_write_to_any_device_in_24_hours(home: Home, tmp_path: Path) -> None:
    @warped
    async def watch_a_day() -> None:
        heard = {placed.options.name: Listener(placed.family) for placed in home.devices}
        async with (
            bench(home, tmp_path, ScaledClock(home.morning, SPEED)) as site,
            site.open(heard) as gateway,
        ):
            await elapse(DAY_S / 2)
            for status in gateway.devices():
                for ability in status.abilities:
                    order = Order(device=DeviceId(status.id), ability=ability, value=1.0, origin="test")
                    receipt = await gateway.commands.execute(order)
                    assert (receipt.outcome, "control of" in receipt.reason) == (Outcome.REFUSED, True)
            await elapse(DAY_S / 2)
            states = {name: dict(simulator.state()) for name, simulator in site.simulators.items()}
        assert {name: listener.others for name, listener in heard.items() if listener.others} == {}
        assert {name for name, listener in heard.items() if listener.asked[True] < 400} == set()
        assert written(states) == 0

    watch_a_day()
