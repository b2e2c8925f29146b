"""`franklinwh-cloud` 0.6.4, the second client, runs against the simulated cloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.compat
P = "franklinwh_cloud"


def test_it_logs_in_and_reads_stats_with_electrical_data(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        stats = cloud.ask("get_stats", include_electrical=True)
        now, today = stats["current"], stats["totals"]

    sources = sum(now[k] for k in ("solar_production", "generator_production", "battery_use", "grid_use"))
    assert now["home_load"] == pytest.approx(sources, abs=0.001)
    assert now["grid_connection_state"] == "CONNECTED"
    assert (now["work_mode"], now["tou_mode_desc"]) == (2, "Self-Consumption")
    assert now["grid_voltage1"] == pytest.approx(120.0, abs=3.0)
    assert now["grid_frequency"] == pytest.approx(60.0, abs=0.2)
    assert now["grid_line_voltage"] == pytest.approx(240.0, abs=6.0)
    assert (now["grid_relay1"], now["v2l_relay"]) == (1, 0)
    assert now["switch_1_load"] == 350
    assert len(now["apower_serial_numbers"]) == 2
    assert today["home_use"] > 0.0


@pytest.mark.parametrize(
    "model", ["us_v1_circuits", "us_v1_generator", "us_v2", "us_v2_full", "us_bare", "au_v1", "au_v1_full"]
)
def test_it_reads_stats_of_every_hardware(scene: Callable[..., Any], model: str) -> None:
    with scene(P, model) as cloud:
        assert cloud.ask("get_stats", include_electrical=True)["current"]["battery_soc"] > 0.0


def test_its_discovery_lacks_a_file_of_its_own(scene: Callable[..., Any]) -> None:
    """Broken in the package: it was published without the catalogue that `discover` opens."""
    with scene(P) as cloud:
        found = cloud.ask("discover")
        assert found.raised == "FileNotFoundError"
        assert "device_catalog.json" in found.said
        kinds = [item["accessoryType"] for item in cloud.ask("get_accessories", 0)["result"]]
        assert kinds == [3, 4]


def test_it_switches_modes_and_reads_them_back(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        for mode, name, soc in ((1, "time_of_use", 30), (2, "self_consumption", 40)):
            assert cloud.ask("set_mode", mode, soc, None, None, None).gave is True
            plant = cloud.plant()
            assert (plant["mode"], plant["reserve_pct"]) == (name, soc)
            assert cloud.ask("get_mode")["workMode"] == mode
        assert cloud.ask("set_mode", 3, None, 2, 2, 60).gave is True
        assert cloud.plant()["mode"] == "emergency_backup"


def test_it_switches_circuits(scene: Callable[..., Any]) -> None:
    with scene(P, "us_v1_circuits") as cloud:
        assert cloud.ask("set_smart_circuit_state", 2, True)["result"] == 0
        cloud.until(lambda: cloud.plant()["circuits"] == [True, True, False])
        assert cloud.ask("get_stats")["current"]["switch_2_load"] == 600
        assert not cloud.ask("set_smart_circuit_soc_cutoff", 2, True, 35).raised
        circuit = cloud.ask("get_smart_circuits")["2"]
        assert (circuit["soc_cutoff_enabled"], circuit["soc_cutoff_limit"]) == (True, 35)


def test_it_reads_and_writes_the_generator(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        record = cloud.ask("get_generator_info")
        assert (record["manuSw"], record["status"], record["opt"]) == (1, 0, 0)
        assert cloud.ask("set_generator_mode", 2)["manuSw"] == 2
        assert cloud.ask("get_generator_info")["manuSw"] == 2
        windows = [{"start": "11:00", "end": "23:59", "enabled": True}]
        assert not cloud.ask("set_generator_charge_schedule", windows, confirm=True).raised
        assert cloud.ask("get_generator_info")["charge1StartTime"] == "11:00"


def test_it_sees_the_generator_run_in_an_outage(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        cloud.act("outage")
        cloud.until(lambda: cloud.plant()["generator"]["power_w"] > 0.0)
        now = cloud.ask("get_stats", include_electrical=True)["current"]
        power = cloud.ask("get_accessories_power_info", 3)["generator"]

    assert now["grid_connection_state"] == "OUTAGE"
    assert (now["generator_status"], now["generator_relay"]) == (1, 1)
    assert now["generator_voltage"] == 240.0
    assert power["power"] == pytest.approx(1000.0 * now["generator_production"], rel=0.3)
    assert (power["voltage"], power["frequency"]) == (2400, 600)


def test_it_reads_accessory_power(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        circuits = cloud.ask("get_accessories_power_info", 1)["smart_circuits"]
        assert [found["power"] for found in circuits] == [350, 0]
        assert cloud.ask("get_accessories_power_info", 2)["v2l"]["power"] == 0


def test_vehicle_to_load_follows_its_switch_off_grid_only(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        refused = cloud.ask("set_v2l_mode", True)
        assert refused["result"] == 1
        assert "SPECULATIVE" in refused.warnings[0]
        cloud.ask("set_grid_status", {"!": "GridStatus.OFF"})
        cloud.until(lambda: cloud.plant()["v2l"]["state"] == "standby")
        assert cloud.ask("set_v2l_mode", True)["result"] == 0
        cloud.until(lambda: cloud.plant()["v2l"]["state"] == "active")
        now = cloud.ask("get_stats", include_electrical=True)["current"]
        assert (now["v2l_status"], now["v2l_use"], now["v2l_relay"]) == (2, 2800, 1)
        assert cloud.ask("set_v2l_mode", False)["result"] == 0
        cloud.until(lambda: cloud.plant()["v2l"]["state"] == "standby")


def test_it_leaves_the_grid_and_comes_back(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        cloud.ask("set_grid_status", {"!": "GridStatus.OFF"})
        cloud.until(lambda: cloud.plant()["phase"] == "off grid on request")
        assert cloud.ask("get_stats")["current"]["grid_connection_state"] == "SIMULATED_OFF_GRID"
        cloud.ask("set_grid_status", {"!": "GridStatus.NORMAL"})
        cloud.until(lambda: cloud.plant()["phase"] == "connected")
        assert cloud.ask("get_stats")["current"]["grid_connection_state"] == "CONNECTED"


def test_it_reads_packs_history_network_and_tariff(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        serial = cloud.ask("get_device_info")["result"]["apowerList"][1]["id"]
        pack = cloud.ask("get_bms_info", serial)
        assert pack["fhpSn"] == serial
        for call in ("get_network_info", "get_connection_status", "get_network_switches", "get_wifi_config"):
            assert not cloud.ask(call).raised, call
        for call in ("get_tou_dispatch_detail", "get_power_control_settings", "get_storm_settings"):
            assert not cloud.ask(call).raised, call
        day = cloud.ask("get_power_details", 1, "2026-06-20")
        assert day["kwhLoadArray"][0] > 0.0


def test_it_gives_one_half_of_a_pack(scene: Callable[..., Any]) -> None:
    """Broken in the client: cells and inverter come in two answers, and it keeps the longer one only."""
    with scene(P) as cloud:
        serial = cloud.ask("get_device_info")["result"]["apowerList"][0]["id"]
        found = cloud.ask("get_bms_info", serial).gave

    assert "invTemp" in found
    assert "batVolt" not in found


def test_it_logs_in_again_when_its_token_is_lost(scene: Callable[..., Any]) -> None:
    with scene(P, quirks="token-10009") as cloud:
        cloud.ask("get_stats")
        logins = cloud.state()["logins"]
        cloud.act("token_expire")
        assert not cloud.ask("get_stats").raised
        assert cloud.state()["logins"] > logins


def test_an_offline_gateway_is_told_by_commands_and_its_mode_writes_wait(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        cloud.act("offline")
        assert cloud.ask("get_power_info").raised == "GatewayOfflineException"
        assert cloud.ask("set_mode", 1, 30, None, None, None).gave is True
        assert (cloud.plant()["queued"], cloud.plant()["mode"]) == (1, "self_consumption")
        cloud.act("online")
        assert cloud.plant()["mode"] == "time_of_use"


def test_it_takes_a_stored_answer_for_a_live_one(scene: Callable[..., Any]) -> None:
    """Broken in the client: it does not look at the kind of report, so an offline gateway passes for a live one."""
    with scene(P, "us_v1_generator") as cloud:
        first = cloud.ask("get_stats")["totals"]["home_use"]
        cloud.until(lambda: cloud.plant()["today_wh"]["load"] > 1000.0 * first + 50.0)
        live = cloud.ask("get_stats")["totals"]["home_use"]
        cloud.act("offline")
        stale = cloud.ask("get_stats")

    assert stale["totals"]["home_use"] < live
    assert stale["is_stale"] is False


def test_rate_limits_and_empty_records_give_the_last_stats_marked_stale(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        soc_pct = cloud.ask("get_stats")["current"]["battery_soc"]
        for fault, reason, parameters in (
            ("rate-limit", "rate_limited", {"how": "body"}),
            ("rate-limit", "rate_limited", {"how": "http", "retry_after": 1}),
            ("empty-payload", "empty_payload", {}),
        ):
            cloud.fault(fault, times=1, path="getDeviceCompositeInfo", **parameters)
            stale = cloud.ask("get_stats")
            assert (stale["is_stale"], stale["stale_reason"]) == (True, reason)
            assert stale["current"]["battery_soc"] == soc_pct


def test_pages_of_html_are_named_errors(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        cloud.ask("get_accessories", 0)
        cloud.fault("cdn-error", times=1)
        assert cloud.ask("get_accessories", 0).raised == "InvalidResponseError"
