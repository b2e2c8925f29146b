"""`ohmstead simulate`: where a simulated device says that it is."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from ohmstead.kit.registry import config_from_table, families, load
from ohmstead.kit.world import World
from ohmstead.model import ConfigError, Family, RealClock, SimulatorOptions
from ohmstead.testing import warped


@pytest.mark.parametrize("card", families().values(), ids=lambda card: card.name)
@warped
async def test_the_url_of_a_device_at_an_ipv6_address_can_be_read(card: Family) -> None:
    async with load(card.simulate)(SimulatorOptions(host="::1"), World(RealClock())) as simulator:
        said = simulator.ready.get("url", f"{card.schemes[0]}://[::1]:{min(simulator.endpoints.values())}")
    url = config_from_table({"url": said}).url
    assert urlsplit(url).hostname == "::1"
    assert urlsplit(url).port in simulator.endpoints.values()


@pytest.mark.parametrize("family", ["everest", "tesla-wall-connector"])
@warped
async def test_a_recording_is_not_passed_over_by_a_simulator_that_starts_from_none(family: str) -> None:
    with pytest.raises(ConfigError, match="it starts from no recording"):
        async with load(families()[family].simulate)(
            SimulatorOptions(capture="unit.capture"), World(RealClock())
        ):
            pass


@pytest.mark.parametrize("extra", ["clock-drift", "max-clients"])
@pytest.mark.parametrize("text", ["nan", "inf", "1e300", "-1e300", "fast"])
@warped
async def test_a_plant_takes_no_number_that_cannot_be_counted_with(extra: str, text: str) -> None:
    with pytest.raises(ConfigError, match=f"{extra} is {text!r}; it is a number from"):
        async with load(families()["givenergy"].simulate)(
            SimulatorOptions(extras={extra: text}), World(RealClock())
        ):
            pass
