"""What is made for sharing tells neither who nor where: planted canaries are searched in it, on every profile."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from ohmstead.families.franklinwh import Client, PasswordAuth
from ohmstead.families.franklinwh.card import FAMILY
from ohmstead.families.franklinwh.errors import FranklinError
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.families.franklinwh.support import differences, gathered
from ohmstead.testing import warped

EMAIL = "canary.owner@example.com"
PASSWORD = "canary-password"
PERSONAL = (
    "completeAddress",
    "latitude",
    "longitude",
    "postCode",
    "city",
    "gatewayName",
    "siteName",
    "firstName",
    "lastName",
    "wifi_SSID",
    "wifi_Pw",
    "ap_SSID",
    "ap_Pw",
    "wifiMAC",
    "eth1MAC",
    "operatorMAC",
    "wifiStaticIP",
    "sn",
    "snSerialNumber",
    "apowerSn",
    "gatewayId",
    "installerCompanyEmail",
    "installerCompanyPhone",
)


@pytest.fixture
def cloud(cloud: Any) -> Any:
    """Of an account whose name and password are canaries."""
    return partial(cloud, account=EMAIL, password=PASSWORD)


def client_of(running: RunningCloud, password: str = PASSWORD) -> Client:
    return Client(PasswordAuth(EMAIL, password), running.stations[0].serial, base_url=running.url)


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    match value:
        case dict():
            for key, part in value.items():
                yield from leaves(part, key)
        case list():
            for part in value:
                yield from leaves(part, name)
        case _:
            yield name, value


async def canaries(running: RunningCloud, client: Client) -> set[str]:
    """What the cloud knows of the home and its owner, found by asking it."""
    asked = [
        await client.get_equipment_location(),
        await client.get_site_list(),
        await client.get_device_info(),
        await client.get_wifi_config(),
        await client.get_network_info(),
        await client.get_apower_info(),
        await client.get_accessories(),
        await client.get_warranty_info(),
        await client.get_home_gateway_list(),
    ]
    told = {str(value) for answer in asked for name, value in leaves(answer) if name in PERSONAL and value}
    serials = {station.serial for station in running.stations}
    known = told | serials | {EMAIL, PASSWORD, "APP_ACCOUNT::"}
    return {text for text in known if len(text) > 3 and text != "0.0.0.0"}


def found(planted: set[str], text: str) -> list[str]:
    """Short ones, such as a postcode, only where they are a whole value: 2000 is also a year."""
    return [canary for canary in planted if (canary if len(canary) >= 8 else f'"{canary}"') in text]


@pytest.mark.parametrize("model", FAMILY.models)
@warped
async def test_no_canary_is_in_a_support_report_or_the_log(
    model: str, caplog: pytest.LogCaptureFixture, cloud: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    async with cloud(model) as running, client_of(running) as client:
        planted = await canaries(running, client)
        bundle = await gathered(client, frozenset(), redact=True, secrets=(EMAIL,))
        await client.get_stats(include_electrical=True)
        await client.set_generator_mode(2)
        await client.set_v2l_mode(True, require_ready=False)
        await running.act("offline")
        with pytest.raises(FranklinError):
            await client.get_power_info()
        with pytest.raises(FranklinError):
            async with client_of(running, "canary-wrong") as stranger:
                await stranger.get_stats()

    assert {EMAIL, PASSWORD, running.stations[0].serial} <= planted
    assert len(planted) > 12
    text = json.dumps(bundle, default=str)
    assert found(planted, text) == []
    assert found({*planted, "canary-wrong"}, caplog.text) == []


@warped
async def test_a_report_keeps_what_helps(cloud: Any) -> None:
    async with cloud("us_v1_full") as running, client_of(running) as client:
        bundle = await gathered(client, frozenset(), redact=True)

    assert bundle["records"]["generator"]["genStartElec"] == 20
    assert bundle["records"]["circuits"]["Sw3Mode"] == 0
    assert bundle["info"]["agate"]["sku"] == "AGT-R1V2-US"
    assert bundle["timings_ms"]["cloud"] >= 0
    assert {entry["name"] for entry in bundle["diag"]["features"]} >= {"Generator Module", "  V2L"}


@warped
async def test_an_owner_may_see_everything(cloud: Any) -> None:
    async with cloud("us_v1_full") as running, client_of(running) as client:
        bundle = await gathered(client, frozenset({"info"}), redact=False)

    assert bundle["info"]["agate"]["serial"] == running.stations[0].serial
    assert set(bundle) == {"versions", "info", "metrics"}


@warped
async def test_a_part_that_fails_says_why_and_the_others_are_there(cloud: Any) -> None:
    async with cloud("us_bare", quirks="strict-permissions") as running, client_of(running) as client:
        bundle = await gathered(client, frozenset(), redact=True)

    assert bundle["records"]["circuits"]["failed"].startswith("PermissionDenied")
    assert "p_fhp" in bundle["records"]["composite"]["result"]["runtimeData"]


def test_two_reports_are_compared_leaf_by_leaf() -> None:
    before = {"info": {"soc": 50, "gone": 1}, "alarms": []}
    now = {"info": {"soc": 51}, "alarms": ["1020"]}

    assert differences(before, now) == [
        ("info.soc", "50", "51"),
        ("info.gone", "1", "–"),
        ("alarms[0]", "–", "1020"),
    ]
