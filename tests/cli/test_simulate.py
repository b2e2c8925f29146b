"""`ohmstead simulate`: where a simulated device says that it is."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from ohmstead.kit.registry import config_from_table, families, load
from ohmstead.kit.world import World
from ohmstead.model import Family, RealClock, SimulatorOptions
from ohmstead.testing import warped


@pytest.mark.parametrize("card", families().values(), ids=lambda card: card.name)
@warped
async def test_the_url_of_a_device_at_an_ipv6_address_can_be_read(card: Family) -> None:
    async with load(card.simulate)(SimulatorOptions(host="::1"), World(RealClock())) as simulator:
        said = simulator.ready.get("url", f"{card.schemes[0]}://[::1]:{min(simulator.endpoints.values())}")
    url = config_from_table({"url": said}).url
    assert urlsplit(url).hostname == "::1"
    assert urlsplit(url).port in simulator.endpoints.values()
