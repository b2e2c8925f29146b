"""F41: no descriptors are left. What stands goes on, what is new waits, and all comes back by itself."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from ohmstead.app.home import HOMES
from ohmstead.model import ScaledClock
from ohmstead.polling import HealthState
from ohmstead.testing import elapse, warped
from tests.site.bench import bench, only, unaccounted

HOME: Final = only(HOMES["eu"], "roof", "battery", "workshop")


@contextmanager
def no_more_descriptors() -> Iterator[None]:
    """Those that are open stay; the kernel gives no other."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@warped
async def test_f41_without_descriptors_standing_connections_go_on_and_the_rest_comes_back(
    tmp_path: Path,
) -> None:
    async with bench(HOME, tmp_path, ScaledClock(HOME.morning)) as site, site.open() as gateway:
        await elapse(60)
        started = site.clock.now()
        with no_more_descriptors():
            site.lines["roof"].listener.drop()
            await elapse(120)
            health = {status.source: status.health for status in gateway.devices()}
            reasons = {status.source: status.reason for status in gateway.devices()}
        await elapse(120)
        recovered = {status.health for status in gateway.devices()}
        lost = await unaccounted(gateway, started, site.clock.now(), timedelta(minutes=3))
    assert (health["battery"], health["workshop"]) == (HealthState.GOOD, HealthState.GOOD)
    assert health["roof"] is HealthState.UNREACHABLE
    assert "Too many open files" in reasons["roof"]
    assert recovered == {HealthState.GOOD}
    assert lost == []
