"""What a simulator is told and cannot do: said in a sentence, and nothing has changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from ohmstead.families.hoymiles.config import HoymilesConfig
from ohmstead.families.hoymiles.simulator import simulate
from ohmstead.kit.world import World
from ohmstead.model import ConfigError, ScaledClock, SimulatorOptions
from ohmstead.testing import warped

NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize("role", ["dtu", "cloud"])
@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "a fault has a name, not None"),
        ({"name": 5}, "a fault has a name, not 5"),
        ({"name": ["silence"]}, "a fault has a name, not"),
        ({"name": "gremlins"}, "no fault is called 'gremlins'"),
        ({"name": "silence", "depth": 3}, "no parameter depth"),
        ({"name": "silence", "times": 0}, "Expected `int` >= 1 - at `\\$.times`"),
        ({"name": "silence", "times": [1]}, "fault silence: Expected `int .*at `\\$.times`"),
        ({"name": "silence", "chance": 1.5}, "Expected `float` <= 1.0 - at `\\$.chance`"),
        ({"name": "silence", "chance": float("nan")}, "Expected `float` >= 0.0 - at `\\$.chance`"),
        ({"name": "delay", "s": float("inf")}, "fault delay: Expected `float` <= 1000000000.0"),
        ({"name": "silence", "after": -1}, "Expected `float` >= 0.0 - at `\\$.after`"),
        ({"name": "silence", "id": "A31100"}, "fault silence: Expected `str` matching"),
    ],
)
@warped
async def test_a_fault_that_cannot_be_is_refused(role: str, told: dict[str, Any], words: str) -> None:
    options = SimulatorOptions(extras={"role": role})
    async with simulate(options, World(ScaledClock(NOON))) as simulator:
        with pytest.raises(ConfigError, match=words):
            await simulator.act("fault", **told)


@pytest.mark.parametrize(
    ("action", "told", "words"),
    [
        ("clouds", {}, "clouds: Object missing required field `factor`"),
        ("clouds", {"factor": 2}, "Expected `float` <= 1.0"),
        ("clouds", {"factor": 0.01}, "Expected `float` >= 0.08"),
        ("clouds", {"factor": "nan"}, "Expected `float` >= 0.08"),
        ("clouds", {"factor": True}, "Expected `float`, got `bool`"),
        ("alarm", {}, "alarm: Object missing required field `number`"),
        ("alarm", {"number": 2.5}, "Expected `int`, got `float`"),
        ("alarm", {"number": 10**30}, "Expected `int`"),
        ("alarm", {"number": 217, "state": "asleep"}, "Invalid enum value 'asleep'"),
        ("alarm", {"number": 217, "serial": 5}, "Expected `str`, got `int`"),
        ("alarm", {"number": 217, "serial": "sesame"}, "Expected `str` matching"),
        ("alarm", {"number": 217, "serial": "000000000001"}, "no inverter 000000000001"),
        ("alarm", {"number": 217, "data1": 2**31}, "Expected `int` <= 65535"),
    ],
)
@warped
async def test_an_action_that_makes_no_sense_is_refused(
    action: str, told: dict[str, Any], words: str
) -> None:
    async with simulate(SimulatorOptions(), World(ScaledClock(NOON))) as simulator:
        before = simulator.state()
        with pytest.raises(ConfigError, match=words):
            await simulator.act(action, **told)

        assert simulator.state() == before


@warped
async def test_numbers_may_come_as_texts() -> None:
    async with simulate(SimulatorOptions(), World(ScaledClock(NOON))) as simulator:
        await simulator.act("clouds", factor="0.5")
        await simulator.act("alarm", number="217", data1="-40")
        await simulator.act("fault", name="F6", s="0.5", times="1")


@pytest.mark.parametrize(
    "url", ["hoymiles://", "hoymiles://:10081", "hoymiles:///dtu", "", "hoymiles://dtu:99999"]
)
def test_an_address_without_a_host_is_refused_when_it_is_read(url: str) -> None:
    with pytest.raises(ConfigError, match=r"For example: url = \"hoymiles://192.0.2.7\""):
        msgspec.convert({"name": "roof", "url": url}, HoymilesConfig)


def test_an_address_may_be_a_bare_host() -> None:
    config = msgspec.convert({"name": "roof", "url": "192.0.2.7"}, HoymilesConfig)

    assert config.address == ("192.0.2.7", 10081)
