"""An account is spared however often its gateway is opened anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import msgspec
import pytest

from ohmstead.families.franklinwh import InvalidCredentials, LoginError
from ohmstead.families.franklinwh.config import FranklinWHConfig
from ohmstead.families.franklinwh.device import connect
from ohmstead.families.franklinwh.errors import LoginUnanswered
from ohmstead.kit.link.http_serving import HttpReply, serve_http
from ohmstead.kit.registry import LocalServices
from ohmstead.model import BadAnswer, BudgetSpent, ScaledClock, Unreachable
from ohmstead.testing import elapse, warped
from tests.families.franklinwh.client.conftest import GATEWAY, LIVE, START, Cloud, refused

ACCOUNT = "owner@example.com"
LOGIN = "appUserOrInstallerLogin"
PAGE = HttpReply(body=b"<html>", headers={"Content-Type": "text/html"})


class House(LocalServices):
    """Whose owner may type another password."""

    typed = "secret"

    def secret(self, reference: str) -> str:
        return self.typed


@pytest.fixture
def cloud() -> Cloud:
    """Whose gateway has an empty reply for every command."""
    found = Cloud()
    found.tunnel = defaultdict(lambda: lambda _: {})
    return found


@asynccontextmanager
async def at_home(cloud: Cloud) -> AsyncIterator[tuple[House, FranklinWHConfig]]:
    async with serve_http(cloud.answer) as cloud.listener:
        where = f"{quote(ACCOUNT, safe='')}@127.0.0.1:{cloud.listener.port}/{GATEWAY}?plain=1"
        yield House(ScaledClock(START)), FranklinWHConfig(url=f"franklinwh://{where}", name="annex")


async def polled(house: House, config: FranklinWHConfig) -> None:
    """Opened, read once, and left."""
    async with connect(config, house) as source:
        await source.read()


@warped
async def test_calls_count_for_the_account_however_often_it_is_opened(cloud: Cloud) -> None:
    async with at_home(cloud) as (house, config):
        with pytest.raises(BudgetSpent, match="300 calls within 300 s are spent"):
            for _ in range(1000):
                await polled(house, config)
        assert len(cloud.log) == 300

        await elapse(301)
        await polled(house, config)


@warped
async def test_another_gateway_of_the_account_has_no_calls_of_its_own(cloud: Cloud) -> None:
    async with at_home(cloud) as (house, config):
        other = msgspec.structs.replace(config, url=config.url.replace(GATEWAY, f"{GATEWAY[:-1]}2"))
        with pytest.raises(BudgetSpent):
            for _ in range(1000):
                await polled(house, config)

        with pytest.raises(BudgetSpent):
            await polled(house, other)


@warped
async def test_a_login_that_failed_is_not_repeated_sooner_by_who_opens_anew(cloud: Cloud) -> None:
    cloud.says[LOGIN] = PAGE
    async with at_home(cloud) as (house, config):
        with pytest.raises(LoginUnanswered):
            await polled(house, config)
        tries = len(cloud.asked(LOGIN))
        for _ in range(5):
            await elapse(10)
            with pytest.raises(LoginUnanswered):
                await polled(house, config)
        assert len(cloud.asked(LOGIN)) == tries

        del cloud.says[LOGIN]
        await elapse(60)
        await polled(house, config)
        assert len(cloud.asked(LOGIN)) == tries + 1


@warped
async def test_pauses_between_failed_logins_grow_from_one_opening_to_the_next(cloud: Cloud) -> None:
    cloud.says[LOGIN] = refused(10086, "Account does not exist")
    async with at_home(cloud) as (house, config):
        for _ in range(60):
            with pytest.raises(LoginError):
                await polled(house, config)
            await elapse(60)

    # After 75, 150, 300 and then each 500 s, give or take a fifth, and seen at the next whole minute.
    assert 7 <= len(cloud.asked(LOGIN)) <= 12


@warped
async def test_another_password_is_tried_at_once(cloud: Cloud) -> None:
    cloud.says[LOGIN] = refused(401, "Invalid account or password")
    async with at_home(cloud) as (house, config):
        for _ in range(3):
            with pytest.raises(InvalidCredentials):
                await polled(house, config)
        assert len(cloud.asked(LOGIN)) == 1

        del cloud.says[LOGIN]
        house.typed = "the right one"
        await polled(house, config)


@warped
async def test_who_has_corrected_the_account_itself_waits_no_longer_than_the_pause(cloud: Cloud) -> None:
    cloud.says[LOGIN] = refused(401, "Invalid account or password")
    async with at_home(cloud) as (house, config):
        with pytest.raises(InvalidCredentials):
            await polled(house, config)
        del cloud.says[LOGIN]

        await elapse(100)
        await polled(house, config)


@warped
async def test_a_cloud_that_was_out_of_reach_is_logged_in_to_as_soon_as_it_is_back(cloud: Cloud) -> None:
    async with at_home(cloud) as (house, config):
        assert cloud.listener is not None
        await cloud.listener.pause()
        with pytest.raises(Unreachable):
            await polled(house, config)
        await cloud.listener.resume()

        await polled(house, config)


@warped
async def test_a_cloud_that_wants_to_be_left_alone_is_by_who_opens_anew_too(cloud: Cloud) -> None:
    async with at_home(cloud) as (house, config):
        await polled(house, config)
        cloud.says["getDeviceCompositeInfo"] = HttpReply(
            status=429, body=b"{}", headers={"Retry-After": "120"}
        )
        with pytest.raises(BadAnswer, match="rate_limited"):
            await polled(house, config)
        asked = len(cloud.log)

        await elapse(100)
        with pytest.raises(BadAnswer, match="rate_limited"):
            await polled(house, config)
        assert len(cloud.log) == asked

        cloud.says["getDeviceCompositeInfo"] = LIVE
        await elapse(30)
        await polled(house, config)
