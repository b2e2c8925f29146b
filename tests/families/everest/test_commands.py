"""`ohmstead everest …`, its commands called as the console calls them."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ohmstead.families.everest import commands
from ohmstead.families.everest.console import ALL, methods
from ohmstead.families.everest.simulator import RunningChargePoint, simulate
from ohmstead.families.everest.terminal.parameters import given_params
from ohmstead.families.everest.terminal.telling import Changes, Heard
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.messages import Message, ServedMessages
from ohmstead.kit.link.websocket_serving import serve_websocket
from ohmstead.kit.world import World
from ohmstead.model import ConfigError, Refused, ScaledClock, SimulatorOptions
from ohmstead.testing import elapse, warped

Captured = pytest.CaptureFixture[str]
NO_OPTIONS: dict[str, Any] = {"extensions": (), "fingerprint": "", "traffic": False, "as_json": True}


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("OHMSTEAD_TOKEN", raising=False)


@asynccontextmanager
async def simulated(model: str = "one-ac", **extras: str) -> AsyncIterator[tuple[str, RunningChargePoint]]:
    world = World(ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC)))
    async with (
        simulate(SimulatorOptions(model=model, extras=extras), world) as simulator,
        TaskScope() as scope,
    ):
        scope.start(world.run())
        await elapse(2)
        yield f"127.0.0.1:{simulator.listener.port}", simulator


async def called(name: str, *arguments: Any, **options: Any) -> None:
    command: Any = commands.everest.commands[name]
    await command.callback(*arguments, **options)


async def calling(host: str, method: str, *params: str, **options: Any) -> None:
    await called("call", host, method, params, **{"save": "", **NO_OPTIONS, **options})


@warped
async def test_any_method_can_be_called(capsys: Captured) -> None:
    async with simulated() as (host, _):
        await calling(host, "EVSE.GetStatus", "evse_index=1")
        status = json.loads(capsys.readouterr().out)
        await calling(host, "EVSE.SetACChargingCurrent", '{"evse_index": 1,', '"max_current": 7.5}')
        limited = json.loads(capsys.readouterr().out)
        await calling(host, "API.Hello", as_json=False)
        hello = capsys.readouterr().out

    assert (status["error"], status["status"]["state"]) == ("NoError", "Unplugged")
    assert limited == {"error": "NoError"}
    assert "charger_info.vendor" in hello


@warped
async def test_what_the_charge_point_refuses_ends_as_refused(capsys: Captured) -> None:
    async with simulated() as (host, _):
        with pytest.raises(Refused, match="ErrorInvalidEVSEIndex"):
            await calling(host, "EVSE.GetStatus", "evse_index=7")
        assert json.loads(capsys.readouterr().out)["error"] == "ErrorInvalidEVSEIndex"
        with pytest.raises(Refused, match=r"method not found: EVSE\.Fly"):
            await calling(host, "EVSE.Fly")


@warped
async def test_a_call_is_saved_and_called_again_with_other_values(capsys: Captured) -> None:
    async with simulated() as (host, simulator):
        await calling(host, "EVSE.SetACChargingCurrent", "evse_index=1", "max_current=8", save="slow")
        await calling(host, "@slow", "max_current=9")
        await elapse(2)
        limits = simulator.state()["evses"][0]["limits_a"]
        capsys.readouterr()
    listed: Any = commands.everest.commands["saved"]
    listed.callback(forget="", as_json=True)
    saved = json.loads(capsys.readouterr().out)
    listed.callback(forget="slow", as_json=True)

    assert limits["api"] == 9.0
    assert saved == {
        "slow": {"method": "EVSE.SetACChargingCurrent", "params": {"evse_index": 1, "max_current": 8}}
    }
    assert json.loads(capsys.readouterr().out) == {}
    with pytest.raises(ConfigError, match="no call is saved as 'slow'"):
        listed.callback(forget="slow", as_json=True)


@warped
async def test_traffic_is_shown_beside_the_result(capsys: Captured) -> None:
    async with simulated() as (host, _):
        await calling(host, "EVSE.GetInfo", "evse_index=1", traffic=True)
        printed = capsys.readouterr()

    assert json.loads(printed.out)["error"] == "NoError"
    assert '> {"id":2,"jsonrpc":"2.0","method":"EVSE.GetInfo","params":{"evse_index":1}}' in printed.err


@warped
async def test_active_errors_are_a_table_with_the_worst_first(capsys: Captured) -> None:
    async with simulated() as (host, simulator):
        await simulator.act("error", severity="Low", message="fan is slow", evse=0)
        await simulator.act("error", severity="High", type="ac_rcd/DC", message="residual current")
        await called("errors", host, fingerprint="", as_json=False)
        table = capsys.readouterr().out
        await called("errors", host, fingerprint="", as_json=True)
        found = json.loads(capsys.readouterr().out)

    assert table.index("residual current") < table.index("fan is slow")
    assert "EVSE 1, connector 1 (connector_1/ac_rcd)" in table
    assert "2026-06-21T08:00:0" in table
    assert [error["severity"] for error in found] == ["Low", "High"]


@warped
async def test_for_people_a_call_shows_what_came_or_says_that_it_is_done(capsys: Captured) -> None:
    async with simulated() as (host, _):
        await calling(host, "EVSE.SetACChargingCurrent", "evse_index=1", "max_current=8", as_json=False)
        done = capsys.readouterr().out
        await calling(host, "EVSE.GetInfo", "evse_index=1", as_json=False)
        info = capsys.readouterr().out
        await calling(host, "ChargePoint.GetActiveErrors", as_json=False)
        nothing = capsys.readouterr().out
        with pytest.raises(Refused, match=r"EVSE\.GetInfo: ErrorInvalidEVSEIndex"):
            await calling(host, "EVSE.GetInfo", "evse_index=7", as_json=False)
        refused = capsys.readouterr().out

    assert done == "EVSE.SetACChargingCurrent: done.\n"
    assert "info.index" in info
    assert "NoError" not in info
    assert nothing.split()[-2:] == ["active_errors", "none"]
    assert refused == ""


@warped
async def test_a_charge_point_without_errors_is_said_to_have_none(capsys: Captured) -> None:
    async with simulated() as (host, _):
        await called("errors", host, fingerprint="", as_json=False)
    assert capsys.readouterr().out == "No error is active.\n"


@warped
async def test_a_charge_point_that_does_not_tell_its_errors_is_not_said_to_have_none(
    capsys: Captured,
) -> None:
    async def serve(link: ServedMessages) -> None:
        while True:
            asked = json.loads((await link.receive()).data)
            result = {"active_errors": [], "error": "ErrorNoDataAvailable"}
            answer = {"jsonrpc": "2.0", "id": asked["id"], "result": result}
            await link.send(Message(json.dumps(answer).encode(), is_text=True))

    async with serve_websocket(serve, protocols=("EVerestRpcApi",)) as listener:
        with pytest.raises(Refused, match=r"ChargePoint\.GetActiveErrors: ErrorNoDataAvailable"):
            await called("errors", f"127.0.0.1:{listener.port}", fingerprint="", as_json=False)
    assert capsys.readouterr().out == ""


@warped
async def test_announcements_are_watched_filtered_until_stopped(capsys: Captured) -> None:
    async with simulated("two-ac") as (host, simulator), TaskScope() as scope:
        scope.start(_then(lambda: simulator.act("plug"), 2.0))
        scope.start(_then(lambda: simulator.act("plug", evse=2), 2.0))
        scope.start(_then(_interrupted, 20.0))
        await called("watch", host, only=("status",), evses=(1,), **NO_OPTIONS)
        heard = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert {one["method"] for one in heard} == {"EVSE.StatusChanged"}
    assert {one["params"]["evse_index"] for one in heard} == {1}
    assert heard[-1]["params"]["evse_status"]["state"] == "Charging"


@warped
async def test_for_people_only_what_is_new_is_told(capsys: Captured) -> None:
    async with simulated() as (host, simulator), TaskScope() as scope:
        scope.start(_then(lambda: simulator.act("plug"), 2.0))
        scope.start(_then(_interrupted, 20.0))
        await called("watch", host, only=("status",), evses=(), **{**NO_OPTIONS, "as_json": False})
        lines = capsys.readouterr().out.splitlines()

    told = [line.partition(" ")[2] for line in lines]
    assert told[0] == "EVSE 1 StatusChanged: state Preparing"
    assert "EVSE 1 StatusChanged: state Charging" in told


async def _then(act: Callable[[], Any], after_s: float) -> None:
    await elapse(after_s)
    await act()


async def _interrupted() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_what_is_gone_is_told() -> None:
    changes = Changes()
    changes.told(Heard("EVSE.StatusChanged", {"evse_index": 1, "evse_status": {"a": 1, "b": 2}}))

    assert (
        changes.told(Heard("EVSE.StatusChanged", {"evse_index": 1, "evse_status": {"a": 3}}))
        == "EVSE 1 StatusChanged: a 3, b is gone"
    )


def test_methods_are_listed_with_templates_to_fill_in() -> None:
    printed = CliRunner().invoke(commands.everest, ["methods", "EVSE.EnableConnector", "--json"]).output
    told = json.loads(printed)["EVSE.EnableConnector"]

    assert told["template"] == {"evse_index": 1, "connector_index": 1, "enable": True, "priority": 5000}
    assert told["params"]["properties"]["priority"] == {"type": "integer"}
    assert "ErrorInvalidConnectorIndex" in told["errors"]
    assert "EVSE.SetACCharging" in CliRunner().invoke(commands.everest, ["methods"]).output


def test_every_method_stands_in_the_console_with_all_it_needs() -> None:
    told = methods()

    assert set(told) == set(ALL)
    for one in told.values():
        assert set(one["template"]) == set(one["params"]["required"])
        assert one["result"]["type"] == "object"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), None),
        (("evse_index=1", "max_current=7.5"), {"evse_index": 1, "max_current": 7.5}),
        (('{"evse_index": 1}',), {"evse_index": 1}),
        (("token=12345",), {"token": "12345"}),
        (("unheard=of",), {"unheard": "of"}),
    ],
)
def test_parameters_are_read_as_people_write_them(words: tuple[str, ...], expected: object) -> None:
    assert given_params("EVSE.SetACChargingCurrent", words) == expected


@pytest.mark.parametrize("words", [("evse_index",), ("=1",), ("evse_index=one",), ("{",), ("{1}",)])
def test_parameters_that_cannot_be_read_are_said(words: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError):
        given_params("EVSE.GetStatus", words)
