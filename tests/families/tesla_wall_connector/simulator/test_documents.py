"""What each profile's documents hold, and the power and energy that follow from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.power import Wiring as Recognised
from ohmstead.families.tesla_wall_connector.power import power, presumed, recognised
from ohmstead.families.tesla_wall_connector.simulator import PROFILES
from ohmstead.testing import warped

Open = Any  # the conftest's
VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text(encoding="utf-8"))


def test_the_models_are_those_of_the_list() -> None:
    assert list(PROFILES) == [
        *("24.36.3-eu3", "24.36.3-eu1", "24.36.3-us2"),
        *("21.8.5-eu3", "21.8.5-eu1", "21.8.5-us1"),
        *("21.36.6-eu3", "21.36.6-eu1", "21.36.6-us1"),
        *("22.33.1-eu3", "22.33.1-eu1", "22.33.1-us1"),
        *("23.8.2-eu3", "23.8.2-eu1", "23.8.2-us1"),
        *("25.34.1-eu3", "25.34.1-eu1", "25.34.1-us2"),
    ]


@pytest.mark.parametrize(
    ("model", "recorded"), [("21.8.5-eu3", "idle_eu_2021"), ("25.34.1-us2", "idle_us_25.34.1")]
)
def test_vitals_have_the_fields_of_a_real_unit_in_their_order(bench: Open, model: str, recorded: str) -> None:
    raw = next(found["raw"] for found in VECTORS["rest"]["vitals"] if found["name"] == recorded)

    @warped
    async def check() -> None:
        async with bench(model) as home:
            await home.after(2)
            body = (await home.lan.get("/api/1/vitals")).body
            assert list(json.loads(body)) == list(json.loads(raw))
            shown = {name: text.partition(".")[2] for name, text in numbers(body)}
            real = {name: text.partition(".")[2] for name, text in numbers(raw.encode())}
            assert {name: len(text) for name, text in shown.items()} == {
                name: len(text) for name, text in real.items()
            }

    check()


def numbers(body: bytes) -> list[tuple[str, str]]:
    found = json.loads(body, parse_float=str, parse_int=str)
    return [(name, value) for name, value in found.items() if isinstance(value, str)]


@warped
async def test_old_firmware_has_no_branch_and_a_bare_nan(bench: Open) -> None:
    async with bench("21.8.5-eu3") as home:
        version = (await home.lan.get("/api/1/version")).body
        assert version == VECTORS["rest"]["version"][0]["raw"].encode()
        lifetime = (await home.lan.get("/api/1/lifetime")).body
        assert b'"avg_startup_temp":nan' in lifetime
        assert (await home.lifetime()).avg_startup_temp is None


@warped
async def test_there_are_four_documents_and_nothing_else(bench: Open) -> None:
    async with bench() as home:
        assert (await home.lan.get("/api/1/settings")).status == 500
        for path in ("/api/2/vitals", "/tedapi/v1", "/tedapi/din", "/"):
            assert (await home.lan.get(path)).status == 404, path


@pytest.mark.parametrize("model", list(PROFILES))
def test_power_is_recognised_and_right_on_every_wiring(bench: Open, model: str) -> None:
    @warped
    async def check() -> None:
        async with bench(model, plugged="true") as home:
            await home.after(120)
            vitals, version = await home.vitals(), await home.version()
            expected = {"us1": Recognised.SPLIT_1, "us2": Recognised.SPLIT_2}
            wiring = recognised(vitals)
            assert wiring is expected.get(home.unit.profile.wiring.slug, Recognised.PHASES)
            assert presumed(version, vitals) in (wiring, Recognised.SPLIT_2)
            shown = power(vitals, wiring)
            assert shown is not None
            assert shown.power_va == pytest.approx(home.unit.drawn_w, rel=0.02)

    check()


@pytest.mark.long
@warped
async def test_session_and_lifetime_energy_agree_with_what_the_car_drew(bench: Open) -> None:
    async with bench("24.36.3-eu3", plugged="true", soc="10") as home:
        before_wh = (await home.lifetime()).energy_wh
        await home.after(4 * 3600)
        drawn_wh = home.unit.true_wh
        assert drawn_wh == pytest.approx(4 * 3 * 230 * 16, rel=0.03)
        assert (await home.vitals()).session_energy_wh == pytest.approx(drawn_wh, rel=0.005)
        assert (await home.lifetime()).energy_wh - before_wh == pytest.approx(drawn_wh, rel=0.005)
        assert home.unit.vehicle.car.drawn_wh == pytest.approx(drawn_wh, rel=1e-6)


@warped
async def test_the_home_feels_what_the_car_draws(bench: Open) -> None:
    async with bench("24.36.3-eu1", plugged="true") as home:
        await home.after(120)
        assert home.world.grid.power_w == pytest.approx(home.unit.drawn_w, rel=0.001)
        assert home.unit.drawn_w == pytest.approx(230 * 32, rel=0.03)
