from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from ohmstead.gateway import DeviceStatus, diagnose
from ohmstead.gateway.diagnosis import ADVICE
from ohmstead.model import DeviceId
from ohmstead.polling import HealthState, Rejected

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
ROOF = DeviceStatus(
    id=DeviceId("roof/1"), source="roof", family="toy", name="Roof", health=HealthState.GOOD, since=NOON
)


def test_every_unhealthy_state_has_words_and_advice() -> None:
    assert set(HealthState) - set(ADVICE) == {HealthState.GOOD, HealthState.ASLEEP}


@pytest.mark.parametrize("state", [HealthState.GOOD, HealthState.ASLEEP])
def test_a_device_that_is_as_it_should_be_needs_nothing(state: HealthState) -> None:
    assert diagnose([msgspec.structs.replace(ROOF, health=state)]) == ()


def test_an_unreachable_device_is_explained() -> None:
    away = msgspec.structs.replace(ROOF, health=HealthState.UNREACHABLE, reason="nobody answers at 192.0.2.7")
    (found,) = diagnose([ROOF, away])
    assert found.device == "roof/1"
    assert found.words == "Roof cannot be reached since 2025-06-01 12:00 UTC: nobody answers at 192.0.2.7"
    assert found.what_to_do.startswith("Check its power and network")


def test_a_healthy_device_that_sends_nonsense_is_explained() -> None:
    nonsense = Rejected(
        device=ROOF.id, field="solar.power_w", value="nan", reason="outside -1000 to 100000", at=NOON
    )
    (found,) = diagnose([msgspec.structs.replace(ROOF, rejected=(nonsense,))])
    assert found.words == "Roof sends values that cannot be: solar.power_w was nan (outside -1000 to 100000)"
