"""The configuration channel: byte for byte, by the rules for the current, and through the access window."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.protos.common_pb2 import (
    CommonAPIGetSystemInfoRequest,
    ErrorResponse,
)
from ohmstead.families.tesla_wall_connector.protos.wc_pb2 import (
    WCAPIConfigureChargeScheduleRequest,
    WCAPIConfigureChargeScheduleResponse,
    WCAPIConfigureSettingsRequest,
    WCAPIConfigureSettingsResponse,
    WCAPIGetConfigRequest,
    WCAPIGetConfigResponse,
    WCAPIGetLifetimeStatsRequest,
    WCAPIGetProvisionalOperationalParamsRequest,
    WCAPIGetProvisionalOperationalParamsResponse,
    WCAPIGetVitalsRequest,
    WCAPIPushChargeCommandRequest,
    WCAPIRegisterCommercialRequest,
    WCAPISetProvisionalOperationalParamsRequest,
    WCAPISetProvisionalOperationalParamsResponse,
)
from ohmstead.families.tesla_wall_connector.protos.wc_schedule_pb2 import (
    WC_CHARGING_COMMAND_START,
    WC_CHARGING_COMMAND_STOP,
    WCChargeCommand,
)
from ohmstead.families.tesla_wall_connector.protos.wc_settings_pb2 import (
    WCProvisionalOperationalParams,
    WCSettings,
)
from ohmstead.model import ConnectionLost, Unreachable
from ohmstead.testing import warped

Open = Any  # the conftest's
VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text(encoding="utf-8"))
HEX = {vector["name"]: vector["hex"] for vector in VECTORS["tedapi"]}


def wanting(current_a: int) -> WCAPIConfigureSettingsRequest:
    return WCAPIConfigureSettingsRequest(settings=WCSettings(max_output_current_amps=current_a))


def code(answer: Any) -> int:
    assert isinstance(answer, ErrorResponse)
    return answer.status.code


@warped
async def test_setting_the_current_is_answered_as_captured(bench: Open) -> None:
    async with bench("22.33.1-eu3") as home:
        answer = await home.post(wanting(6))
        assert answer.body.hex() == HEX["set_current_6_response"]
        assert len(answer.body) == 60
        assert answer.headers["transfer-encoding"] == "chunked"
        assert answer.headers["cache-control"] == "no-store, max-age=0"
        assert answer.headers["content-type"] == "application/octet-stream"


@warped
async def test_setting_the_current_in_a_group_is_answered_as_captured(bench: Open) -> None:
    async with bench("22.33.1-eu3", units="2", network_limit="16") as home:
        answer = await home.post(wanting(13))
        assert answer.body.hex() == HEX["set_current_13_response_load_sharing"]
        assert len(answer.body) == 139


@warped
async def test_the_rules_for_the_current_hold(bench: Open) -> None:
    async with bench("23.8.2-eu3") as home:
        memory = home.unit.memory
        for rule in VECTORS["rules"]["set_current"]:
            memory.settings = type(memory.settings)(most_a=rule["stored"], country="DE")
            writes = memory.writes
            answer = await home.call(wanting(rule["write"]))
            assert isinstance(answer, ErrorResponse) is (rule["reply"] == "error_response")
            assert memory.settings.most_a == rule["stored_after"]
            assert memory.writes - writes == rule["flash_writes"], rule
        assert code(await home.call(wanting(33))) == 3


@warped
async def test_a_stored_current_survives_a_power_cycle_and_a_temporary_one_does_not(bench: Open) -> None:
    async with bench("25.34.1-eu3") as home:
        await home.call(wanting(6))
        params = WCProvisionalOperationalParams(limit_current_max_amps=6, limit_timeout_s=900)
        await home.call(WCAPISetProvisionalOperationalParamsRequest(prov_op_params=params))
        assert home.unit.memory.writes == 1
        await home.act("power_cycle", off_s=2)
        await home.after(4)
        found = await home.call(WCAPIGetProvisionalOperationalParamsRequest())
        assert isinstance(found, WCAPIGetProvisionalOperationalParamsResponse)
        assert found.configured_current_limit_amps == 6
        assert found.prov_op_params == WCProvisionalOperationalParams()


@warped
async def test_a_temporary_limit_holds_its_time_and_costs_no_write(bench: Open) -> None:
    async with bench("25.34.1-eu3", plugged="true") as home:
        await home.after(120)
        params = WCProvisionalOperationalParams(limit_current_max_amps=10, limit_timeout_s=60)
        answer = await home.call(WCAPISetProvisionalOperationalParamsRequest(prov_op_params=params))
        assert isinstance(answer, WCAPISetProvisionalOperationalParamsResponse)
        await home.after(3)
        assert (await home.vitals()).vehicle_current_a == pytest.approx(10, abs=0.1)
        await home.after(60)
        assert (await home.vitals()).vehicle_current_a == pytest.approx(16, abs=0.1)
        assert home.unit.memory.writes == 0


@warped
async def test_an_older_firmware_does_not_know_temporary_limits(bench: Open) -> None:
    async with bench("24.36.3-eu3") as home:
        assert code(await home.call(WCAPIGetProvisionalOperationalParamsRequest())) == 12
        assert code(await home.call(WCAPIRegisterCommercialRequest())) == 12


@warped
async def test_commands_stop_and_start(bench: Open) -> None:
    async with bench("25.34.1-eu3", plugged="true") as home:
        await home.after(120)
        for command, is_closed in ((WC_CHARGING_COMMAND_STOP, False), (WC_CHARGING_COMMAND_START, True)):
            message = WCAPIPushChargeCommandRequest(charge_command=WCChargeCommand(charging_command=command))
            await home.call(message)
            await home.after(10)
            assert (await home.vitals()).contactor_closed is is_closed


@pytest.mark.long
@warped
async def test_a_schedule_needs_a_period_and_a_time_zone(bench: Open) -> None:
    async with bench("25.34.1-eu3", plugged="true") as home:
        await home.after(120)
        request = WCAPIConfigureChargeScheduleRequest()
        answer = await home.call(request)
        assert isinstance(answer, WCAPIConfigureChargeScheduleResponse)
        assert answer.error == 4
        request.config.enable_schedule = True
        day = request.config.schedule.day_time_periods.add(day_bitmask=127)
        day.time_periods.add(start_seconds=2 * 3600, end_seconds=5 * 3600)
        request.time_zone.time_zone_info.transitions.add()
        assert (await home.call(request)).error == 1
        await home.after(10)
        assert (await home.vitals()).contactor_closed is False
        config = await home.call(WCAPIGetConfigRequest())
        assert isinstance(config, WCAPIGetConfigResponse)
        assert config.charge_schedule == request.config
        await home.after(10 * 3600)
        assert home.unit.true_wh > 10_000


@warped
async def test_a_call_for_another_unit_is_not_found(bench: Open) -> None:
    async with bench() as home:
        assert code(await home.call(WCAPIGetConfigRequest(), din="1529455-02-D--PGT21999999999")) == 5


@warped
async def test_rubbish_gets_an_error_and_the_din_is_plain(bench: Open) -> None:
    async with bench() as home:
        answer = await home.ap.post("/tedapi/v1", b"\xff\xfe rubbish")
        assert answer.status == 200
        assert (await home.ap.get("/tedapi/din")).body == home.unit.identity.din.encode()


@warped
async def test_device_information_names_the_device(bench: Open) -> None:
    async with bench("23.8.2-eu3") as home:
        found = await home.call(CommonAPIGetSystemInfoRequest())
        assert found.din == VECTORS["din"]
        assert found.firmware_version.version == "23.8.2"


@warped
async def test_vitals_agree_with_the_documents(bench: Open) -> None:
    async with bench("25.34.1-us2", plugged="true") as home:
        await home.after(120)
        found = (await home.call(WCAPIGetVitalsRequest())).vitals
        vitals = await home.vitals()
        assert found.contactor_closed
        assert found.session_energy.energy_wh == pytest.approx(vitals.session_energy_wh, abs=60)
        assert found.instantaneous_power_watts.value == pytest.approx(home.unit.drawn_w)


@warped
async def test_firmware_of_2022_numbers_its_lifetime_figures_otherwise(bench: Open) -> None:
    async with bench("22.33.1-eu3") as home:
        stats = (await home.call(WCAPIGetLifetimeStatsRequest())).lifetime_stats
        assert stats.charging_energy.energy_wh == 0.0
        assert b"\x08\xcc\xf2\xb0\x02" in stats.SerializeToString()  # uptime, as field 1
    async with bench("25.34.1-eu3") as home:
        stats = (await home.call(WCAPIGetLifetimeStatsRequest())).lifetime_stats
        assert stats.charging_energy.energy_wh == 270_093.0


@warped
async def test_worn_flash_fails_and_keeps_what_it_has(bench: Open) -> None:
    async with bench("25.34.1-eu3") as home:
        await home.act("flash", fails_at=2)
        for current_a in (10, 11):
            assert isinstance(await home.call(wanting(current_a)), WCAPIConfigureSettingsResponse)
        assert code(await home.call(wanting(12))) == 13
        assert home.unit.memory.settings.most_a == 11


@warped
async def test_a_leader_lets_a_kept_connection_write_after_its_access_point_is_gone(bench: Open) -> None:
    async with bench("22.33.1-eu3") as home:
        await home.act("window", state="open", page_extends_min=0)
        for _ in range(20):  # one connection, kept alive
            assert isinstance(await home.call(WCAPIGetConfigRequest()), WCAPIGetConfigResponse)
            await home.after(10)
        for _ in range(80):
            await home.after(10)
            await home.call(WCAPIGetConfigRequest())
        assert home.units.state()["units"][0]["window"] == "hidden"
        assert isinstance(await home.call(wanting(10)), WCAPIConfigureSettingsResponse)
        with pytest.raises(Unreachable):
            await home.stranger()
        for _ in range(90):
            await home.after(10)
            answer = await home.call(WCAPIGetConfigRequest())
        assert code(answer) == 16
        await home.after(31 * 60)
        with pytest.raises((ConnectionLost, Unreachable)):
            await home.call(WCAPIGetConfigRequest())
        await home.act("button", hold_s=6)
        await home.after(6)
        assert isinstance(await home.call(WCAPIGetConfigRequest()), WCAPIGetConfigResponse)


@pytest.mark.long
@warped
async def test_an_access_point_of_2021_stays_and_its_presence_does_not(bench: Open) -> None:
    async with bench("21.36.6-eu3") as home:
        await home.after(31 * 60)
        assert code(await home.call(WCAPIGetConfigRequest())) == 16
        await home.after(5 * 3600)
        assert code(await home.call(wanting(10))) == 16
        assert home.unit.memory.writes == 0


@pytest.mark.parametrize(("extends", "window"), [("10", "open"), ("0", "hidden")])
def test_loading_the_page_holds_the_window_where_it_does(bench: Open, extends: str, window: str) -> None:
    @warped
    async def check() -> None:
        async with bench("23.8.2-eu3", page_extends=extends) as home:
            for _ in range(45 * 3):
                page = await home.ap.get("/")
                await home.after(10)
            assert b"/app.js" in page.body
            assert (await home.ap.get("/app.js")).status == 200
            assert home.units.state()["units"][0]["window"] == window

    check()


@warped
async def test_a_late_write_is_acknowledged_at_once_and_done_later(bench: Open) -> None:
    async with bench("23.8.2-eu3") as home:
        await home.act("fault", name="late-write", s=20)
        answer = await home.call(wanting(10))
        assert isinstance(answer, WCAPIConfigureSettingsResponse)
        assert answer.settings.max_output_current_amps == 10
        assert home.unit.memory.settings.most_a == 32
        await home.after(21)
        assert (home.unit.memory.settings.most_a, home.unit.memory.writes) == (10, 1)
