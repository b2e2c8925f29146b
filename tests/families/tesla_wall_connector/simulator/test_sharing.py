"""Groups of units: pairing, shares, turns, and what becomes of a follower."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.protos.common_pb2 import ErrorResponse
from ohmstead.families.tesla_wall_connector.protos.wc_pb2 import (
    WCAPIConfigureLoadSharingSettingsRequest,
    WCAPIGetLoadSharingNetworkStateRequest,
)
from ohmstead.families.tesla_wall_connector.protos.wc_sharing_pb2 import (
    WCLoadSharingFixedLimitConfig,
    WCLoadSharingSettings,
)
from ohmstead.kit.link.http import http
from ohmstead.model import ConfigError, Refused, Unreachable
from ohmstead.testing import warped

Open = Any  # the conftest's


def limit(current_a: int) -> WCAPIConfigureLoadSharingSettingsRequest:
    fixed = WCLoadSharingFixedLimitConfig(network_limit_amps=current_a)
    return WCAPIConfigureLoadSharingSettingsRequest(settings=WCLoadSharingSettings(fixed_limit=fixed))


async def all_plugged(home: Any) -> None:
    for unit in home.units.units:
        await home.act("plug", unit=unit.identity.serial)
    await home.after(120)


@warped
async def test_two_cars_share_what_there_is(bench: Open) -> None:
    async with bench("23.8.2-eu3", units="2", network_limit="20") as home:
        await all_plugged(home)
        assert [round(unit.current_a, 1) for unit in home.units.units] == [10.0, 10.0]
        state = (await home.call(WCAPIGetLoadSharingNetworkStateRequest())).network_state
        assert [device.din.value for device in state.devices] == [
            unit.identity.din for unit in home.units.units
        ]
        assert [device.leader_command.pilot_current_amps for device in state.devices] == [10, 10]
        assert (state.leader_state.active_unit_count, state.limits.max_participants) == (2, 6)
        await home.act("unplug", unit=home.units.units[1].identity.serial)
        await home.after(60)
        assert home.unit.current_a == pytest.approx(16, abs=0.1)


@warped
async def test_units_take_turns_when_there_is_too_little(bench: Open) -> None:
    async with bench("23.8.2-eu3", units="3", network_limit="18") as home:
        await all_plugged(home)
        await home.act("car", profile="pwm")
        home.unit.group.network_limit_a = 13
        await home.after(60)
        charging = [unit.current_a > 5 for unit in home.units.units]
        assert charging.count(True) == 2
        await home.after(3600)
        assert all(unit.session.energy_wh > 100 for unit in home.units.units)


@warped
async def test_pairing_does_what_the_installer_does(bench: Open) -> None:
    async with bench("22.33.1-eu3", units="2") as home:
        other = home.units.units[1]
        found = await home.act(
            "pair", ssid=other.identity.ssid, password=other.identity.password, network_limit=16
        )
        assert found == {
            "leader": home.unit.identity.din,
            "participants": (home.unit.identity.din, other.identity.din),
            "network_limit_a": 16,
        }
        assert [unit.memory.writes for unit in home.units.units] == [1, 1]
        assert [unit["role"] for unit in home.units.ready["units"]] == ["leader", "follower"]
        await home.after(30)
        assert (await home.lan.get("/api/1/vitals")).status == 200
        await home.after(170)
        async with http(f"http://127.0.0.1:{home.units.endpoints['lan-2']}") as follower:
            with pytest.raises(Unreachable):
                await follower.get("/api/1/vitals")
        await home.after(120)
        windows = [unit["window"] for unit in home.units.state()["units"]]
        assert windows == ["open", "closed"]


@warped
async def test_pairing_is_refused_with_a_reason(bench: Open) -> None:
    async with bench("22.33.1-eu3", units="2") as home:
        own, other = (unit.identity for unit in home.units.units)
        good = {"ssid": other.ssid, "password": other.password, "network_limit": 16}
        cases = (
            ({"ssid": "TeslaWallConnector_ZZZZZZ"}, "unknown_unit"),
            ({"password": "guess"}, "wrong_password"),
            ({"network_limit": 11}, "limit_too_low"),
            ({"ssid": own.ssid}, "self"),
        )
        for wrong, expected in cases:
            with pytest.raises(Refused) as refused:
                await home.act("pair", **(good | wrong))
            assert refused.value.code == expected
        with pytest.raises(ConfigError):
            await home.act("pair", **(good | {"network_limit": "16"}))
        assert [unit.memory.writes for unit in home.units.units] == [0, 0]
        await home.act("pair", **good)
        with pytest.raises(Refused) as refused:
            await home.act("pair", **good)
        assert refused.value.code == "already_paired"


@warped
async def test_the_network_limit_is_the_leaders_and_has_a_least(bench: Open) -> None:
    async with bench("23.8.2-eu3", units="2", network_limit="20") as home:
        refused = await home.call(limit(11))
        assert isinstance(refused, ErrorResponse)
        assert refused.status.code == 3
        assert not isinstance(await home.call(limit(12)), ErrorResponse)
        assert (home.unit.group.network_limit_a, home.unit.memory.writes) == (12, 1)
