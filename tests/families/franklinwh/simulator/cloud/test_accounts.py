from __future__ import annotations

import asyncio
import json
from typing import Any

from ohmstead.kit.link.http import http
from ohmstead.kit.link.tls import trusting_context
from ohmstead.testing import warped

T = "/hes-gateway/terminal/"
HOUR_S = 3600


@warped
async def test_the_right_password_gives_a_token_that_opens_every_call(bench: Any) -> None:
    async with bench() as cloud:
        assert cloud.token.startswith("APP_ACCOUNT::")
        listed = await cloud.get("getHomeGatewayList")

    assert (listed["code"], listed["total"], listed["success"]) == (200, 1, True)
    assert listed["result"][0]["id"] == "10060005A02X00000001"
    assert listed["result"][0]["deviceTime"] == "2026-06-20 12:00:00"


@warped
async def test_the_app_logs_in_by_query_too(bench: Any) -> None:
    async with bench(logs_in=False) as cloud:
        hashed = "5ebe2294ecd0e0f08eab7690d2a6ee69"
        found = await cloud.post(
            "initialize/appUserOrInstallerLogin", {}, account="user@example.com", password=hashed, type=1
        )

    assert found["code"] == 200
    assert found["result"]["userId"] == 10001


@warped
async def test_wrong_passwords_use_up_chances_and_then_lock_for_five_minutes(bench: Any) -> None:
    async with bench(logs_in=False) as cloud:
        said = [(await cloud.login(password="wrong"))["message"] for _ in range(4)]
        assert said[:3] == [f"Incorrect password, you still have {n} chances to enter." for n in (3, 2, 1)]
        assert said[3] == "The password is locked. Please try again after 5 min 0 sec"
        await cloud.after(142)
        assert (await cloud.login())["message"].endswith("2 min 38 sec")
        await cloud.after(160)
        assert (await cloud.login())["code"] == 200


@warped
async def test_other_accounts_do_not_exist(bench: Any) -> None:
    async with bench(logs_in=False) as cloud:
        assert (await cloud.login(email="nobody@example.com"))["code"] == 10086


@warped
async def test_without_the_lock_a_wrong_password_is_just_wrong(bench: Any) -> None:
    async with bench(logs_in=False, quirks="no-lock") as cloud:
        assert [(await cloud.login(password="wrong"))["code"] for _ in range(6)] == [401] * 6


@warped
async def test_a_token_dies_of_age_and_others_live_on(bench: Any) -> None:
    async with bench(token_days="0.25") as cloud:
        old = cloud.token
        await cloud.after(5 * HOUR_S)
        await cloud.login()
        young = cloud.token
        await cloud.after(2 * HOUR_S)
        cloud.token = old
        assert (await cloud.get("getHomeGatewayList"))["code"] == 401
        cloud.token = young
        assert (await cloud.get("getHomeGatewayList"))["code"] == 200


@warped
async def test_newer_builds_say_10009(bench: Any) -> None:
    async with bench(quirks="token-10009") as cloud:
        await cloud.act("token_expire")
        assert (await cloud.get("getHomeGatewayList"))["code"] == 10009


@warped
async def test_a_token_can_expire_after_some_calls(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.fault("token-expire", skip=2)
        codes = [(await cloud.get("getHomeGatewayList"))["code"] for _ in range(4)]

    assert codes == [200, 200, 401, 401]


@warped
async def test_logging_out_ends_the_token(bench: Any) -> None:
    async with bench() as cloud:
        assert (await cloud.post("v2/loginOut", {"userId": 10001}))["code"] == 200
        assert (await cloud.get("getHomeGatewayList"))["code"] == 401


@warped
async def test_gateways_are_told_apart_and_unknown_ones_refused(bench: Any) -> None:
    async with bench("two_gateways") as cloud:
        first, second = (entry["id"] for entry in (await cloud.get("getHomeGatewayList"))["result"])
        infos = [await cloud.get("getDeviceInfoV2", gatewayId=serial) for serial in (first, second)]
        unknown = await cloud.get("getDeviceInfoV2", gatewayId=first.lower())

    assert [info["result"]["sysHdVersion"] for info in infos] == ["101", "103"]
    assert (unknown["code"], unknown["message"]) == (400, "No vpn gateway vpn!")


@warped
async def test_an_outage_of_one_gateways_street_is_not_the_others(bench: Any) -> None:
    async with bench("two_gateways") as cloud:
        second = cloud.cloud.stations[1].serial
        await cloud.act("outage", gateway=second)
        await cloud.after(5)
        assert (await cloud.runtime(gatewayId=second))["main_sw"][0] == 0
        assert (await cloud.runtime())["main_sw"][0] == 1


@warped
async def test_the_cloud_speaks_tls_with_a_certificate_of_its_own(bench: Any) -> None:
    async with bench(logs_in=False, plain="") as cloud:
        assert cloud.cloud.url.startswith("https://")
        context = trusting_context(pinned=cloud.cloud.fingerprint)
        async with http(cloud.cloud.url.rstrip("/"), tls=context) as session:
            answer = await session.get(f"{T}getHomeGatewayList")

    assert json.loads(answer.body)["code"] == 401


@warped
async def test_unknown_routes_are_not_found_and_any_base_path_will_do(bench: Any) -> None:
    async with bench() as cloud:
        missing = await cloud.raw("GET", "nothing/here")
        card = await cloud.raw("GET", "sim/cardShow")
        behind = await cloud.get(f"/mirror/of{T}getDeviceInfoV2")
        mirrored = await cloud.get("/hes-gateway/manage/getDeviceInfoV2")

    assert (missing.status, json.loads(missing.body)) == (404, {"status": 404, "message": ""})
    assert card.status == 404
    assert behind["code"] == mirrored["code"] == 200


@warped
async def test_two_clouds_of_one_seed_say_the_same(bench: Any) -> None:
    said = []
    for seed in (3, 3, 4):
        async with bench(seed=seed, latency="1") as cloud:
            began_s = asyncio.get_running_loop().time()
            await cloud.runtime()
            await cloud.get("selectIotGenerator")
            said.append((cloud.token, asyncio.get_running_loop().time() - began_s))

    assert said[0] == said[1] != said[2]
