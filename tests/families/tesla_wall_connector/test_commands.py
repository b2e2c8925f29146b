"""`ohmstead tesla-wall-connector …`, its commands called as the console calls them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ohmstead.families.tesla_wall_connector import commands
from ohmstead.families.tesla_wall_connector.config import TeslaWallConnectorConfig
from ohmstead.families.tesla_wall_connector.control.files import state_folder
from ohmstead.families.tesla_wall_connector.device import connect
from ohmstead.families.tesla_wall_connector.envelope import call
from ohmstead.families.tesla_wall_connector.schedules import always
from ohmstead.families.tesla_wall_connector.simulator import RunningUnits, simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions, Unreachable, Unsafe
from ohmstead.testing import elapse, warped

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
BODIES = {vector["name"]: vector["hex"] for vector in VECTORS["tedapi"]}


@asynccontextmanager
async def simulated(model: str = "", **extras: str) -> AsyncIterator[tuple[str, str, RunningUnits]]:
    world = World(ScaledClock(datetime(2026, 6, 21, 11, tzinfo=UTC)))
    options = SimulatorOptions(model=model, extras={"latency": "none", "drop-outs": "0", **extras})
    async with simulate(options, world) as simulator:
        ports = simulator.endpoints
        yield f"127.0.0.1:{ports['lan']}", f"127.0.0.1:{ports['ap']}", simulator


async def called(name: str, *arguments: Any, **options: Any) -> None:
    command: Any = commands.tesla_wall_connector.commands[name]
    await command.callback(*arguments, **options)


@pytest.mark.parametrize(
    ("name", "field"), [("vitals", "grid"), ("lifetime", "connector cycles"), ("wifi", "wifi rssi")]
)
@warped
async def test_documents_are_tables_or_json(
    name: str, field: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with simulated() as (host, _, _):
        await called(name, host, as_json=False)
        assert field in capsys.readouterr().out
        await called(name, host, as_json=True)
        assert json.loads(capsys.readouterr().out)


@warped
async def test_a_serial_number_is_not_on_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (host, _, simulator):
        await called("version", host, as_json=False)
        printed = capsys.readouterr().out

    assert "24.36.3" in printed
    assert simulator.stations[0].unit.identity.serial not in printed


@warped
async def test_a_session_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (host, _, _):
        await called("session", host, as_json=True)
        document = json.loads(capsys.readouterr().out)

    assert document["situation"] == "free"
    assert document["power_va"] == 0.0


@warped
async def test_settings_are_shown_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (_, access_point, _):
        await called("config", access_point=access_point, as_json=False)
        printed = capsys.readouterr().out

    assert "max_output_current_amps" in printed


@warped
async def test_a_limit_is_set_and_its_wear_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated() as (_, access_point, _):
        await called("limit", 10, access_point=access_point, as_json=True)
        document = json.loads(capsys.readouterr().out)
        with pytest.raises(Unsafe):
            await called("limit", 80, access_point=access_point, as_json=True)

    assert (document["outcome"], document["read_back_a"]) == ("confirmed", 10)


@warped
async def test_a_command_and_the_gateway_count_the_same_writes_and_know_the_same_limit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated() as (host, access_point, simulator):
        await called("limit", 10, access_point=access_point, as_json=True)
        url = f"tesla-wall-connector://{host}"
        config = TeslaWallConnectorConfig(url=url, name="drive", access_point=access_point)
        async with connect(config, LocalServices()) as source:
            details = {
                detail.key: detail.value
                for found in (await source.read()).details.values()
                for detail in found
            }
        assert (details["limit_ceiling_a"], details["flash_writes"]) == (32, 1)
        assert simulator.units[0].memory.settings.most_a == 32  # put back, and counted
        await called("limit", 12, access_point=access_point, as_json=False)

    assert "3 (0.00% of the assumed life)" in capsys.readouterr().out


@warped
async def test_a_window_whose_wifi_is_gone_says_how_to_open_it_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(Unreachable):
        await called("window", access_point="127.0.0.1:1", guide=False, as_json=True)
    said = capsys.readouterr()
    assert not said.out
    assert "Hold the button on the charging handle for 5 s" in said.err


@warped
async def test_a_closed_window_says_how_to_open_it(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated("21.36.6-eu3") as (_, access_point, _):
        await called("window", access_point=access_point, guide=False, as_json=True)
        assert json.loads(capsys.readouterr().out) == {"window": "open"}
        await elapse(40 * 60)
        await called("window", access_point=access_point, guide=False, as_json=True)
        document = json.loads(capsys.readouterr().out)

    assert document["window"] == "closed"
    assert "Hold the button" in document["how_to_open"][0]


@warped
async def test_a_group_is_shown_by_its_members(capsys: pytest.CaptureFixture[str]) -> None:
    extras = {"units": "2", "network-limit": "16"}
    async with simulated(**extras) as (_, access_point, simulator):
        await called("sharing", access_point=access_point, as_json=False)
        printed = capsys.readouterr().out

    assert "2 units share 16 A" in printed
    assert all(station.unit.identity.din in printed for station in simulator.stations)


def test_the_schedule_that_switches_is_the_captured_one() -> None:
    assert (
        call(always(is_enabled=False), VECTORS["din"]).hex()
        == BODIES["configure_charge_schedule_request_disable"]
    )


def run(*arguments: str, given: bytes = b"") -> Any:
    return CliRunner().invoke(commands.tesla_wall_connector, ["decode", *arguments], input=given)


def test_a_saved_body_is_decoded_from_hex_a_file_or_standard_input(tmp_path: Path) -> None:
    body = bytes.fromhex(BODIES["set_current_6_response"])
    (tmp_path / "body.bin").write_bytes(body)
    results = [run(body.hex()), run(str(tmp_path / "body.bin")), run("-", given=body)]

    assert [result.exit_code for result in results] == [0, 0, 0]
    assert len({result.output for result in results}) == 1
    assert "max_output_current_amps" in results[0].output
    assert json.loads(run(body.hex(), "--json").stdout)["message"] == "AuthEnvelope"


def test_decoding_ends_with_1_for_bytes_that_end_too_soon_and_2_for_a_wrong_name() -> None:
    cut = run(BODIES["set_current_6_response"][:80])

    assert cut.exit_code == 1
    assert "at byte 40" in cut.stderr
    assert "delivery_channel" in cut.stdout
    assert run("0806", "--message", "WCSetings").exit_code == 2


def test_printed_members_become_dins() -> None:
    listing = "\n".join(f"participant_dins: {number}" for number in VECTORS["participants"]["decimal_bytes"])
    result = run("-", given=listing.encode())

    assert result.exit_code == 0
    assert all(din in result.output for din in VECTORS["participants"]["dins"])
    assert run("-", given=listing[:-25].encode()).exit_code == 1


@warped
async def test_a_meter_serves_a_unit_until_it_is_told_to_stop(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated("25.34.1-eu3", plugged="true") as (host, _, simulator), TaskScope() as scope:
        line = f"127.0.0.1:{simulator.endpoints['rs485']}"
        serving = scope.start(called("meter-port", host, line, limit_a=50.0, wanted_a=10.0))
        await elapse(30)
        os.kill(os.getpid(), signal.SIGTERM)
        await serving
        said = capsys.readouterr().err

    assert "makes it take 10 A" in said
    assert int(said.split("answered ")[1].split()[0]) > 20


@warped
async def test_keeping_awake_is_measured_and_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated() as (_, access_point, _):
        for only_watch in (True, False, False):
            await called(
                "keep-awake", minutes=2.0, access_point=access_point, only_watch=only_watch, as_json=True
            )
        watched, _, kept = map(json.loads, capsys.readouterr().out.splitlines())

    assert (watched["pages"], watched["until"]) == (0, "the time was over")
    assert (kept["until"], kept["failed_pages"]) == ("the time was over", 0)
    assert kept["pages"] >= 4
    assert kept["verdict"] == "not enough attempts to tell: 2 with pages, 1 without"


@warped
async def test_earlier_attempts_that_cannot_be_read_do_not_cost_the_new_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated() as (_, access_point, _):
        ask = partial(called, "keep-awake", minutes=2.0, access_point=access_point, as_json=True)
        await ask(only_watch=True)
        (kept,) = state_folder().glob("*.json")
        kept.write_text("[{")
        await ask(only_watch=True)
        said = capsys.readouterr()

    assert "Earlier attempts cannot be read, and are counted no more: Input data was truncated" in said.err
    last = json.loads(said.out.splitlines()[-1])
    assert last["verdict"] == "not enough attempts to tell: 0 with pages, 1 without"


@warped
async def test_the_button_is_counted_down_before_the_unit_is_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated() as (_, access_point, simulator):
        await simulator.act("window", state="closed")
        await simulator.act("button", hold_s=6)
        await elapse(3)
        start_s = asyncio.get_running_loop().time()
        await called("window", access_point=access_point, guide=True, as_json=True)
        said = capsys.readouterr()

        assert asyncio.get_running_loop().time() - start_s == pytest.approx(
            5.2, abs=0.1
        )  # and the pause between two questions
    assert [line.strip() for line in said.err.splitlines()[1:6]] == ["5", "4", "3", "2", "1"]
    assert json.loads(said.out) == {"window": "open"}
