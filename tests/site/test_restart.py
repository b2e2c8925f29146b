"""What is known is not asked again: the first reading after a restart costs one request, where the wire lets it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ohmstead.app.home import HOMES, Home
from ohmstead.model import ScaledClock
from ohmstead.polling import HealthState
from ohmstead.testing import elapse, warped
from tests.site.bench import alone, bench

EU: Final = HOMES["eu"]
REQUESTS: Final = {
    "roof": 1,
    "garage": 1,
    "battery": 1,
    "drive": 1,
    "carport": 1,
    "workshop": 2,
    "annex": 1,
}
"""What is fitted, who is there and the cloud's session are remembered, and looked at again with later polls. A charge
point's session begins with a greeting, and is dropped without.
"""


class Requests:
    """Counts what goes to one device until somebody looks."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def __call__(self, direction: str, data: bytes) -> None:
        if direction == ">":
            self.sent.append(bytes(data))


async def asked_after_a_restart(home: Home, directory: Path) -> dict[str, int]:
    """How many requests went to each device before its first reading."""
    first: dict[str, int] = {}
    async with bench(home, directory, ScaledClock(home.morning)) as site:
        async with site.open():
            await elapse(60)
        heard = {name: Requests() for name in site.lines}
        async with site.open(heard) as gateway:
            while len(first) < len(heard):
                await elapse(0.01)
                for status in gateway.devices():
                    if status.health is HealthState.GOOD:
                        first.setdefault(status.source, len(heard[status.source].sent))
    return first


@warped
async def test_after_a_restart_each_device_gives_its_first_reading_at_so_few_requests(tmp_path: Path) -> None:
    assert await asked_after_a_restart(EU, tmp_path) == REQUESTS


@warped
async def test_a_reference_is_greeted_and_asked_for_its_status_and_its_meter(tmp_path: Path) -> None:
    reference = alone(EU, "workshop", mode="reference")
    assert await asked_after_a_restart(reference, tmp_path) == {"workshop": 3}
