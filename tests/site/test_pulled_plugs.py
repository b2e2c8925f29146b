"""A device that is away never stops the others, and the words say what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ohmstead.app.home import HOMES
from ohmstead.cli.advice import ADVICE
from ohmstead.model import ScaledClock
from ohmstead.polling import HealthState
from ohmstead.testing import elapse, warped
from tests.site.bench import bench

pytestmark = pytest.mark.long

SPEED = 10.0


@pytest.mark.parametrize("name", HOMES)
def test_pulling_each_device_in_turn_leaves_the_others_well_and_says_what_to_do(
    name: str, tmp_path: Path
) -> None:
    @warped
    async def pull() -> None:
        home = HOMES[name]
        async with bench(home, tmp_path, ScaledClock(home.morning, SPEED)) as site, site.open() as gateway:
            await elapse(20)
            for pulled, line in site.lines.items():
                await line.listener.pause()
                line.listener.drop()
                await elapse(90)
                for status in gateway.devices():
                    if status.source != pulled:
                        assert (status.source, status.health) == (status.source, HealthState.GOOD)
                        continue
                    assert status.health is HealthState.UNREACHABLE
                    assert "refused the connection" in status.reason
                    assert "Check that it has power" in ADVICE[status.health]
                    assert status.last_good_at is not None
                    assert {reading.quality for reading in status.readings} <= {"stale"}
                await line.listener.resume()
                await elapse(60)
                assert {status.health for status in gateway.devices()} == {HealthState.GOOD}

    pull()
