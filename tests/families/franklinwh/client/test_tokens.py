"""One login for however many calls need it, and none that cannot help."""

from __future__ import annotations

import asyncio

import pytest

from ohmstead.families.franklinwh import (
    AccountLocked,
    Client,
    GatewaySelectionError,
    InvalidCredentials,
    LoginError,
    MemoryTokens,
    PasswordAuth,
    TokenAuth,
    TokenExpired,
)
from ohmstead.families.franklinwh.facts.endpoints import ALARM_CODES, ENERGY_DATA
from ohmstead.kit.link.http_serving import HttpReply
from ohmstead.testing import elapse, warped

from .conftest import GATEWAY, Cloud, after, at_the_cloud, refused

DAYS = [f"2025-{month:02d}-{day:02d}" for month in (8, 9) for day in range(1, 26)]


async def read_day(client: Client, day: str) -> object:
    return (await client.call(ENERGY_DATA, query={"type": 1, "dayTime": day})).result


@warped
async def test_50_parallel_reads_with_an_expired_token_cost_one_login(cloud: Cloud) -> None:
    cloud.says["getFhpElectricData"] = after(0.2, lambda request: {"day": request.query["dayTime"]})
    async with at_the_cloud(cloud) as client:
        await read_day(client, "2025-07-01")
        cloud.expire()

        days = await asyncio.gather(*(read_day(client, day) for day in DAYS))

        assert days == [{"day": day} for day in DAYS]
        assert len(DAYS) == 50
        assert cloud.logins == 2


@warped
async def test_newer_builds_say_10009_and_mean_the_same(cloud: Cloud) -> None:
    cloud.refusal = 10009
    async with at_the_cloud(cloud) as client:
        await client.get_stats()
        cloud.expire()
        assert (await client.get_stats()).current.battery_soc == 41.93
        assert cloud.logins == 2


@warped
async def test_an_http_401_is_a_refused_token_too(cloud: Cloud) -> None:
    cloud.says["selectDeviceRunLogList"] = lambda request: (
        [] if request.headers["logintoken"] == "T2" else HttpReply(status=401, body=b'{"status":401}')
    )
    async with at_the_cloud(cloud) as client:
        assert await client.get_alarm_codes_list() == []
        assert cloud.logins == 2


@warped
async def test_a_token_that_is_refused_twice_is_told(cloud: Cloud) -> None:
    cloud.says["selectDeviceRunLogList"] = refused(401)
    async with at_the_cloud(cloud) as client:
        with pytest.raises(TokenExpired):
            await client.call(ALARM_CODES)
        assert len(cloud.asked("selectDeviceRunLogList")) == 2


@warped
async def test_a_token_without_a_password_is_not_renewed(cloud: Cloud) -> None:
    async with at_the_cloud(cloud, auth=TokenAuth("T1")) as client:
        await client.get_stats()
        cloud.expire()
        with pytest.raises(TokenExpired, match="without a password"):
            await client.get_stats()
        assert cloud.logins == 0


@warped
async def test_a_kept_token_saves_the_login(cloud: Cloud) -> None:
    kept = MemoryTokens("T1")
    async with at_the_cloud(cloud, tokens=kept) as client:
        await client.get_stats()
        assert cloud.logins == 0
        cloud.expire()
        cloud.logins = 6
        await client.get_stats()
    assert kept.token == "T7"


@warped
async def test_a_failed_login_fails_everybody_who_waits_and_is_not_repeated_for_a_minute(
    cloud: Cloud,
) -> None:
    cloud.says["appUserOrInstallerLogin"] = after(0.3, refused(10086, "Account does not exist"))
    async with at_the_cloud(cloud) as client:
        found = await asyncio.gather(*(read_day(client, day) for day in DAYS[:20]), return_exceptions=True)
        assert {type(error) for error in found} == {LoginError}
        assert len(cloud.log) == 1

        await elapse(50)
        with pytest.raises(LoginError):
            await client.get_stats()
        assert len(cloud.log) == 1

        await elapse(100)
        with pytest.raises(LoginError):
            await client.get_stats()
        assert len(cloud.log) == 2


@warped
async def test_a_wrong_password_is_never_tried_again_by_itself(cloud: Cloud) -> None:
    cloud.says["appUserOrInstallerLogin"] = refused(401, "Invalid account or password")
    async with at_the_cloud(cloud) as client:
        for _ in range(5):
            with pytest.raises(InvalidCredentials) as caught:
                await client.get_stats()
            assert caught.value.counts, "who opens the account anew is not to try again either"
            await elapse(86_400)
        assert len(cloud.log) == 1

        del cloud.says["appUserOrInstallerLogin"]
        await client.login()
        assert (await client.get_stats()).current.battery_soc == 41.93


@warped
async def test_a_locked_account_is_left_alone_for_as_long_as_it_says(cloud: Cloud) -> None:
    locked = refused(400, "The password is locked. Please try again after 2 min 38 sec")
    cloud.says["appUserOrInstallerLogin"] = locked
    async with at_the_cloud(cloud) as client:
        with pytest.raises(AccountLocked) as caught:
            await client.get_stats()
        assert caught.value.retry_after == 158
        del cloud.says["appUserOrInstallerLogin"]
        await elapse(150)
        with pytest.raises(AccountLocked):
            await client.get_stats()
        await elapse(10)
        assert (await client.get_stats()).current.battery_soc == 41.93


@warped
async def test_the_only_gateway_is_found_and_one_of_several_has_to_be_named(cloud: Cloud) -> None:
    async with at_the_cloud(cloud, gateway_id=None) as client:
        assert await client.gateway() == GATEWAY
    cloud.says["getHomeGatewayList"] = [{"id": GATEWAY}, {"id": "10060006A00X00000002"}, "junk", {"id": None}]
    async with at_the_cloud(cloud, gateway_id=None) as client:
        with pytest.raises(GatewaySelectionError) as caught:
            await client.get_stats()
        assert caught.value.gateways == (GATEWAY, "10060006A00X00000002")
        other = client.at("10060006A00X00000002")
        await other.get_stats()
    assert cloud.asked("getDeviceCompositeInfo")[-1].query["gatewayId"] == "10060006A00X00000002"
    assert cloud.logins == 2, "one for each client; both gateways share theirs"


@warped
async def test_leaving_makes_the_token_invalid_here_and_there(cloud: Cloud) -> None:
    cloud.says["loginOut"] = None
    async with at_the_cloud(cloud) as client:
        await client.get_stats()
        await client.logout()
        assert b'"userId":10001' in cloud.asked("loginOut")[0].body
        await client.get_stats()
    assert cloud.logins == 2


def test_neither_way_of_asking_shows_its_secret() -> None:
    assert repr(PasswordAuth("owner@example.com", "hunter2")) == "PasswordAuth(…)"
    assert str(TokenAuth("APP_ACCOUNT::abc")) == "TokenAuth(…)"


@pytest.mark.parametrize("token", ["", "a\r\nHost: elsewhere"])
def test_a_token_that_would_be_read_as_something_else_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(ValueError, match="printable") as caught:
        TokenAuth(token)
    assert "elsewhere" not in str(caught.value)


@warped
async def test_a_kept_token_that_is_damaged_is_as_good_as_none(cloud: Cloud) -> None:
    async with at_the_cloud(cloud, tokens=MemoryTokens("T1\r\nHost: elsewhere")) as client:
        await client.get_stats()
    assert cloud.logins == 1
