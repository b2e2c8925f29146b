"""Each simulated model is polled as itself: what tells another device at its address never speaks against it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ohmstead.gateway import open_gateway, read_site_file
from ohmstead.gateway.discovering import discover
from ohmstead.kit.registry import LocalServices, family, load
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions
from ohmstead.polling import HealthState
from ohmstead.testing import elapse, warped

pytestmark = pytest.mark.long

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)
EXTRAS = {"givenergy": {"latency": "fixed"}, "tesla-wall-connector": {"latency": "none", "drop-outs": "0"}}
MODELS = [
    (name, model)
    for name in ("hoymiles", "givenergy", "everest", "tesla-wall-connector")
    for model in family(name).models
]


@pytest.mark.parametrize(("name", "model"), MODELS)
@warped
async def test_a_device_that_stays_is_never_taken_for_another(
    tmp_path: Path, name: str, model: str, caplog: pytest.LogCaptureFixture
) -> None:
    clock = ScaledClock(NOON)
    options = SimulatorOptions(model=model, extras=EXTRAS.get(name, {}))
    async with load(family(name).simulate)(options, World(clock)) as running:
        port = next(iter(running.endpoints.values()))
        path = tmp_path / "site.toml"
        path.write_text(f'[[device]]\nname = "one"\nurl = "{name}://127.0.0.1:{port}"\n')
        site_file = read_site_file(path)
        async with open_gateway(
            site_file, directory=tmp_path / "data", clock=clock, threads=False
        ) as gateway:
            await elapse(600)
            assert {status.health for status in gateway.devices()} == {HealthState.GOOD}
            serials = {status.serial for status in gateway.devices()}
    assert "another" not in caplog.text
    async with load(family(name).simulate)(options, World(clock)) as running:
        port = next(iter(running.endpoints.values()))
        found = await discover([f"127.0.0.1:{port}"], LocalServices(), among=[family(name)])
    assert [one.serial for one in found if one.serial in serials] == [one.serial for one in found]
    assert len(found) == 1
