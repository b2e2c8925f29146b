"""`ohmstead hoymiles …`, its commands called as the console calls them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from ohmstead.families.hoymiles import commands
from ohmstead.families.hoymiles.simulator import RunningDtu, simulate
from ohmstead.kit.world import World
from ohmstead.model import Refused, ScaledClock, SimulatorOptions, Unsafe
from ohmstead.testing import warped


@asynccontextmanager
async def simulated() -> AsyncIterator[tuple[str, RunningDtu]]:
    world = World(ScaledClock(datetime(2026, 6, 21, 11, tzinfo=UTC)))
    async with simulate(SimulatorOptions(extras={"meter": "true"}), world) as simulator:
        yield f"127.0.0.1:{simulator.endpoints['dtu']}", simulator


async def called(name: str, *arguments: Any, **options: Any) -> None:
    callback = commands.hoymiles.commands[name].callback
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
        await called("limit", host, 50.0, as_json=False)
        assert "flash write" in capsys.readouterr().out
        await called("limit", host, 50.0, as_json=True)
        assert json.loads(capsys.readouterr().out) == {
            "outcome": "confirmed",
            "asked_pct": 50.0,
            "read_back_pct": 50.0,
            "is_written": False,
            "reason": "in force already, so nothing was written",
        }
        with pytest.raises(Unsafe):
            await called("limit", host, 1.0, as_json=False)


@warped
async def test_a_limit_that_did_not_take_is_a_refusal() -> None:
    async with simulated() as (host, simulator):
        simulator.dtu.inverters[0].write_limit = lambda limit_pct: True  # type: ignore[method-assign]
        with pytest.raises(Refused, match="but the DTU says 100 %"):
            await called("limit", host, 50.0, as_json=False)
