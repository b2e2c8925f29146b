"""The manual says what is so: its tables are held against the code, its sequences and its example are carried out."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ohmstead.families.everest.bridge import RpcTable
from ohmstead.families.everest.console import ALL
from ohmstead.families.everest.schema.extensions import EXTENSIONS, LimitedByEnum, ScopeEnum
from ohmstead.families.everest.schema.methods import METHODS, NOTIFICATIONS, OUR_METHODS
from ohmstead.families.everest.simulator import RunningChargePoint, simulate
from ohmstead.families.everest.terminal.parameters import given_params
from ohmstead.families.everest.terminal.telling import leaves
from ohmstead.families.everest.wire import written
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.messages import Message
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions
from ohmstead.testing import elapse, warped

PAGE = (Path(__file__).parents[3] / "docs" / "everest.md").read_text(encoding="utf-8")
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {"=": lambda a, b: a == b, ">": lambda a, b: a > b}


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table with that heading in its first column."""
    _, _, after = PAGE.partition(f"| {heading} |")
    lines = after.split("\n")[2:]
    body = [line for line in lines[: lines.index("")] if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body]


def quoted(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def test_every_extension_and_every_parameter_of_ours_stands_in_the_table_of_features() -> None:
    asked_for = set().union(*(quoted(row[3]) for row in rows("feature")))
    extra = {parameter.name for method in ALL.values() for parameter in method.extra}

    assert asked_for == set(EXTENSIONS) | (extra - {"extensions", "client"})


def test_every_method_and_notification_of_ours_stands_with_what_it_is_asked_for_by() -> None:
    told = {name: row[3] for row in rows("feature") for name in quoted(row[2]) if "." in name}
    ours = {name: method.extension for name, method in OUR_METHODS.items()}
    ours |= {name: found.extension for name, found in NOTIFICATIONS.items() if found.extension}

    assert told == {name: f"`{extension}`" for name, extension in ours.items()}


def test_every_scope_stands_with_its_methods() -> None:
    told = {quoted(row[0]).pop(): quoted(row[1]) for row in rows("scope")}

    assert set(told) == set(ScopeEnum)
    for scope in (ScopeEnum.CONTROL, ScopeEnum.ADMIN):
        assert told[scope] == {name for name, method in ALL.items() if method.scope is scope}


def test_every_key_of_the_table_stands_with_its_default() -> None:
    told = {quoted(row[0]).pop(): quoted(row[1]) for row in rows("key")}
    fields = {field.name: field.default for field in msgspec.structs.fields(RpcTable)}

    assert set(told) == set(fields)
    for name, default in told.items():
        shown = (
            {json.dumps(fields[name]).strip('"')}
            if fields[name] not in (None, (), msgspec.NODEFAULT)
            else set()
        )
        assert default in (shown, set()), name


def test_what_is_said_of_a_wall_connector_are_words_of_the_interface() -> None:
    for row in rows("call"):
        for word in quoted(row[2]):
            assert word.startswith("Error") or word in {*LimitedByEnum, "limited_by", "strict"}, word
        methods = {name.partition("(")[0] for name in quoted(row[0])}
        assert {f"EVSE.{name}" for name in methods} <= set(METHODS) | set(OUR_METHODS)


def diagrams() -> list[list[str]]:
    found = re.findall(r"```text\nclient .*?\n(.*?)```", PAGE, re.DOTALL)
    return [[line.strip() for line in text.splitlines() if line.strip()] for text in found]


@pytest.mark.parametrize("number", [0, 1])
@warped
async def test_a_sequence_happens_as_it_is_drawn(number: int) -> None:
    world = World(ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC)))
    async with simulate(SimulatorOptions(), world) as simulator, TaskScope() as scope:
        scope.start(world.run())
        await elapse(2)
        dial = websocket(f"ws://127.0.0.1:{simulator.listener.port}", protocols=("EVerestRpcApi",))
        async with dial() as link:
            player = Player(simulator, link)
            for step in diagrams()[number]:
                await player.play(step)


class Player:
    """Plays the client's part of a diagram, and waits for what the charge point's part says."""

    def __init__(self, simulator: RunningChargePoint, link: Any) -> None:
        self._simulator = simulator
        self._link = link
        self._calls = 0

    async def play(self, step: str) -> None:
        match step:
            case "(the driver plugs in)":
                await self._simulator.act("plug")
            case "(the driver unplugs)":
                await self._simulator.act("unplug")
            case _ if step.startswith("──"):
                await self._call(*step.removeprefix("── ").removesuffix(" ──▶").split())
            case _:
                await self._expect(step.removeprefix("◀── "))

    async def _call(self, method: str, *words: str) -> None:
        self._calls += 1
        await self._link.send(
            Message(written(method, self._calls, given_params(method, words)), is_text=True)
        )

    async def _expect(self, words: str) -> None:
        *method, place, sign, value = words.split()
        wanted = json.loads(value) if value[0].isdigit() and value.count(".") < 2 else value
        wanted = {"true": True, "false": False}.get(value, wanted)
        async with asyncio.timeout(60):
            while True:
                document = json.loads((await self._link.receive()).data or b"{}")
                if document.get("method") == (method[0] if method else None):
                    said = dict(leaves(document.get("params") or document.get("result", {})))
                    if place in said and COMPARE[sign](said[place], wanted):
                        return


def examples() -> Iterator[str]:
    yield from re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_is_short() -> None:
    (example,) = examples()
    body = example[example.index("async def") : example.index("if __name__")]
    assert len([line for line in body.splitlines() if line.strip()]) <= 30


@warped
async def test_the_example_limits_a_charging_car(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = examples()
    names: dict[str, Any] = {"__name__": "example"}
    exec(example, names)  # noqa: S102 - our own page
    world = World(ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC)))
    options = SimulatorOptions(extras={"plugged": "true"})
    async with simulate(options, world) as simulator, TaskScope() as scope:
        scope.start(world.run())
        await elapse(20)
        power_w = await names["watch"](f"ws://127.0.0.1:{simulator.listener.port}", 10.0)

    assert power_w == pytest.approx(6_900, rel=0.01)
    assert capsys.readouterr().out == "limit: NoError\n"
