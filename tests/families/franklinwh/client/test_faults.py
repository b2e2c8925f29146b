"""The faults of the field, by their numbers in the list of what every client has to survive."""

from __future__ import annotations

import asyncio
import logging
import math
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.franklinwh import (
    ApiError,
    Client,
    InvalidResponse,
    Limits,
    LoginError,
    PasswordAuth,
    RateLimited,
    Stats,
)
from ohmstead.families.franklinwh.client.decoding import decode, plan
from ohmstead.families.franklinwh.facts.endpoints import ALARM_CODES, ENERGY_DATA
from ohmstead.families.franklinwh.facts.fields import RUNTIME
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest, serve_http
from ohmstead.kit.link.tls import certificate_files, serving_context, trusting_context
from ohmstead.model import BadAnswer, BudgetSpent, OhmsteadError, OutcomeUnknown, Unreachable
from ohmstead.testing import elapse, warped

from .conftest import GATEWAY, HANG_UP, LIVE, START, Cloud, after, at_the_cloud, in_turn, refused, said

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = sorted({field.raw.split("[")[0] for field in RUNTIME.fields})


def live(**changes: Any) -> dict[str, Any]:
    record = deepcopy(LIVE)
    record["runtimeData"] |= changes
    return record


# F15


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("abc", "the text is no number"),
        ([1], "list is no number"),
        (True, "bool is no number"),
        (1e40, "it is not finite, or larger than anything there is"),
        (math.nan, "it is not finite, or larger than anything there is"),
        (math.inf, "it is not finite, or larger than anything there is"),
        (150, "150 % is beyond what a home can be"),
        (-3, "-3 % is beyond what a home can be"),
    ],
)
@warped
async def test_f15_a_value_that_cannot_be_is_named_and_the_rest_kept(
    cloud: Cloud, raw: object, why: str
) -> None:
    cloud.says["getDeviceCompositeInfo"] = live(soc=raw)
    async with at_the_cloud(cloud) as client:
        stats = await client.get_stats()
    assert dict(stats.bad) == {"current.battery_soc": why}
    assert (stats.current.solar_production, stats.totals.home_use) == (2.956, 5.569)


@warped
async def test_f15_numbers_as_texts_are_numbers(cloud: Cloud) -> None:
    cloud.says["getDeviceCompositeInfo"] = live(soc="41.93", p_fhp="-1.5", run_status="1", report_type="1")
    async with at_the_cloud(cloud) as client:
        now = (await client.get_stats()).current
    assert (now.battery_soc, now.battery_use, now.run_status) == (41.93, -1.5, 1)


@pytest.mark.long
@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING))
def test_f15_whatever_a_field_holds_no_number_is_wild(record: dict[str, Any]) -> None:
    found = decode(plan(RUNTIME.fields, "current."), record)
    numbers = [value for value in found.values.values() if isinstance(value, (int, float))]
    numbers += [
        n
        for value in found.values.values()
        if isinstance(value, list)
        for n in value
        if not isinstance(n, str)
    ]
    assert all(math.isfinite(number) and abs(number) <= 1e15 for number in numbers)
    assert all(found.bad.values())


# F16

NO_ANSWERS = {
    "html": HttpReply(body=b"<html>bad gateway</html>"),
    "html 502": HttpReply(status=502, body=b"<html>"),
    "null": HttpReply(body=b"null"),
    "list": HttpReply(body=b"[]"),
    "cut": HttpReply(body=b'{"code":200,"resu'),
    "not utf-8": HttpReply(body=b'\xff\xfe{"code":200}'),
    "promised more": HttpReply(body=b'{"code"', headers={"Content-Length": "4000"}, is_last=True),
}


@pytest.mark.parametrize("answer", NO_ANSWERS.values(), ids=NO_ANSWERS)
@warped
async def test_f16_what_is_no_answer_is_one_of_our_errors(cloud: Cloud, answer: HttpReply) -> None:
    cloud.says["getDeviceCompositeInfo"] = answer
    async with at_the_cloud(cloud) as client:
        with pytest.raises(OhmsteadError) as caught:
            await client.get_stats()
    assert caught.value.retryable
    assert len(cloud.asked("getDeviceCompositeInfo")) == 3


@warped
async def test_f16_one_page_of_html_is_waited_out(cloud: Cloud) -> None:
    cloud.says["getDeviceCompositeInfo"] = in_turn(NO_ANSWERS["html 502"], deepcopy(LIVE))
    async with at_the_cloud(cloud) as client:
        stats = await client.get_stats()
    assert (stats.current.battery_soc, stats.is_stale) == (41.93, False)


@pytest.mark.parametrize("result", [None, [], "text", 5, {"runtimeData": []}, {"runtimeData": {}}])
@warped
async def test_f16_a_result_of_another_shape_leaks_nothing(cloud: Cloud, result: object) -> None:
    cloud.says |= {"getDeviceCompositeInfo": lambda request: said({"code": 200, "result": result})}
    cloud.says |= dict.fromkeys(("getAccessoryList", "getDeviceInfoV2", "getEntranceInfo"), "junk")
    async with at_the_cloud(cloud) as client:
        assert isinstance(await client.get_stats(), Stats)


# F17


@warped
async def test_f17_a_body_without_end_is_refused_at_4_mib(cloud: Cloud) -> None:
    cloud.says["selectDeviceRunLogList"] = HttpReply(body=b" " * (4 * 1024 * 1024 + 1))
    async with at_the_cloud(cloud, limits=Limits(tries=1)) as client:
        with pytest.raises(BadAnswer, match="4,194,304 bytes"):
            await client.call(ALARM_CODES)


@warped
async def test_f17_what_is_said_of_a_body_without_end_does_not_say_whose_it_is(cloud: Cloud) -> None:
    cloud.says["warrantyInfo"] = HttpReply(body=b" " * (4 * 1024 * 1024 + 1))
    async with at_the_cloud(cloud, limits=Limits(tries=1)) as client:
        with pytest.raises(InvalidResponse, match="v2/warrantyInfo: ") as caught:
            await client.get_warranty_info()
    assert GATEWAY not in str(caught.value)


@warped
async def test_f17_deep_nesting_is_refused_before_it_is_built(cloud: Cloud) -> None:
    body = b'{"code":200,"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    cloud.says["selectDeviceRunLogList"] = HttpReply(body=body)
    async with at_the_cloud(cloud, limits=Limits(tries=1)) as client:
        with pytest.raises(InvalidResponse, match="32 levels"):
            await client.call(ALARM_CODES)


# F18


@warped
async def test_f18_unknown_codes_and_fields_are_told_and_fail_nothing(cloud: Cloud) -> None:
    cloud.says["getDeviceCompositeInfo"] = live(run_status=42, genStat=9, unheardOf={"a": [1]}) | {
        "currentWorkMode": 77
    }
    async with at_the_cloud(cloud) as client:
        stats = await client.get_stats()
    assert stats.current.run_status_desc == "Unknown (42)"
    assert (stats.current.generator_status, stats.current.work_mode_desc) == (9, "Unknown (77)")
    assert stats.raw["runtimeData"]["unheardOf"] == {"a": [1]}


@warped
async def test_f18_absent_fields_are_listed_as_missing(cloud: Cloud) -> None:
    cloud.says["getDeviceCompositeInfo"] = {"runtimeData": {"soc": 50.0}}
    async with at_the_cloud(cloud) as client:
        stats = await client.get_stats()
    assert stats.current.battery_soc == 50.0
    assert {"current.solar_production", "totals.solar", "current.grid_relay1"} <= stats.missing
    assert "current.battery_soc" not in stats.missing


# F20


@pytest.mark.parametrize("stamp", [1, 4_102_444_800, 10**14, -5, "soon"])
@warped
async def test_f20_a_clock_of_1970_or_2099_does_not_reach_our_time(cloud: Cloud, stamp: object) -> None:
    cloud.says["getDeviceCompositeInfo"] = in_turn(deepcopy(LIVE), live(timestamp=stamp))
    async with at_the_cloud(cloud) as client:
        await client.get_stats()
        stats = await client.get_stats()
    assert stats.sample_time is not None
    assert abs((stats.sample_time - START).total_seconds()) < 60


# F21


@warped
async def test_f21_a_token_that_dies_with_20_calls_in_flight_costs_one_login(cloud: Cloud) -> None:
    cloud.says["getFhpElectricData"] = lambda request: {"day": request.query["dayTime"]}
    async with at_the_cloud(cloud) as client:
        await client.get_stats()
        days = [{"type": 1, "dayTime": f"2025-09-{day:02d}"} for day in range(1, 21)]
        calls = [asyncio.ensure_future(client.call(ENERGY_DATA, query=day)) for day in days]
        await asyncio.sleep(0)
        cloud.expire()
        answers = await asyncio.gather(*calls)
    assert [answer.result["day"] for answer in answers] == [day["dayTime"] for day in days]
    assert cloud.logins == 2


# F22


@warped
async def test_f22_retry_after_is_honoured(cloud: Cloud) -> None:
    limited = HttpReply(status=429, headers={"Retry-After": "7"})
    cloud.says["selectDeviceRunLogList"] = in_turn(limited, [])
    async with at_the_cloud(cloud) as client:
        with pytest.raises(RateLimited) as caught:
            await client.call(ALARM_CODES)
        assert caught.value.retry_after == 7
        await elapse(6)
        with pytest.raises(RateLimited):
            await client.get_mode_info()
        assert len(cloud.asked("selectDeviceRunLogList")) == 1
        assert cloud.asked("getGatewayTouListV2") == []
        await elapse(2)
        assert (await client.call(ALARM_CODES)).result == []


@warped
async def test_f22_without_retry_after_the_quiet_doubles_up_to_ten_minutes(cloud: Cloud) -> None:
    cloud.says["selectDeviceRunLogList"] = refused(429)
    waits = []
    async with at_the_cloud(cloud) as client:
        for _ in range(7):
            with pytest.raises(RateLimited) as caught:
                await client.call(ALARM_CODES)
            waits.append(round(caught.value.retry_after))
            await elapse(caught.value.retry_after + 1)
        cloud.says["selectDeviceRunLogList"] = in_turn([], refused(429))
        await client.call(ALARM_CODES)
        with pytest.raises(RateLimited) as caught:
            await client.call(ALARM_CODES, fresh=True)
    assert waits == [30, 60, 120, 240, 480, 600, 600]
    assert caught.value.retry_after == 30, "after a success it begins anew"


@warped
async def test_f22_many_refusals_at_once_are_one(cloud: Cloud) -> None:
    cloud.says["getFhpElectricData"] = after(0.5, refused(429))
    async with at_the_cloud(cloud) as client:
        await client.get_stats()
        days = [{"type": 1, "dayTime": f"2025-09-{day:02d}"} for day in range(1, 5)]
        calls = [client.call(ENERGY_DATA, query=day) for day in days]
        found = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(error) for error in found} == {RateLimited}
    assert max(error.retry_after for error in found if isinstance(error, RateLimited)) == 30


@warped
async def test_f22_a_login_that_finds_no_cloud_stops_after_three_tries(cloud: Cloud) -> None:
    cloud.says["appUserOrInstallerLogin"] = HttpReply(status=503, body=b"<html>")
    async with at_the_cloud(cloud) as client:
        for _ in range(5):
            with pytest.raises(LoginError, match="503") as caught:
                await client.get_stats()
            assert caught.value.retryable, "nobody has refused the password"
    assert len(cloud.log) == 3


@warped
async def test_f22_the_budget_is_never_passed(cloud: Cloud) -> None:
    async with at_the_cloud(cloud, limits=Limits(calls=10)) as client:
        for _ in range(100):
            try:
                await client.get_stats()
            except BudgetSpent as error:
                assert error.after is not None
        assert len(cloud.log) == 10
        await elapse(301)
        await client.get_stats()


@warped
async def test_f22_a_server_error_with_a_body_is_told_once(cloud: Cloud) -> None:
    cloud.says["selectDeviceRunLogList"] = refused(500, "system busy")
    async with at_the_cloud(cloud) as client:
        with pytest.raises(ApiError, match="code 500: system busy"):
            await client.call(ALARM_CODES)
    assert len(cloud.log) == 2


# F23


@warped
async def test_f23_a_cloud_away_for_a_day_is_back_with_the_first_poll(cloud: Cloud) -> None:
    async with at_the_cloud(cloud) as client:
        await client.get_stats()
        assert cloud.listener is not None
        await cloud.listener.pause()
        cloud.listener.drop()
        for _ in range(24):
            with pytest.raises(Unreachable):
                await client.get_stats()
            await elapse(3600)
        await cloud.listener.resume()
        stats = await client.get_stats()
    assert (stats.current.battery_soc, stats.is_stale) == (41.93, False)


@warped
async def test_f23_ten_minutes_of_nothing_are_never_shown_as_fresh(cloud: Cloud) -> None:
    nothing = said({"code": 200, "message": "Query success!", "result": None})
    cloud.says["getDeviceCompositeInfo"] = in_turn(deepcopy(LIVE), *[nothing] * 20, live(soc=50))
    async with at_the_cloud(cloud) as client:
        first = await client.get_stats()
        for _ in range(20):
            await elapse(30)
            held = await client.get_stats()
            assert (held.is_stale, held.sample_time) == (True, first.sample_time)
        fresh = await client.get_stats()
    assert (fresh.is_stale, fresh.current.battery_soc) == (False, 50.0)


# F24


@pytest.mark.parametrize("trusts", [False, True], ids=["a stranger's certificate", "the one it was told"])
@pytest.mark.parametrize("pinned", [False, True], ids=["by authority", "by fingerprint"])
@warped
async def test_f24_only_a_certificate_that_is_trusted_is_talked_to(
    cloud: Cloud, tmp_path: Path, trusts: bool, pinned: bool
) -> None:
    ours = certificate_files(tmp_path / "ours")
    other = certificate_files(tmp_path / "other")
    async with serve_http(cloud.answer, tls=serving_context(ours)) as listener:
        trusted = ours if trusts else other
        trusting = (
            trusting_context(pinned=trusted.fingerprint) if pinned else trusting_context(ca=trusted.cert_path)
        )
        async with Client(
            PasswordAuth("owner@example.com", "secret"),
            GATEWAY,
            base_url=f"https://127.0.0.1:{listener.port}/",
            tls=trusting,
            limits=Limits(tries=1),
        ) as client:
            if trusts:
                assert (await client.get_stats()).current.battery_soc == 41.93
                return
            with pytest.raises(Unreachable, match="certificate"):
                await client.get_stats()
    assert cloud.log == []


@warped
async def test_f24_without_being_told_nobody_home_made_is_trusted(cloud: Cloud, tmp_path: Path) -> None:
    own = serving_context(certificate_files(tmp_path))
    async with (
        serve_http(cloud.answer, tls=own) as listener,
        Client(
            PasswordAuth("owner@example.com", "secret"),
            GATEWAY,
            base_url=f"https://127.0.0.1:{listener.port}/",
            limits=Limits(tries=1),
        ) as client,
    ):
        with pytest.raises(Unreachable, match="certificate"):
            await client.get_stats()
    assert cloud.log == []


# F25


@pytest.mark.parametrize("silence", ["hang up", "time out"])
@warped
async def test_f25_a_lost_acknowledgement_is_looked_up_and_the_write_not_repeated(
    cloud: Cloud, silence: str
) -> None:
    def apply(request: HttpRequest) -> Any:
        cloud.says["selectOffgrid"] = {"offgridSet": 1, "offgridState": 1}
        return HANG_UP if silence == "hang up" else after(1000, None)(request)

    cloud.says["updateOffgrid"] = apply
    async with at_the_cloud(cloud) as client:
        result = await client.set_grid_status(1)
    assert (result.accepted, result.confirmed) == (True, True)
    assert result.note == "no answer came; reading back shows it arrived"
    assert len(cloud.asked("updateOffgrid")) == 1


@warped
async def test_f25_a_write_that_never_arrived_is_told_and_not_repeated(cloud: Cloud) -> None:
    cloud.says["updateOffgrid"] = HANG_UP
    async with at_the_cloud(cloud) as client:
        result = await client.set_grid_status(1)
    assert (result.accepted, result.confirmed) == (False, False)
    assert result.mismatched == ("offgridSet", "offgridState")
    assert len(cloud.asked("updateOffgrid")) == 1


@warped
async def test_f25_where_nothing_can_be_read_nothing_is_claimed(cloud: Cloud) -> None:
    cloud.says |= {"updateOffgrid": HANG_UP, "selectOffgrid": refused(136)}
    async with at_the_cloud(cloud) as client:
        with pytest.raises(OutcomeUnknown):
            await client.set_grid_status(1)


# F26


@warped
async def test_f26_a_write_that_is_acknowledged_and_dropped_ends_unconfirmed(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    cloud.says["updateOffgrid"] = None
    async with at_the_cloud(cloud) as client:
        with caplog.at_level(logging.WARNING):
            result = await client.set_grid_status(1)
    assert (result.accepted, result.confirmed, result.queued) == (True, False, False)
    assert result.mismatched == ("offgridSet", "offgridState")
    assert result.after == {"offgridSet": 0, "offgridState": 0}
    assert len(cloud.asked("updateOffgrid")) == 1
    assert "does not show: offgridSet, offgridState" in caplog.text


@warped
async def test_f26_a_write_that_comes_late_is_waited_for(cloud: Cloud) -> None:
    on = {"offgridSet": 1, "offgridState": 1}
    cloud.says["updateOffgrid"] = None
    cloud.says["selectOffgrid"] = in_turn(
        {"offgridSet": 0, "offgridState": 0}, {"offgridSet": 1, "offgridState": 0}, on
    )
    async with at_the_cloud(cloud) as client:
        result = await client.set_grid_status(1)
    assert (result.confirmed, result.mismatched, result.after) == (True, (), on)


@warped
async def test_f26_a_write_that_came_half_names_the_other_half(cloud: Cloud) -> None:
    cloud.says |= {"updateOffgrid": None, "selectOffgrid": {"offgridSet": 1, "offgridState": 0}}
    async with at_the_cloud(cloud) as client:
        result = await client.set_grid_status(1)
    assert (result.confirmed, result.mismatched) == (False, ("offgridState",))


@warped
async def test_f26_a_write_for_an_absent_gateway_is_queued(cloud: Cloud) -> None:
    cloud.says["updateOffgrid"] = refused(176, "queued")
    async with at_the_cloud(cloud) as client:
        result = await client.set_grid_status(1)
    assert (result.accepted, result.confirmed, result.queued) == (True, None, True)
    assert bool(result)
