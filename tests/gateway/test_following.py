"""The site file may change while the site runs: a good one is followed, a bad one changes nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from toy_family import TOYS, Toy, at_once

from ohmstead.gateway import NO_FACES, Faces, Gateway, Order, open_gateway, read_site_file
from ohmstead.model import LIMITS_SOLAR, DeviceId, Outcome, ScaledClock
from ohmstead.polling import HealthState, Trouble
from ohmstead.testing import elapse
from ohmstead.testing.warp import warped
from tests.gateway.conftest import NOON

FACES = {"api": "ohmstead.api:ApiSettings", "mqtt": "ohmstead.bridges:MqttSettings"}
ROOF = '[[device]]\nname = "roof"\nurl = "toy://roof"\n'
SHED = '[[device]]\nname = "shed"\nurl = "toy://shed"\n'


@pytest.fixture
def site_path(tmp_path: Path) -> Path:
    TOYS.update({"roof": Toy(), "shed": Toy(), "barn": Toy()})
    path = tmp_path / "site.toml"
    path.write_text(ROOF)
    return path


def write(path: Path, text: str) -> None:
    """As an editor does."""
    path.write_text(text)


def remove(path: Path) -> None:
    path.unlink()


@asynccontextmanager
async def running(site_path: Path, faces: Faces = NO_FACES) -> AsyncIterator[Gateway]:
    """For long enough that its devices have spoken."""
    clock = ScaledClock(NOON, 1.0)
    directory = site_path.parent / "data"
    directory.mkdir(exist_ok=True)
    site_file = read_site_file(site_path, faces=faces)
    async with open_gateway(site_file, directory=directory, clock=clock, threads=False) as gateway:
        await elapse(1)
        yield gateway


def known(gateway: Gateway) -> list[str]:
    return [status.id for status in gateway.devices()]


@warped
async def test_a_device_that_is_added_is_polled_and_the_others_are_not_disturbed(site_path: Path) -> None:
    async with running(site_path) as gateway:
        write(site_path, ROOF + SHED)
        await elapse(5)
        assert known(gateway) == ["roof/1", "shed/1"]
        assert TOYS["roof"].opened == 1
        assert gateway.flows().solar_w == 200.0


@warped
async def test_what_is_written_while_the_gateway_opens_is_followed_too(site_path: Path) -> None:
    directory, site_file = site_path.parent, read_site_file(site_path)
    write(site_path, ROOF + SHED)
    async with open_gateway(
        site_file, directory=directory, clock=ScaledClock(NOON, 1.0), threads=False
    ) as gateway:
        await elapse(5)
        assert known(gateway) == ["roof/1", "shed/1"]


@warped
async def test_a_device_that_is_removed_is_gone_and_those_who_watch_hear_of_it(site_path: Path) -> None:
    write(site_path, ROOF + SHED)
    async with running(site_path) as gateway:
        watch = gateway.watch()
        write(site_path, SHED)
        await elapse(5)
        assert known(gateway) == ["shed/1"]
        assert (await anext(watch)).gone == {"roof/1"}
        asked = TOYS["roof"].asked
        await elapse(120)
        assert TOYS["roof"].asked == asked


@warped
async def test_another_address_is_dialled_at_once(site_path: Path) -> None:
    TOYS["barn"].power_w = 700.0
    async with running(site_path) as gateway:
        write(site_path, ROOF.replace("toy://roof", "toy://barn"))
        await elapse(5)
        assert gateway.flows().solar_w == 700.0


@warped
async def test_control_is_given_without_a_restart(site_path: Path) -> None:
    async with running(site_path) as gateway:
        order = Order(device=DeviceId("roof/1"), ability=LIMITS_SOLAR.name, value=50.0, origin="test")
        assert (await gateway.commands.execute(order)).outcome is Outcome.REFUSED
        write(site_path, ROOF + "control = true\n")
        await elapse(5)
        assert (await gateway.commands.execute(order)).outcome is Outcome.CONFIRMED


@pytest.mark.parametrize(
    "broken",
    ["[[device]]\nname = ", SHED.replace("url", "ulr"), "", ROOF + ROOF, SHED + '[mqtt]\nhost = ""\n'],
    ids=["half written", "misspelt", "empty", "one name twice", "a face's"],
)
def test_a_file_with_a_mistake_leaves_the_last_good_one_in_force(site_path: Path, broken: str) -> None:
    """F44."""

    @warped
    async def run() -> None:
        async with running(site_path, FACES) as gateway:
            write(site_path, broken)
            await elapse(5)
            assert known(gateway) == ["roof/1"]
            assert gateway.devices()[0].health is HealthState.GOOD
            assert str(site_path) in gateway.config_problem
            write(site_path, ROOF + SHED)
            await elapse(5)
            assert known(gateway) == ["roof/1", "shed/1"]
            assert gateway.config_problem == ""

    run()


@warped
async def test_whoever_changes_a_table_that_is_read_at_the_start_is_told_so(
    site_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="ohmstead.gateway.site_findings")
    async with running(site_path, FACES) as gateway:
        write(site_path, ROOF + '[mqtt]\nhost = "broker"\n[api]\nnetwork_port = 1\n')
        await elapse(5)
        write(site_path, ROOF + SHED + '[mqtt]\nhost = "broker"\n')
        await elapse(5)
        write(site_path, ROOF + SHED + '[mqtt]\nhost = "broker"\n[history]\nraw_days = 90\n')
        await elapse(5)
        assert known(gateway) == ["roof/1", "shed/1"]

    told = [record.message for record in caplog.records if "next start" in record.message]
    assert told == [
        waits("api"),
        waits("mqtt"),
        f"this is settled: {waits('api')}",
        waits("history"),
    ]


def waits(table: str) -> str:
    return (
        f"What has changed in [{table}] of the site file takes effect with the next start: start the gateway anew, or put "
        "back what was there."
    )


@warped
async def test_what_waits_for_the_next_start_is_found_until_the_file_says_what_runs(site_path: Path) -> None:
    broker = ROOF + '[mqtt]\nhost = "broker"\n'
    write(site_path, broker)
    async with running(site_path, FACES) as gateway:
        assert gateway.findings() == ()
        write(site_path, broker.replace("broker", "other"))
        await elapse(5)
        (first,) = gateway.findings()
        assert (first.trouble, first.words) == (Trouble.RESTART, waits("mqtt"))
        write(site_path, broker.replace("broker", "third") + "[history]\nraw_days = 90\n")
        await elapse(5)
        assert gateway.findings()[0] == first
        assert [found.words for found in gateway.findings()] == [waits("mqtt"), waits("history")]
        write(site_path, broker)
        await elapse(5)
        assert gateway.findings() == ()


@warped
async def test_a_change_by_hand_that_a_change_of_the_browser_takes_along_is_found_too(
    site_path: Path,
) -> None:
    async with running(site_path, FACES) as gateway:
        write(site_path, ROOF + '[mqtt]\nhost = "broker"\n')
        await gateway.editor.save(lambda current: current, {})
        await elapse(5)
        assert [found.words for found in gateway.findings()] == [waits("mqtt")]


@warped
async def test_a_name_that_no_device_has_is_valid_and_found_until_it_is_gone(site_path: Path) -> None:
    write(site_path, ROOF + '[site.masters]\nsolar = ["roof", "barn"]\n')
    async with running(site_path) as gateway:
        (found,) = gateway.findings()
        assert (found.trouble, found.since) == (Trouble.UNKNOWN_NAME, NOON)
        assert found.words.startswith(
            "The site file names 'barn' under solar of [site.masters], and no device"
        )
        write(site_path, ROOF + '[site.masters]\nsolar = ["roof"]\n')
        await elapse(5)
        assert gateway.findings() == ()


@warped
async def test_a_file_that_vanishes_changes_nothing(site_path: Path) -> None:
    async with running(site_path) as gateway:
        remove(site_path)
        await elapse(60)
        assert known(gateway) == ["roof/1"]
        assert gateway.config_problem == ""


@warped
async def test_a_name_that_comes_back_knows_its_device_again(site_path: Path) -> None:
    async with running(site_path) as gateway:
        write(site_path, SHED)
        await elapse(5)
        TOYS["roof"].is_away = True
        write(site_path, SHED + ROOF)
        await elapse(5)
        assert known(gateway) == ["shed/1", "roof/1"]


@warped
async def test_a_gateway_ends_also_while_it_waits_for_a_device_that_left_the_file(site_path: Path) -> None:
    async def silence() -> None:
        await asyncio.Event().wait()

    async with asyncio.timeout(120) as limit:
        async with running(site_path):
            TOYS["roof"].reading = silence
            await elapse(30)
            write(site_path, SHED)
            await elapse(5)
        TOYS["roof"].reading = at_once
    assert not limit.expired()


@warped
async def test_a_change_waits_for_a_ledger_that_cannot_be_read_and_ends_nothing(
    site_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(site_path) as gateway:
        with closing(sqlite3.connect(site_path.parent / "data" / "ledger.sqlite")) as ledger:
            ledger.execute("ALTER TABLE counters RENAME TO away")
            write(site_path, ROOF + SHED)
            await elapse(9)
            assert known(gateway) == ["roof/1"]
            assert gateway.config_problem == (
                "The site file has changed, and is followed as soon as that is possible: the ledger cannot be written: "
                "no such table: counters."
            )
            assert caplog.text.count("The site file has changed, and is followed") == 1
            ledger.execute("ALTER TABLE away RENAME TO counters")
            await elapse(5)
            assert known(gateway) == ["roof/1", "shed/1"]
            assert gateway.config_problem == ""
