from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ohmstead.app.demo import demo_site
from ohmstead.app.faces import FACES
from ohmstead.app.home import HOMES, simulated, site_text
from ohmstead.gateway import open_gateway, read_site_file
from ohmstead.model import GeneratorReading, GridReading, ScaledClock
from ohmstead.polling import HealthState
from ohmstead.testing import elapse, warped


@pytest.mark.parametrize("name", HOMES)
def test_the_site_file_of_each_home_is_valid_and_lets_the_user_try_control(name: str, tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(site_text(HOMES[name], {"roof": "hoymiles://127.0.0.1:10081"}))
    site_file = read_site_file(path, faces=FACES)
    assert site_file.site.time_zone == HOMES[name].time_zone
    assert [(device.name, device.url, device.control) for device in site_file.devices] == [
        ("roof", "hoymiles://127.0.0.1:10081", True)
    ]


@pytest.mark.parametrize(("name", "utc_hour"), [("eu", 7), ("us", 15)])
def test_each_home_starts_on_its_own_morning(name: str, utc_hour: int) -> None:
    assert HOMES[name].morning == datetime(2026, 6, 25, utc_hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "schemes"),
    [
        (
            "eu",
            {
                "roof": "hoymiles",
                "garage": "hoymiles",
                "battery": "givenergy",
                "drive": "tesla-wall-connector",
                "carport": "tesla-wall-connector",
                "workshop": "everest",
                "annex": "franklinwh",
            },
        ),
        (
            "us",
            {
                "roof": "hoymiles",
                "garage": "hoymiles",
                "drive": "tesla-wall-connector",
                "annex": "franklinwh",
            },
        ),
    ],
)
def test_every_device_of_a_home_gets_an_address(name: str, schemes: dict[str, str]) -> None:
    @warped
    async def run() -> None:
        home = HOMES[name]
        async with simulated(home, ScaledClock(home.morning, 60), seed=1) as urls:
            assert {device: url.partition("://")[0] for device, url in urls.items()} == schemes

    run()


@pytest.mark.long
@pytest.mark.parametrize("speed", [1, 60])
def test_two_roofs_and_a_hybrid_with_a_battery_balance_on_one_connection(
    speed: float, tmp_path: Path
) -> None:
    @warped
    async def run() -> None:
        home = HOMES["eu"]
        clock = ScaledClock(home.morning, speed)
        async with demo_site(home, clock, 1, tmp_path) as site_file:
            directory = tmp_path / "data"
            async with open_gateway(site_file, directory=directory, clock=clock, threads=False) as gateway:
                await elapse(100)
                found = gateway.flows()
                assert {status.health for status in gateway.devices()} == {HealthState.GOOD}
                for power_w in (found.solar_w, found.grid_w, found.battery_w, found.losses_w, found.home_w):
                    assert power_w is not None
                assert found.solar_w is not None
                assert found.solar_w > 500
                assert found.home_w is not None
                assert 50 < found.home_w < 5000
                assert found.unaccounted_w == pytest.approx(0, abs=50)

    run()


@warped
async def test_the_annex_loses_its_street_over_noon_and_its_generator_starts(tmp_path: Path) -> None:
    home = HOMES["eu"]
    just_annex = msgspec.structs.replace(
        home, devices=tuple(placed for placed in home.devices if placed.family == "franklinwh")
    )
    clock = ScaledClock(home.morning + timedelta(hours=2, minutes=55), 60)
    async with (
        demo_site(just_annex, clock, 1, tmp_path) as site_file,
        open_gateway(site_file, directory=tmp_path / "data", clock=clock, threads=False) as gateway,
    ):
        await elapse(20)
        told = {type(reading): reading for status in gateway.devices() for reading in status.readings}

    grid, generator = told[GridReading], told[GeneratorReading]
    assert isinstance(grid, GridReading)
    assert isinstance(generator, GeneratorReading)
    assert (grid.connected, generator.running) == (False, True)
    assert (tmp_path / "data" / "secrets.toml").stat().st_mode & 0o077 == 0
