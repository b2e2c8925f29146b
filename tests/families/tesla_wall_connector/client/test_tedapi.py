from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.client.window import Window, WindowState
from ohmstead.families.tesla_wall_connector.control.wear import Permit
from ohmstead.families.tesla_wall_connector.envelope import reply
from ohmstead.families.tesla_wall_connector.errors import PresenceLapsed, ValueRefused
from ohmstead.families.tesla_wall_connector.protos.common_pb2 import (
    CommonAPIFactoryResetRequest,
    CommonAPIFactoryResetResponse,
)
from ohmstead.families.tesla_wall_connector.protos.wc_pb2 import (
    WCAPIConfigureSettingsRequest,
    WCAPIConfigureSettingsResponse,
    WCAPIGetConfigResponse,
    WCAPIGetVitalsResponse,
)
from ohmstead.families.tesla_wall_connector.protos.wc_settings_pb2 import WCSettings
from ohmstead.kit.link.http_serving import HttpReply
from ohmstead.model import BadAnswer, Refused, Unsafe, Unsupported
from ohmstead.testing import warped

Open = Callable[[], AbstractAsyncContextManager[Any]]  # Any: the conftest's Unit and what is connected to it
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def ampere(current_a: int) -> WCSettings:
    return WCSettings(max_output_current_amps=current_a)


@warped
async def test_settings_are_read_with_the_units_own_din(wall_connector: Open) -> None:
    async with wall_connector() as (unit, _, configurator):
        assert (await configurator.config()).settings.max_output_current_amps == 32
        await configurator.config()

        assert unit.asked == ["/tedapi/din", "get_config_request", "get_config_request"]


@pytest.mark.parametrize(
    ("asked_a", "stored_a", "writes"), [(6, 6, 1), (0, 32, 0), (32, 32, 0)], ids=["6 A", "0 A", "32 A"]
)
@warped
async def test_a_current_is_written_as_the_unit_takes_it(
    wall_connector: Open, asked_a: int, stored_a: int, writes: int
) -> None:
    async with wall_connector() as (unit, _, configurator):
        settings = await configurator.write(ampere(asked_a), Permit("x"))

        assert (settings.max_output_current_amps, unit.writes) == (stored_a, writes)


@warped
async def test_1_to_5_a_are_refused_and_nothing_is_stored(wall_connector: Open) -> None:
    async with wall_connector() as (unit, _, configurator):
        with pytest.raises(ValueRefused, match="invalid argument"):
            await configurator.write(ampere(3), Permit("x"))
        assert (unit.stored_a, unit.writes) == (32, 0)


@warped
async def test_a_permit_is_good_for_one_write(wall_connector: Open) -> None:
    async with wall_connector() as (unit, _, configurator):
        permit = Permit("x")
        await configurator.write(ampere(10), permit)
        with pytest.raises(Unsafe, match="one write"):
            await configurator.write(ampere(12), permit)
        assert unit.writes == 1


@warped
async def test_nothing_goes_past_the_wear_budget_and_nothing_cuts_a_unit_off(wall_connector: Open) -> None:
    async with wall_connector() as (unit, _, configurator):
        with pytest.raises(Unsafe, match="wear budget"):
            await configurator.ask(
                WCAPIConfigureSettingsRequest(settings=ampere(8)), WCAPIConfigureSettingsResponse
            )
        with pytest.raises(Unsafe, match="cut the unit off"):
            await configurator.ask(CommonAPIFactoryResetRequest(), CommonAPIFactoryResetResponse)
        assert unit.asked == []


@warped
async def test_error_16_says_what_to_do(wall_connector: Open) -> None:
    async with wall_connector() as (unit, _, configurator):
        unit.error_code = 16
        with pytest.raises(PresenceLapsed, match="hold the button on the handle for 5 s"):
            await configurator.config()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (HttpReply(body=b"\xff\xff\xff"), "cannot be read"),
        (HttpReply(body=reply(WCAPIGetVitalsResponse(), "x")), "answered with get_vitals_response"),
        (HttpReply(body=reply(WCAPIGetConfigResponse(), "another")), "another unit"),
    ],
)
@warped
async def test_an_answer_that_fits_nothing_is_a_bad_answer(
    wall_connector: Open, answer: HttpReply, says: str
) -> None:
    async with wall_connector() as (unit, _, configurator):
        await configurator.din()
        unit.next_replies = [answer]
        with pytest.raises(BadAnswer, match=says):
            await configurator.config()


@warped
async def test_the_home_network_has_no_configuration_channel(wall_connector: Open) -> None:
    async with wall_connector() as (unit, _, configurator):
        unit.next_replies = [HttpReply(status=404)]
        with pytest.raises(Unsupported, match="access point"):
            await configurator.config()


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_a_window_opens_with_the_first_call_that_passes_and_closes_with_a_refusal() -> None:
    lapsed = PresenceLapsed("lapsed", code=16)
    window = Window()

    assert window.state(NOW) is WindowState.CLOSED
    window = window.passed(NOW).passed(after(20))
    assert [window.state(after(m)) for m in (20, 26)] == [WindowState.OPEN, WindowState.EXPIRING]
    window = window.failed(Refused("no"), after(28))
    assert window.state(after(28)) is WindowState.EXPIRING
    window = window.failed(lapsed, after(30))
    assert window.state(after(30)) is WindowState.CLOSED
    assert window.lasted_s == (1200.0,)


def test_after_a_refusal_nothing_is_asked_for_a_minute() -> None:
    window = Window().failed(PresenceLapsed("lapsed", code=16), NOW)

    assert [window.may_ask(after(m)) for m in (0.5, 1)] == [False, True]
    assert window.passed(after(1)).may_ask(after(1))
    assert window.may_ask(after(-60))  # the clock was set back
