"""Client and simulated cloud together: what is written is there, what is dropped is found out, what is lost comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from ohmstead.families.franklinwh import Client, GatewayOffline, PasswordAuth, RateLimited
from ohmstead.families.franklinwh.facts.endpoints import ENDPOINTS, ENERGY_DATA
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.families.franklinwh.simulator.starting import simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.world import World
from ohmstead.model import Fault, ScaledClock, SimulatorOptions
from ohmstead.testing import elapse, warped

NOON = datetime(2026, 6, 21, 16, tzinfo=UTC)
READS = (
    "get_stats", "get_device_composite_info", "get_generator_info", "get_generator_detail", "get_accessories",
    "get_accessories_power_info", "get_smart_circuits_info", "get_smart_circuits", "get_power_info", "get_mode",
    "get_mode_info", "get_all_mode_soc", "get_gateway_tou_list", "get_grid_status", "get_power_control_settings",
    "get_entrance_info", "get_storm_settings", "get_storm_list", "get_progressing_storm_list", "get_weather",
    "get_tou_dispatch_detail", "get_tou_info", "get_current_tou_price", "get_home_gateway_list", "get_device_info",
    "get_agate_info", "get_apower_info", "get_equipment_location", "get_warranty_info", "get_pack_catalogue",
    "get_site_list", "get_grid_profile_info", "get_gateway_alarm", "get_alarm_codes_list", "get_network_info",
    "get_connection_status", "get_network_switches", "get_wifi_config", "scan_wifi_networks", "check_v2l_ready",
    "discover",
)  # fmt: skip
PROFILES = (
    "us_v1_full", "us_v1_circuits", "us_v1_generator", "us_v2", "us_v2_full", "us_bare", "au_v1", "au_v1_full",
    "us_merged",
)  # fmt: skip


@asynccontextmanager
async def home(model: str = "us_v1_full", **extras: str) -> AsyncIterator[tuple[RunningCloud, Client]]:
    """A simulated home and a client of its cloud, on one clock."""
    world = World(ScaledClock(NOON))
    told = {"plain": "true", "latency": "0", **extras}
    async with simulate(SimulatorOptions(model=model, extras=told), world) as cloud, TaskScope() as scope:
        scope.start(world.run())
        auth = PasswordAuth("user@example.com", "secret")
        serial = cloud.ready["gateways"][0]
        async with Client(auth, serial, base_url=cloud.ready["base_url"], clock=world.clock) as client:
            yield cloud, client


@pytest.mark.parametrize("model", PROFILES)
@warped
async def test_every_read_is_answered_on_every_profile(model: str) -> None:
    async with home(model) as (_, client):
        for name in READS:
            found = await getattr(client, name)()
            assert found is not None or name in {"get_tou_info", "get_current_tou_price"}, name
            await elapse(2)
        pack = (await client.get_apower_info())[0]["apowerSn"]
        assert "batSoc" in await client.get_bms_info(pack)
        for span in range(1, 6):
            await client.get_power_details(span, "2026-06-21")
        await client.get_power_by_day("2026-06-21")


@warped
async def test_the_account_with_two_gateways_shares_one_login() -> None:
    async with home("two_gateways") as (cloud, client):
        first, second = (client.at(serial) for serial in cloud.ready["gateways"])
        stats = await asyncio.gather(first.get_stats(), second.get_stats())
        assert stats[0].current.apower_serial_numbers != stats[1].current.apower_serial_numbers
        assert client.get_metrics().logins == 1


@warped
async def test_50_parallel_reads_after_the_token_died_cost_one_login() -> None:
    async with home() as (cloud, client):
        await client.get_stats()
        cloud.service.faults.add(Fault("token-expire", {}))
        days = [f"2026-0{1 + number // 28}-{1 + number % 28:02d}" for number in range(50)]
        await asyncio.gather(*(client.call(ENERGY_DATA, query={"type": 1, "dayTime": day}) for day in days))
        assert client.get_metrics().logins == 2


WRITES: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "set_mode": ((1, 30), {}),
    "update_soc": ((35, 2), {}),
    "set_grid_status": ((1,), {}),
    "set_generator_mode": ((2,), {}),
    "set_smart_circuit_state": ((1, False), {}),
    "set_power_control_settings": ((0.0, 3.0), {}),
    "set_export_settings": ((2, 4.0), {}),
    "set_storm_settings": ((), {"enable": True, "advance_backup_min": 240}),
}


@pytest.mark.parametrize("name", WRITES)
@warped
async def test_what_is_written_is_there(name: str) -> None:
    arguments, options = WRITES[name]
    async with home() as (_, client):
        result = await getattr(client, name)(*arguments, **options)
    assert (result.accepted, result.confirmed, result.mismatched) == (True, True, ())


@pytest.mark.parametrize("name", [name for name in WRITES if name != "set_grid_status"])
@warped
async def test_a_write_that_is_silently_discarded_ends_unconfirmed(name: str) -> None:
    arguments, options = WRITES[name]
    async with home() as (cloud, client):
        await client.get_stats()
        cloud.service.faults.add(Fault("silent-discard", {}))
        result = await getattr(client, name)(*arguments, **options)
    assert result.accepted
    assert result.confirmed is False
    assert result.mismatched


@warped
async def test_an_offline_gateway_is_told_and_its_return_too() -> None:
    async with home() as (cloud, client):
        before = await client.get_stats()
        cloud.service.faults.add(Fault("gateway-offline", {}))
        held = await client.get_stats()
        assert held.is_stale
        assert held.current.battery_soc == before.current.battery_soc
        with pytest.raises(GatewayOffline):
            await client.get_power_info()
        assert (await client.set_mode(1, 30)).queued


@warped
async def test_a_limit_is_waited_out() -> None:
    async with home() as (cloud, client):
        await client.get_stats()
        cloud.service.faults.add(Fault("rate-limit", {"retry_after": "20"}))
        held = await client.get_stats()
        assert (held.is_stale, held.stale_reason) == (True, "rate_limited")
        with pytest.raises(RateLimited):
            await client.get_weather()


@warped
async def test_every_call_that_is_required_has_a_method_that_asks_it() -> None:
    async with home() as (cloud, client):
        for name in READS:
            await getattr(client, name)()
        await client.get_power_details(1, "2026-06-21")
        await client.get_power_by_day("2026-06-21")
        await client.get_benefit_info(1, "2026-06-21")
        for name, (arguments, options) in WRITES.items():
            await getattr(client, name)(*arguments, **options)
        await client.set_storm_settings(advance_notice_min=15)
        assert (await client.set_tou_schedule(await client.get_tou_dispatch_detail())).confirmed
        await client.logout()
        asked = {(request.method, request.path) for request in cloud.log}
    required = {(call.method, call.path) for call in ENDPOINTS if call.is_required}
    assert required - asked == set()


@warped
async def test_a_stored_answer_among_live_ones_moves_nothing() -> None:
    async with home() as (cloud, client):
        before = await client.get_stats()
        cloud.service.faults.add(Fault("stored-answer", {"times": "1"}))
        await elapse(600)
        held = await client.get_stats()
        after = await client.get_stats()
    assert (held.is_stale, held.current, held.totals) == (True, before.current, before.totals)
    assert not after.is_stale
    assert after.totals.home_use > before.totals.home_use


@warped
async def test_20_parallel_commands_are_answered_by_a_gateway_that_takes_one_at_a_time() -> None:
    async with home(latency="1") as (_, client):
        packs = [pack["apowerSn"] for pack in await client.get_apower_info()]
        found = await asyncio.gather(*(client.get_bms_info(packs[n % len(packs)]) for n in range(20)))
    assert all("batSoc" in record for record in found)
