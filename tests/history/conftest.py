from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.model import DeviceId, Quality, Sample, SolarReading

NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def solar() -> Callable[..., Sample]:
    """A sample of one roof, so many seconds after noon."""

    def sample(
        after_s: float,
        power_w: float | None,
        *,
        energy_wh: float | None = None,
        device: str = "roof/1",
        quality: Quality = Quality.GOOD,
    ) -> Sample:
        at = NOON + timedelta(seconds=after_s)
        reading = SolarReading(
            device=DeviceId(device), at=at, power_w=power_w, energy_wh=energy_wh, quality=quality
        )
        return Sample(at=at, readings=(reading,))

    return sample
