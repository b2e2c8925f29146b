"""A scan visits each address once, few at a time, and survives whatever is there."""

from __future__ import annotations

import asyncio

import pytest

from ohmstead.kit.link.scan import AT_ONCE, LOOK_S, MOST_HOSTS, hosts, scan, split_port, written
from ohmstead.model import BadAnswer, ConfigError, Unreachable
from ohmstead.testing import elapse, warped


@warped
async def test_each_address_is_looked_at_once_and_few_at_a_time() -> None:
    seen: list[str] = []
    under_way = most = 0

    async def look(host: str, port: int) -> None:
        nonlocal under_way, most
        seen.append(host)
        under_way += 1
        most = max(most, under_way)
        await elapse(1.0)
        under_way -= 1

    start_s = asyncio.get_running_loop().time()
    assert await scan("192.0.2.0/24", 80, look) == []

    assert len(seen) == len(set(seen)) == 254
    assert most == AT_ONCE
    assert asyncio.get_running_loop().time() - start_s == 8.0


@warped
async def test_what_is_found_comes_in_the_order_of_addresses_and_other_devices_are_passed() -> None:
    async def look(host: str, port: int) -> str | None:
        number = int(host.rpartition(".")[2])
        if number == 2:
            raise Unreachable("nobody")
        if number == 3:
            raise BadAnswer("a printer")
        await elapse((10.0 - number) / 2)
        return None if number == 4 else host

    assert await scan("192.0.2.0/29", 80, look) == ["192.0.2.1", "192.0.2.5", "192.0.2.6"]


def test_one_host_is_a_network_too() -> None:
    assert hosts("192.0.2.7") == ("192.0.2.7",)
    assert hosts("192.0.2.7/24")[0] == "192.0.2.1"


@pytest.mark.parametrize(
    "wrong", ["", "home", "192.0.2.0/33", "10.0.0.0/8", "2001:db8::/64", "8.8.8.0/24", "100.64.0.1"]
)
def test_what_is_no_network_or_too_large_is_a_wrong_setting(wrong: str) -> None:
    with pytest.raises(ConfigError):
        hosts(wrong)


def test_a_home_with_four_networks_in_one_is_small_enough() -> None:
    assert len(hosts("192.168.0.0/22")) == MOST_HOSTS - 2


@warped
async def test_places_that_are_spared_are_passed_by_and_a_look_without_end_is_given_up() -> None:
    seen: list[tuple[str, int]] = []

    async def look(host: str, port: int) -> str | None:
        seen.append((host, port))
        if host.endswith(".1"):
            await elapse(3600.0)
        return host

    start_s = asyncio.get_running_loop().time()
    assert await scan("192.0.2.0/29", 80, look, spared={"192.0.2.3", "192.0.2.4:81"}) == [
        "192.0.2.2",
        "192.0.2.4",
        "192.0.2.5",
        "192.0.2.6",
    ]
    assert ("192.0.2.3", 80) not in seen
    assert asyncio.get_running_loop().time() - start_s == LOOK_S


@pytest.mark.parametrize(
    ("network", "place"),
    [
        ("192.0.2.7", ("192.0.2.7", 80)),
        ("192.0.2.7:8080", ("192.0.2.7", 8080)),
        ("192.0.2.0/24:8080", ("192.0.2.0/24", 8080)),
        ("::1", ("::1", 80)),
        ("[::1]", ("::1", 80)),
        ("[::1]:8080", ("::1", 8080)),
    ],
)
def test_a_network_may_name_a_port_of_its_own(network: str, place: tuple[str, int]) -> None:
    assert split_port(network, 80) == place


@pytest.mark.parametrize("wrong", ["192.0.2.7:", "192.0.2.7:0", "192.0.2.7:65536", "192.0.2.7:x", "[::1]:x"])
def test_a_port_that_is_none_is_a_wrong_setting(wrong: str) -> None:
    with pytest.raises(ConfigError, match="port"):
        split_port(wrong, 80)


def test_a_place_is_written_as_in_a_url() -> None:
    assert written("192.0.2.7", 80, 80) == "192.0.2.7"
    assert written("fe80::1", 8080, 80) == "[fe80::1]:8080"
