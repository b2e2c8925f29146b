"""`ohmstead givenergy …`, as a person runs it, against simulated plants on real ports."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from ohmstead.families.givenergy import CommunicationError, Plant, parse_compact
from ohmstead.families.givenergy.command_line import givenergy
from ohmstead.families.givenergy.simulator import RunningPlant, simulate
from ohmstead.kit.world import World
from ohmstead.model import ConfigError, Refused, ScaledClock, SimulatorOptions, Unsafe, Unsupported
from ohmstead.testing import warped

INVERTER = 0x11


@asynccontextmanager
async def simulated(
    model: str = "hybrid-gen2", seed: int = 1, capture: str = "", **extras: str
) -> AsyncIterator[tuple[str, RunningPlant]]:
    world = World(ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC)))
    extras = {"cloud": "off", "latency": "none"} | extras
    options = SimulatorOptions(model=model, seed=seed, capture=capture, extras=extras)
    async with simulate(options, world) as plant:
        yield f"127.0.0.1:{plant.endpoints['adapter']}", plant


async def run(*arguments: str) -> None:
    """Parsed and called as the console does it, but on this loop."""
    name, *rest = arguments
    command = givenergy.commands[name]
    with command.make_context(name, rest) as context:
        result = click.Command.invoke(command, context)
        assert asyncio.iscoroutine(result)
        await result


async def stored(plant: RunningPlant, register: int) -> int:
    return int((await plant.act("read", device=INVERTER, base=register))["words"][0])


@warped
async def test_the_compact_probe_is_redacted_and_simulates_the_same_plant_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    async with simulated("hybrid-gen1", seed=7) as (host, plant):
        await run("probe", host, "--compact")
        serial = plant.plant.serial
        capabilities = None
    printed = capsys.readouterr().out
    assert printed.startswith("# HYBRID_GEN1, firmware D0.449-A0.449\n0x11:HR(0,60) ")
    assert serial not in printed
    caches = parse_compact(printed)
    assert sorted(caches) == [0x11, 0x31, 0x32, 0x33]
    capabilities = Plant.from_caches(caches).capabilities
    assert capabilities is not None
    dump = tmp_path / "plant.txt"
    dump.write_text(printed)
    async with simulated("", capture=str(dump)) as (host, _):
        await run("probe", host, "--compact")
    again = parse_compact(capsys.readouterr().out)
    assert {a: dict(again[a]) for a in caches} == {a: dict(c) for a, c in caches.items()}
    assert Plant.from_caches(again).capabilities == capabilities


@warped
async def test_the_probe_is_one_document_and_unredacted_only_with_a_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated("hybrid-gen2", seed=7) as (host, _):
        await run("probe", host)
        safe = json.loads(capsys.readouterr().out)
        await run("probe", host, "--no-redact")
        told = capsys.readouterr()
    assert safe["0x11"]["HR(0)"] == 0x2003
    assert json.loads(told.out)["0x11"]["HR(17)"] != safe["0x11"]["HR(17)"]
    assert told.err == "This names your devices: keep it to yourself.\n"


@warped
async def test_a_probe_of_which_a_part_fails_prints_the_rest_and_ends_with_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated("hybrid-gen1") as (host, plant):
        await plant.act("fault", name="error-burst", device=INVERTER, bank="IR", base=180)
        with pytest.raises(click.exceptions.Exit) as ended:
            await run("probe", host, "--compact")
        assert ended.value.exit_code == 1
    told = capsys.readouterr()
    assert "0x11:IR(0,60)" in told.out
    assert "0x11:IR(180,60)" not in told.out
    assert "1 of " in told.err


@warped
async def test_a_probe_that_finds_no_device_prints_nothing_and_ends_with_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated("hybrid-gen1") as (host, plant):
        await plant.act("fault", name="silent-window", s=1000)
        with pytest.raises(click.exceptions.Exit) as ended:
            await run("probe", host, "--compact")
        assert ended.value.exit_code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "says what it is" in told.err


@warped
async def test_all_settings_are_a_table_or_one_document_without_a_serial(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated() as (host, plant):
        await run("config", host)
        assert "battery soc reserve" in capsys.readouterr().out
        await run("config", host, "--json")
        printed = capsys.readouterr().out
    assert json.loads(printed)["battery_soc_reserve"] == 4
    assert plant.plant.serial not in printed


@warped
async def test_a_slot_is_set_confirmed_and_cleared(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated("all-in-one") as (host, plant):
        await run("slots", host, "charge", "5", "11:30-13:00", "--json")
        receipt = json.loads(capsys.readouterr().out)
        assert receipt["sent"] is True
        assert [(r["asked"], r["stored"], r["verified"]) for r in receipt["registers"]] == [
            (1130, 1130, True),
            (1300, 1300, True),
        ]
        await run("slots", host, "--json")
        slots = json.loads(capsys.readouterr().out)
        assert {"kind": "charge", "slot": 5, "times": "11:30-13:00"} in slots
        assert len(slots) == 20
        await run("slots", host, "charge", "5", "off")
        assert "confirmed" in capsys.readouterr().out
        assert await stored(plant, 252) == 0


@warped
async def test_what_makes_no_sense_is_wrong_use_and_nothing_is_sent() -> None:
    async with simulated() as (host, plant):
        for arguments, words in (
            (("slots", host, "charge", "0", "01:00-02:00"), "1 to 2"),
            (("slots", host, "charge", "3", "01:00-02:00"), "1 to 2"),
            (("slots", host, "charge", "1"), "name a slot and its times"),
            (("slots", host, "charge", "1", "25:00-26:00"), "is no slot; write 01:15-05:45"),
            (("slots", host, "pause", "2", "01:00-02:00"), "there is one pause slot"),
            (("reserve", host, "3"), "4 to 100"),
            (("limit", host, "--charge", "51"), "51"),
            (("mode", host, "party"), "'party' is not one of"),
            (("probe", host, "--compact", "--json"), "leave one of them out"),
        ):
            with pytest.raises(click.UsageError, match=words):
                await run(*arguments)
        assert plant.state()["writes"] == 0


@warped
async def test_a_mode_writes_its_registers_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (host, plant):
        await run("mode", host, "storage", "--slot", "17:00-22:00", "--json")
        registers = json.loads(capsys.readouterr().out)["registers"]
        assert [r["register"] for r in registers] == [
            "HR(27)",
            "HR(59)",
            "HR(56)",
            "HR(57)",
            "HR(44)",
            "HR(45)",
        ]
        assert await stored(plant, 56) == 1700
        await run("mode", host, "pause-both")
        assert await stored(plant, 318) == 3
        capsys.readouterr()
        await run("mode", host, "--json")
        shown = json.loads(capsys.readouterr().out)
        assert (shown["battery_power_mode"], shown["enable_discharge"]) == ("self consumption", True)


@warped
async def test_what_the_model_does_not_take_is_refused_with_the_reason() -> None:
    async with simulated("hybrid-gen1") as (host, plant):
        with pytest.raises(Unsafe, match=r"is not available on HYBRID_GEN1"):
            await run("slots", host, "pause", "1", "01:00-02:00")
        assert plant.state()["writes"] == 0


@warped
async def test_limits_and_reserve_are_set_together_or_shown(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (host, plant):
        await run("limit", host, "--charge", "20", "--discharge", "30", "--target", "80", "--rate", "90")
        assert [await stored(plant, r) for r in (111, 112, 116, 50)] == [20, 30, 80, 90]
        await run("reserve", host, "15")
        capsys.readouterr()
        await run("limit", host, "--json")
        assert json.loads(capsys.readouterr().out)["battery_charge_limit"] == 20
        await run("reserve", host, "--json")
        assert json.loads(capsys.readouterr().out)["battery_soc_reserve"] == 15


@warped
async def test_a_dry_run_sends_nothing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (host, plant):
        await run("reserve", host, "15", "--dry-run")
        assert "Nothing was sent" in capsys.readouterr().out
        assert plant.state()["writes"] == 0


@warped
async def test_a_value_that_was_not_stored_is_a_refusal_after_the_receipt(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with simulated() as (host, plant):
        await plant.act("fault", name="ignored-write")
        with pytest.raises(Refused, match="stores something else"):
            await run("reserve", host, "15")
        assert "not verified" in capsys.readouterr().out


@warped
async def test_the_clock_is_set_and_a_restart_restarts(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated() as (host, plant):
        await run("clock", host)
        assert "confirmed" in capsys.readouterr().out
        await run("restart", host, "--json")
        assert json.loads(capsys.readouterr().out)["registers"][0]["register"] == "HR(163)"
        assert plant.state()["writes"] == 7


@warped
async def test_an_ems_is_shown_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated("ems") as (host, plant):
        await run("ems", host, "--json")
        shown = json.loads(capsys.readouterr().out)
        assert shown["inverter_count"] == 2
        assert not any("serial" in name for name in shown)
        await run(
            "ems",
            host,
            "charge",
            "1",
            "16:30-19:00",
            "--soc",
            "80",
            "--plant",
            "on",
            "--export-limit",
            "5000",
        )
        assert [await stored(plant, r) for r in (2040, 2071, 2053, 2054, 2055)] == [1, 5000, 1630, 1900, 80]
    async with simulated("hybrid-gen2") as (host, _):
        with pytest.raises(Unsupported, match="is no EMS"):
            await run("ems", host)


@warped
async def test_a_capture_holds_redacted_frames_that_a_plant_can_be_started_from(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "traffic.txt"
    async with simulated("hybrid-gen2", seed=7) as (host, plant):
        await run("capture", host, str(path), "--duration", "30")
        serial = plant.plant.serial
    lines = path.read_text().splitlines()
    assert {line.split()[1] for line in lines} == {"rx", "tx"}
    assert serial.encode().hex() not in path.read_text()
    async with simulated("", capture=str(path)) as (host, again):
        assert again.plant.serial == f"{serial[:-3]}000"
    assert "without the numbers of your units" in capsys.readouterr().err


@warped
async def test_a_capture_overwrites_nothing_and_leaves_nothing_where_nobody_answers(tmp_path: Path) -> None:
    path, other = tmp_path / "traffic.txt", tmp_path / "other.txt"
    async with simulated() as (host, _):
        path.write_text("of yesterday")
        with pytest.raises(ConfigError, match="exists already, and is never overwritten"):
            await run("capture", host, str(path), "--duration", "30")
        assert path.read_text() == "of yesterday"
    with pytest.raises(CommunicationError, match="cannot be reached"):
        await run("capture", host, str(other))
    assert not other.is_file()


@pytest.mark.parametrize(
    "arguments",
    [("dynamic", "--slot", "16:00-19:00"), ("--slot", "16:00-19:00"), ("storage", "--slot", "off")],
)
@warped
async def test_a_slot_that_a_mode_does_not_take_is_not_passed_over(arguments: tuple[str, ...]) -> None:
    with pytest.raises(click.UsageError, match="--slot is for storage and export"):
        await run("mode", "192.0.2.7", *arguments)


@pytest.mark.parametrize("duration", ["nan", "inf", "-5", "0"])
@warped
async def test_a_capture_lasts_as_long_as_can_be_counted(tmp_path: Path, duration: str) -> None:
    with pytest.raises(click.BadParameter):
        await run("capture", "192.0.2.7", str(tmp_path / "traffic.txt"), "--duration", duration)
