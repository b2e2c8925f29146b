"""`franklinwh` 2026.3.0, the first client, runs against the simulated cloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.compat
P = "franklinwh"


def test_it_logs_in_and_reads_stats_that_balance(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        stats = cloud.ask("get_stats")
        now, today = stats["current"], stats["totals"]

    sources = sum(now[k] for k in ("solar_production", "generator_production", "battery_use", "grid_use"))
    assert now["home_load"] == pytest.approx(sources, abs=0.001)
    assert now["grid_status"] == "NORMAL"
    assert 0.0 < now["battery_soc"] <= 100.0
    assert now["switch_1_load"] == 350
    assert today["home_use"] > 0.0
    assert cloud.ready["url"].startswith("franklinwh://user%40example.com@")


@pytest.mark.parametrize("model", ["us_bare", "au_v1_full", "us_merged"])
def test_it_reads_stats_of_other_hardware(scene: Callable[..., Any], model: str) -> None:
    with scene(P, model) as cloud:
        assert cloud.ask("get_stats")["current"]["battery_soc"] > 0.0


def test_it_switches_modes_of_the_first_accounts(scene: Callable[..., Any]) -> None:
    with scene(P, quirks="legacy-ids") as cloud:
        assert cloud.ask("get_mode").gave == ["self_consumption", 20]
        for made, mode, reserve in (
            ("Mode.time_of_use", "time_of_use", 35),
            ("Mode.emergency_backup", "emergency_backup", 100),
            ("Mode.self_consumption", "self_consumption", 25),
        ):
            assert not cloud.ask("set_mode", {"!": made, "args": [reserve]}).raised
            assert cloud.ask("get_mode").gave == [mode, reserve]


def test_it_knows_only_the_mode_numbers_of_the_first_accounts(scene: Callable[..., Any]) -> None:
    """Broken in the client: programme ids differ from account to account, and it has three of them built in."""
    with scene(P) as cloud:
        assert cloud.ask("get_mode").raised == "KeyError"


def test_it_switches_circuits(scene: Callable[..., Any]) -> None:
    with scene(P, "us_v1_circuits") as cloud:
        assert cloud.ask("get_smart_switch_state").gave == [True, False, False]
        assert not cloud.ask(
            "set_smart_switch_state", {"!": "SwitchState", "args": [[False, True, None]]}
        ).raised
        cloud.until(lambda: cloud.plant()["circuits"] == [False, True, False])
        assert cloud.ask("get_smart_switch_state").gave == [False, True, False]


def test_it_refuses_to_part_a_merged_pair(scene: Callable[..., Any]) -> None:
    with scene(P, "us_merged") as cloud:
        told = {"!": "SwitchState", "args": [[True, False, None]]}
        assert cloud.ask("set_smart_switch_state", told).raised == "RuntimeError"


def test_it_finds_accessories_and_gateways(scene: Callable[..., Any]) -> None:
    with scene(P, "two_gateways") as cloud:
        assert [found["accessoryType"] for found in cloud.ask("get_accessories").gave] == [3, 4]
        assert [found["id"] for found in cloud.ask("get_home_gateway_list").gave] == cloud.ready["gateways"]


def test_it_leaves_the_grid_and_comes_back(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        cloud.ask("set_grid_status", {"!": "GridStatus.OFF"})
        cloud.until(lambda: cloud.plant()["phase"] == "off grid on request")
        assert cloud.ask("get_stats")["current"]["grid_status"] == "OFF"
        cloud.ask("set_grid_status", {"!": "GridStatus.NORMAL"})
        cloud.until(lambda: cloud.plant()["phase"] == "connected")
        assert cloud.ask("get_stats")["current"]["grid_status"] == "NORMAL"


def test_it_sees_an_outage_and_the_generator(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        cloud.act("outage")
        cloud.until(lambda: cloud.plant()["generator"]["power_w"] > 0.0)
        now = cloud.ask("get_stats")["current"]

    assert now["grid_status"] == "DOWN"
    assert now["generator_production"] > 1.0


def test_its_generator_switch_is_the_mode_and_its_enabled_flag_is_not(scene: Callable[..., Any]) -> None:
    """Broken in the client: it takes a running generator (1) for disabled, and one that cools down (2) for enabled."""
    with scene(P, speed="1") as cloud:  # it cools down for a minute, in which the client is to see that
        cloud.act("outage")
        cloud.until(lambda: cloud.plant()["generator"]["state"] == "running")
        assert cloud.ask("get_stats")["current"]["generator_enabled"] is False
        assert not cloud.ask("set_generator", enabled=True).raised
        cloud.until(lambda: cloud.plant()["generator"]["state"] == "cooldown")
        assert cloud.ask("get_stats")["current"]["generator_enabled"] is True


def test_it_reads_and_writes_export_settings(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        assert cloud.ask("get_export_settings").gave == {"mode": "SOLAR_ONLY", "limit_kw": None}
        assert not cloud.ask("set_export_settings", {"!": "ExportMode.SOLAR_AND_APOWER"}, 4.5).raised
        assert cloud.ask("get_export_settings").gave == {"mode": "SOLAR_AND_APOWER", "limit_kw": 4.5}


def test_it_logs_in_again_when_its_token_is_lost(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        cloud.ask("get_accessories")
        logins = cloud.state()["logins"]
        cloud.act("token_expire")
        assert not cloud.ask("get_accessories").raised
        assert cloud.state()["logins"] == logins + 1


def test_it_takes_the_newer_token_code_for_an_answer(scene: Callable[..., Any]) -> None:
    """Broken in the client: 10009 makes it log in never, not even the first time, and it reads the missing result."""
    with scene(P, quirks="token-10009") as cloud:
        assert cloud.ask("get_accessories").gave is None
        assert cloud.state()["logins"] == 0


def test_an_offline_gateway_is_told_as_such(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        cloud.act("offline")
        assert cloud.ask("get_smart_switch_state").raised == "GatewayOfflineException"
        cloud.act("online")
        assert not cloud.ask("get_smart_switch_state").raised


def test_a_slow_gateway_is_a_time_out(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        cloud.fault("gateway-slow", times=1)
        assert cloud.ask("get_smart_switch_state").raised == "DeviceTimeoutException"


def test_it_takes_a_stored_answer_for_a_live_one(scene: Callable[..., Any]) -> None:
    """Broken in the client: it does not look at the kind of report, so charge and counters jump back."""
    with scene(P) as cloud:
        first = cloud.ask("get_stats")["totals"]["home_use"]
        cloud.until(lambda: cloud.plant()["today_wh"]["load"] > 1000.0 * first + 50.0)
        live = cloud.ask("get_stats")["totals"]["home_use"]
        cloud.fault("stored-answer", times=1)
        assert cloud.ask("get_stats")["totals"]["home_use"] < live


def test_an_empty_record_and_a_cut_one_are_errors(scene: Callable[..., Any]) -> None:
    with scene(P) as cloud:
        cloud.ask("get_stats")
        cloud.fault("empty-payload", times=1)
        assert cloud.ask("get_stats").raised == "TypeError"
        cloud.fault("truncate-json", times=1)
        assert cloud.ask("get_accessories").raised == "JSONDecodeError"
        cloud.fault("cdn-error", times=1)
        assert cloud.ask("get_accessories").raised == "JSONDecodeError"
