"""What is near is looked at and talked to; nothing else is, whatever it is called."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Coroutine, Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from ohmstead.kit.link import Link, listen, tcp, vicinity
from ohmstead.kit.link.vicinity import is_near, is_near_host, own_networks, staying_near
from ohmstead.model import Unreachable
from ohmstead.testing import warped


@pytest.mark.parametrize(
    "near",
    [
        "10.1.2.3",
        "172.31.0.1",
        "192.168.1.7",
        "127.0.0.1",
        "169.254.3.4",
        "::1",
        "fe80::1",
        "fd00::5",
        "::ffff:10.0.0.1",
    ],
)
def test_private_loopback_and_link_local_addresses_are_near(near: str) -> None:
    assert is_near(ip_address(near))


@pytest.mark.parametrize(
    "far",
    [
        "8.8.8.8",
        "172.32.0.1",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "2001:db8::1",
        "::ffff:8.8.8.8",
        "::",
    ],
)
def test_everything_else_is_far(far: str) -> None:
    assert not is_near(ip_address(far))


@warped
async def test_a_name_is_near_when_all_its_addresses_are_and_one_that_nobody_has_is_near_nothing() -> None:
    assert await is_near_host("localhost")
    for host in ("", "a..b", "nobody.invalid", "8.8.8.8", "::ffff:8.8.8.8"):
        assert not await is_near_host(host)


class Resolving(asyncio.SelectorEventLoop):
    """A loop whose names lead from one place to the next each time they are looked up."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        super().__init__()
        self.answers: Iterator[tuple[str, ...]] = iter(answers)

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> Any:  # Any: as asyncio's
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(self.answers)
        ]


def resolved(work: Coroutine[Any, Any, None], *answers: tuple[str, ...]) -> None:
    with asyncio.Runner(loop_factory=lambda: Resolving(*answers)) as runner:
        runner.run(work)


def test_a_name_that_leads_elsewhere_after_it_was_judged_is_dialled_where_it_was_judged() -> None:
    async def work() -> None:
        async with listen(answer, "127.0.0.1") as listener:
            with staying_near():
                async with tcp("charger.example", listener.port)() as link:
                    assert link.peer == f"127.0.0.1:{listener.port}"

    resolved(work(), ("127.0.0.1",), ("203.0.113.9",))


@pytest.mark.parametrize("answers", [("203.0.113.9",), ("127.0.0.1", "203.0.113.9")])
def test_a_name_that_leads_elsewhere_by_now_is_not_dialled(answers: tuple[str, ...]) -> None:
    async def work() -> None:
        assert await is_near_host("charger.example")
        with staying_near("cloud.example"):
            with pytest.raises(Unreachable, match=r"'charger.example' is no address in the home network"):
                async with tcp("charger.example", 80)():
                    pass
            with pytest.raises(Unreachable, match=r"'203.0.113.9' is no address in the home network"):
                async with tcp("203.0.113.9", 80)():
                    pass

    resolved(work(), ("127.0.0.1",), answers)


def test_each_near_address_of_a_name_is_tried() -> None:
    async def work() -> None:
        async with listen(answer, "127.0.0.1") as listener:
            with staying_near():
                async with tcp("charger.example", listener.port)() as link:
                    assert link.peer == f"127.0.0.1:{listener.port}"

    resolved(work(), ("127.9.9.9", "127.0.0.1"))


def test_a_host_that_is_spared_may_be_anywhere_and_outside_everything_may() -> None:
    async def work() -> None:
        async with listen(answer, "127.0.0.1") as listener:
            with staying_near("cloud.example"):
                async with tcp("cloud.example", listener.port)():
                    pass
            async with tcp("charger.example", listener.port)():
                pass

    resolved(work(), ("127.0.0.1",), ("127.0.0.1",))


async def answer(link: Link) -> None:
    await link.receive()


def test_own_networks_are_the_routes_without_a_gateway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes = tmp_path / "route"
    routes.write_text(
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
        "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
        "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
        "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
        "eth1\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\n"
        "ppp0\t00000008\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\n"
    )
    monkeypatch.setattr(vicinity, "ROUTES", routes)
    monkeypatch.setattr(vicinity, "_own_address", lambda: ip_address("10.20.30.40"))

    assert own_networks() == ("192.168.1.0/24", "10.20.30.0/24")


def test_where_no_routes_are_listed_it_is_the_network_around_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vicinity, "ROUTES", tmp_path / "none")
    monkeypatch.setattr(vicinity, "_own_address", lambda: ip_address("192.168.7.40"))
    assert own_networks() == ("192.168.7.0/24",)
    monkeypatch.setattr(vicinity, "_own_address", lambda: ip_address("203.0.113.9"))
    assert own_networks() == ()


def test_the_networks_of_this_machine_are_small_and_near() -> None:
    for network in map(ip_network, own_networks()):
        assert network.num_addresses <= 1024
        assert is_near(network.network_address)
