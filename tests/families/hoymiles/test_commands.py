"""`ohmstead hoymiles …`, its commands called as the console calls them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ohmstead.families.hoymiles import commands
from ohmstead.families.hoymiles.simulator import RunningDtu, simulate
from ohmstead.kit.world import World
from ohmstead.model import BudgetSpent, Refused, ScaledClock, SimulatorOptions, TimedOut, Unsafe, Unsupported
from ohmstead.testing import warped


@asynccontextmanager
async def simulated(model: str = "") -> AsyncIterator[tuple[str, RunningDtu]]:
    world = World(ScaledClock(datetime(2026, 6, 21, 11, tzinfo=UTC)))
    async with simulate(
        SimulatorOptions(model=model, extras={"meter": "true"} if not model else {}), world
    ) as simulator:
        yield f"127.0.0.1:{simulator.endpoints['dtu']}", simulator


@pytest.fixture(autouse=True)
def nothing_was_written_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


async def called(name: str, *arguments: Any, **options: Any) -> None:
    group, _, sub = name.partition(" ")
    command: Any = commands.hoymiles.commands[group]
    callback = (command.commands[sub] if sub else command).callback
    assert callback is not None
    await callback(*arguments, **options)


@warped
async def test_the_inventory_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (host, simulator):
        await called("inventory", host, as_json=False)
        printed = capsys.readouterr().out
        assert simulator.dtu.serial in printed
        assert "HMS-800W/1000W-2T" in printed
        assert "DDSU666" in printed


@pytest.mark.parametrize(("name", "model"), [("inventory", ""), ("storage read", "storage-gw")])
def test_a_person_hears_of_silence_after_one_connection(name: str, model: str) -> None:
    @warped
    async def ask() -> None:
        async with simulated(model) as (host, simulator):
            await simulator.act("fault", name="silence")
            with pytest.raises(TimedOut, match="is connected but did not answer"):
                await called(name, host, as_json=False)
            assert simulator.service.connections == 1

    ask()


@warped
async def test_live_data_is_tables_or_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (host, _):
        await called("live", host, poll_all=True, as_json=False)
        printed = capsys.readouterr().out
        assert "PV port 2" in printed
        assert "active power" in printed
        await called("live", host, poll_all=True, as_json=True)
        document = json.loads(capsys.readouterr().out)
        assert document["single_phase"][0]["active_power_w"] > 0
        assert "packets" not in document
        assert document["repeaters"] == document["rapid_shutdown"] == []


@warped
async def test_the_configuration_never_prints_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (host, _):
        for as_json in (False, True):
            await called("config", host, as_json=as_json)
            printed = capsys.readouterr().out
            assert "not-a-real-key" not in printed
            assert "power" in printed


@warped
async def test_a_limit_says_what_it_cost(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (host, _):
        await called("limit", host, 50.0, force=False, as_json=False)
        assert "flash write" in capsys.readouterr().out
        await called("limit", host, 50.0, force=False, as_json=True)
        assert json.loads(capsys.readouterr().out) == {
            "outcome": "confirmed",
            "asked_pct": 50.0,
            "read_back_pct": 50.0,
            "is_written": False,
            "reason": "in force already, so nothing was written",
        }
        with pytest.raises(Unsafe):
            await called("limit", host, 1.0, force=False, as_json=False)


@warped
async def test_flash_writes_of_one_command_count_for_the_next_unless_forced(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated() as (host, _):
        await called("limit", host, 50.0, force=False, as_json=True)
        with pytest.raises(BudgetSpent, match="one in 60 s are enough; nothing was sent"):
            await called("limit", host, 51.0, force=False, as_json=True)
        capsys.readouterr()
        await called("limit", host, 51.0, force=True, as_json=True)
        assert json.loads(capsys.readouterr().out)["read_back_pct"] == 51.0


@pytest.mark.parametrize(
    "arguments",
    [
        ["grid-profile", "192.0.2.7", "22067541966850"],
        ["alarms", "192.0.2.7", "--inverter", "roof"],
        ["off", "192.0.2.7", "--inverter", ""],
    ],
)
def test_what_is_no_serial_is_wrong_use(arguments: list[str]) -> None:
    result = CliRunner().invoke(commands.hoymiles, arguments)
    assert result.exit_code == 2
    assert "is no serial of 12 hex digits" in result.stderr


def test_inverters_are_not_named_where_the_dtu_restarts() -> None:
    result = CliRunner().invoke(
        commands.hoymiles, ["restart", "192.0.2.7", "--dtu", "--inverter", "1412a041761d"]
    )
    assert result.exit_code == 2
    assert "--dtu and --inverter exclude each other" in result.stderr


@warped
async def test_a_limit_that_did_not_take_is_a_refusal() -> None:
    async with simulated() as (host, simulator):
        simulator.dtu.inverters[0].write_limit = lambda limit_pct: True  # type: ignore[method-assign]
        with pytest.raises(Refused, match="but the DTU says 100 %"):
            await called("limit", host, 50.0, force=False, as_json=False)


async def document(capsys: pytest.CaptureFixture[str], name: str, *arguments: Any, **options: Any) -> Any:
    """What the command prints as JSON, after it has printed it for people as well."""
    await called(name, *arguments, **options, as_json=False)
    assert capsys.readouterr().out.strip()
    await called(name, *arguments, **options, as_json=True)
    return json.loads(capsys.readouterr().out)


@warped
async def test_everything_that_reads_prints_tables_and_one_document(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated() as (host, simulator):
        inverter = f"{simulator.dtu.inverters[0].serial:012X}"
        found = await document(capsys, "identify", host)
        assert found["inverters"] == {inverter: "HMS-800W/1000W-2T"}
        assert found["is_encrypted"] is False
        found = await document(capsys, "versions", host)
        assert found[inverter]["software"] == "01.00.08"
        assert found[inverter]["grid profile"] == "2.0.1"
        assert (await document(capsys, "network", host))["signal_dbm"] < 0
        assert (await document(capsys, "history", host, energy=False))["step_s"] == 120
        assert isinstance(await document(capsys, "history", host, energy=True), list)
        assert isinstance(await document(capsys, "alarms", host, inverter=""), list)
        found = await document(capsys, "grid-profile", host, inverter)
        assert found["values"]["nominal_voltage"] == 230.0


@warped
async def test_orders_say_who_did_them(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (host, simulator):
        inverter = f"{simulator.dtu.inverters[0].serial:012X}"
        found = await document(capsys, "off", host, (inverter,))
        assert found == {"action": "inverter_off", "succeeded": [inverter], "failed": []}
        await called("on", host, (), as_json=True)
        assert json.loads(capsys.readouterr().out)["succeeded"] == [inverter]
        await called("restart", host, (), dtu=False, as_json=True)
        assert json.loads(capsys.readouterr().out)["action"] == "inverter_reboot"
        await called("performance", host, as_json=True)
        assert json.loads(capsys.readouterr().out)["action"] == "poll_all"
        with pytest.raises(Refused, match="did not do it"):
            await called("off", host, ("1412A0000001",), as_json=True)
        with pytest.raises(Unsupported):
            await called("limit-temporary", host, 300.0, as_json=True)
        await called("restart", host, (), dtu=True, as_json=True)
        assert json.loads(capsys.readouterr().out)["outcome"] in {"sent", "acknowledged"}


@warped
async def test_a_network_is_changed_with_a_word_and_a_key_that_nobody_sees(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OHMSTEAD_WIFI_KEY", "long enough")
    async with simulated() as (host, _):
        with pytest.raises(Unsafe, match="can cut the DTU off"):
            await called("wifi", host, "NewNet", unsafe=False, as_json=True)
        await called("wifi", host, "NewNet", unsafe=True, as_json=True)
        printed = capsys.readouterr().out
        assert json.loads(printed)["outcome"] == "confirmed"
        assert "long enough" not in printed


@warped
async def test_a_storage_gateway_is_read_and_told_its_mode(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated("storage-gw") as (host, _):
        found = await document(capsys, "storage read", host)
        (unit,) = found["units"]
        assert found["storages"][0]["serial"] == unit["serial"]
        await called("storage mode", host, "backup", reserve_pct=80, power_pct=100.0, as_json=True)
        assert json.loads(capsys.readouterr().out)["serials"] == [unit["serial"]]
        await called("storage mode", host, "charge", reserve_pct=80, power_pct=50.0, as_json=False)
        assert "acknowledged for" in capsys.readouterr().out
