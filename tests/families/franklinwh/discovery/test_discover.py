"""Discovery against the simulated cloud, on every profile."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.franklinwh import Client, LoginError, PasswordAuth
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.model import DeviceError
from ohmstead.testing import warped

EXPECTED = {
    "us_v1_full": (True, "v1_with_generator", True, (201, 202), 2, "aGate X-20"),
    "us_v1_circuits": (False, "v1_needs_generator", False, (202,), 1, "aGate X-10"),
    "us_v1_generator": (False, "no_circuits", False, (201,), 1, "aGate X-20"),
    "us_v2": (True, "v2_builtin", True, (204,), 2, "aGate X 20 (US)"),
    "us_v2_full": (True, "v2_builtin", True, (203, 204), 3, "aGate X 20 (US)"),
    "us_bare": (False, "no_circuits", False, (), 3, "aGate X 20 (US)"),
    "au_v1": (False, "au_no_port", False, (302,), 1, "aGate X-01-AU"),
    "au_v1_full": (False, "au_no_port", False, (301, 302), 1, "aGate X-01-AU"),
    "us_merged": (True, "v1_with_generator", True, (201, 202), 2, "aGate X-20"),
}
"""Eligible, why, licensed, accessories, packs, gateway."""


def client_of(running: RunningCloud, said: str = "secret") -> Client:
    serial = running.stations[0].serial
    return Client(PasswordAuth("user@example.com", said), serial, base_url=running.url)


@pytest.mark.parametrize("model", EXPECTED)
@warped
async def test_each_profile_is_what_it_is(model: str, cloud: Any) -> None:
    eligible, reason, licensed, numbers, packs, gateway = EXPECTED[model]
    async with cloud(model) as running, client_of(running) as client:
        found = await client.discover()

    assert (found.flags.v2l_eligible, found.flags.v2l_reason, found.flags.v2l_enabled) == (
        eligible,
        reason,
        licensed,
    )
    assert tuple(item.catalogue_id for item in found.accessories.items) == numbers
    assert (found.batteries.count, found.agate.model) == (packs, gateway)
    assert found.accessories.has_generator is any(number % 100 in (1, 3) for number in numbers or ())
    assert found.errors == {}
    assert found.flags.v2l_note


@warped
async def test_tiers_are_cumulative_and_ask_for_more(cloud: Any) -> None:
    counts, found = [], []
    for tier in (1, 2, 3):
        async with cloud() as running, client_of(running) as client:
            found.append(await client.discover(tier))
            counts.append(len(running.log))

    assert counts == sorted(set(counts))
    first, second, third = found
    assert (first.electrical.v_l1, first.warranty) == (None, {})
    assert 110 < (second.electrical.v_l1 or 0) < 130
    assert second.warranty
    assert third.accessories.generator is not None
    assert third.accessories.generator.start_below_soc == 20
    assert (third.site.tariff_name, third.electrical.tou_dispatch_count) != (None, None)


@pytest.mark.parametrize("tier", [0, 4, True])
@warped
async def test_a_tier_that_does_not_exist_is_refused(tier: int, cloud: Any) -> None:
    async with cloud() as running, client_of(running) as client:
        with pytest.raises(ValueError, match="1, 2 or 3"):
            await client.discover(tier)


@warped
async def test_a_call_that_fails_leaves_its_defaults_and_a_reason(cloud: Any) -> None:
    async with cloud() as running, client_of(running) as client:
        await running.act("fault", name="cdn-error", path="getEntranceInfo")
        found = await client.discover()

    assert list(found.errors) == ["entrance"]
    assert (found.flags.pcs_enabled, found.accessories.has_generator) == (None, True)


@warped
async def test_a_wrong_password_is_tried_once_and_raised(cloud: Any) -> None:
    async with cloud() as running, client_of(running, "wrong") as client:
        with pytest.raises(LoginError):
            await client.discover()
        logins = [seen for seen in running.log if seen.path.endswith("appUserOrInstallerLogin")]

    assert len(logins) == 1


@warped
async def test_a_cloud_that_answers_nothing_is_no_empty_snapshot(cloud: Any) -> None:
    async with cloud() as running, client_of(running) as client:
        await client.login()
        await running.act("fault", name="cdn-error")
        with pytest.raises(DeviceError):
            await client.discover()


@warped
async def test_of_two_gateways_each_is_its_own(cloud: Any) -> None:
    async with cloud("two_gateways") as running, client_of(running) as client:
        first, second = (station.serial for station in running.stations)
        one = await client.discover()
        other = await client.at(second).discover()

    assert (one.agate.serial, other.agate.serial) == (first, second)
    assert (one.agate.generation, other.agate.generation) == (1, 2)
