from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ohmstead.app.home import HOMES, simulated, site_text
from ohmstead.gateway import read_site_file
from ohmstead.model import ScaledClock
from ohmstead.testing import warped


@pytest.mark.parametrize("name", HOMES)
def test_the_site_file_of_each_home_is_valid_and_lets_the_user_try_control(name: str, tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(site_text(HOMES[name], {"roof": "hoymiles://127.0.0.1:10081"}))
    site_file = read_site_file(path)
    assert site_file.site.time_zone == HOMES[name].time_zone
    assert [(device.name, device.url, device.control) for device in site_file.devices] == [
        ("roof", "hoymiles://127.0.0.1:10081", True)
    ]


@pytest.mark.parametrize(("name", "utc_hour"), [("eu", 7), ("us", 15)])
def test_each_home_starts_on_its_own_morning(name: str, utc_hour: int) -> None:
    assert HOMES[name].morning == datetime(2026, 6, 25, utc_hour, tzinfo=UTC)


@pytest.mark.parametrize("name", HOMES)
def test_every_device_of_a_home_gets_an_address(name: str) -> None:
    @warped
    async def run() -> None:
        home = HOMES[name]
        async with simulated(home, ScaledClock(home.morning, 60), seed=1) as urls:
            assert list(urls) == ["roof", "garage"]
            assert all(url.startswith("hoymiles://127.0.0.1:") for url in urls.values())

    run()
