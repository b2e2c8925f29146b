"""What is kept of a unit over restarts, and how often that is written down."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ohmstead.families.tesla_wall_connector.documents import Version, Vitals
from ohmstead.families.tesla_wall_connector.knowledge import met, remembered
from ohmstead.kit.registry import LocalServices
from ohmstead.model import OhmsteadError, ScaledClock
from ohmstead.testing import elapse, warped

AT_HOME = ("127.0.0.1", 80)
MORNING = datetime(2026, 3, 1, 8, tzinfo=UTC)
VERSION = Version(serial_number="PGT21000000001", part_number="1529455-02-D")


class Counting(LocalServices):
    """Counts what is written down of the unit's sessions."""

    def __init__(self, clock: ScaledClock) -> None:
        super().__init__(clock)
        self.written = 0

    async def remember(self, key: str, text: str) -> None:
        self.written += key.startswith("tesla_wall_connector.learnt.")
        await super().remember(key, text)


def vitals(session_s: int, energy_wh: float, *, is_plugged: bool) -> Vitals:
    return Vitals(
        vehicle_connected=is_plugged,
        contactor_closed=is_plugged,
        session_s=session_s,
        session_energy_wh=energy_wh,
        uptime_s=100_000,
    )


@warped
async def test_a_charging_car_is_written_down_each_minute_and_a_night_without_one_is_not() -> None:
    services = Counting(ScaledClock(MORNING))
    knowledge = await met(services, AT_HOME, VERSION)

    async def look(minutes: int, *, is_plugged: bool) -> int:
        """Every 5 s. A car that is plugged in takes 20 Wh a minute; its figure stands when it has left."""
        before = services.written
        for second in range(0, minutes * 60, 5):
            await elapse(5)
            session_s, energy_wh = (second, second / 3) if is_plugged else (0, 6_000.0)
            seen = vitals(session_s, energy_wh, is_plugged=is_plugged)
            await knowledge.follow(seen, None, services.clock.now())
        return services.written - before

    await look(1, is_plugged=True)
    assert await look(300, is_plugged=True) == 300
    assert await look(600, is_plugged=False) == 1
    again = await remembered(services, AT_HOME)

    assert again is not None
    assert again.record.current is None
    assert again.record.energy_wh == knowledge.record.energy_wh > 5_900.0


class FullDisk(LocalServices):
    async def remember(self, key: str, text: str) -> None:
        raise OhmsteadError("the disk is full")


@warped
async def test_a_disk_that_is_full_stops_no_reading_and_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    services = FullDisk(ScaledClock(MORNING))
    knowledge = await met(services, AT_HOME, VERSION)
    for second in range(0, 300, 5):
        await elapse(5)
        await knowledge.follow(vitals(second, second / 3, is_plugged=True), None, services.clock.now())
    await knowledge.meet(VERSION)

    assert knowledge.record.current is not None
    assert caplog.messages == [
        "what is known of a unit and its sessions could not be remembered: the disk is full"
    ]
