"""What the bridge announces, as Home Assistant itself takes it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from assistant import HomeAssistant
from listener import Listener, listening
from month_family import MonthHome
from mosquitto import Mosquitto
from weeks import Weeks

from ohmstead.app.demo import DATA, demo_site
from ohmstead.app.home import HOMES
from ohmstead.bridges import BridgeSettings, Discovery, MqttSettings, bridged
from ohmstead.gateway import open_gateway
from ohmstead.model import ScaledClock

pytestmark = pytest.mark.compat

Until = Callable[[Callable[[], object]], object]

START: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
SPEED: Final = 60.0
FAMILIES: Final = {
    "roof": "ohmstead_roof_1412A086A8E5_solar_energy_wh",
    "hybrid": "ohmstead_battery_EA2302G000_grid_imported_wh",
    "charger": "ohmstead_drive_PGT21000000001_charger_energy_wh",
    "charge point": "ohmstead_workshop_1_selects_phases",
    "annex": "ohmstead_annex_10060005A02X00000001_battery_charged_wh",
    "home": "ohmstead_home_solar_w",
}
"""Of each device of the demo home one entity, by its unique id."""
LIMIT: Final = "home_ohmstead_drive_1_limits_current"


def test_every_entity_of_the_demo_home_is_taken_without_a_word(
    tmp_path: Path, broker: Mosquitto, assistant: HomeAssistant, until: Until
) -> None:
    assistant.start(START)

    def are_there(announced: set[str]) -> bool:
        registry, states = assistant.ask("registry"), assistant.ask("states")
        return set(FAMILIES.values()) <= announced <= set(registry) and all(
            states[registry[unique_id]]["state"] != "unavailable" for unique_id in FAMILIES.values()
        )

    async def live() -> list[str]:
        home = HOMES["eu"]
        clock = ScaledClock(home.morning, SPEED)
        settings = MqttSettings(host="127.0.0.1", port=broker.port, discovery=Discovery.COMPONENTS)
        async with (
            demo_site(home, clock, 1, tmp_path) as site_file,
            open_gateway(site_file, directory=tmp_path / DATA, clock=clock) as gateway,
            bridged(gateway, BridgeSettings(mqtt=settings), lambda _: ""),
            listening(broker.port) as ear,
        ):
            await asyncio.to_thread(until, lambda: are_there(announced(ear)))
            log: list[str] = await asyncio.to_thread(assistant.ask, "log")
        return log

    assert "\n".join(asyncio.run(live())) == ""


def announced(ear: Listener) -> set[str]:
    configs = [json.loads(text) for topic, text in dict(ear.newest).items() if topic.endswith("/config")]
    return {config["unique_id"] for config in configs}


def test_home_assistant_commands_and_shows_what_was_read_back(
    tmp_path: Path, broker: Mosquitto, assistant: HomeAssistant, month_home: MonthHome
) -> None:
    assistant.start(START)

    async def live() -> list[str]:
        weeks = Weeks(tmp_path, START, broker, assistant)
        await weeks.open()
        await weeks.settle()
        limit = (await weeks.ask("registry"))[LIMIT]
        # The second lies between two intervals, where only the envelope knows.
        for value, outcome in ((10, "confirmed"), (3, "refused")):
            what = {"entity_id": limit, "value": value}
            await weeks.ask("call", domain="number", service="set_value", what=what)
            # The receipt comes at once, and what the device says itself with its next answer.
            await weeks.shown(
                limit,
                lambda told, outcome=outcome: (
                    (told["attributes"].get("outcome"), told["state"]) == (outcome, "10.0")
                ),
            )
        log: list[str] = await weeks.ask("log")
        await weeks.close()
        return log

    assert asyncio.run(live()) == []
    assert month_home.limits_a == [10.0]


def test_a_device_that_left_the_site_leaves_no_entity(
    tmp_path: Path, broker: Mosquitto, assistant: HomeAssistant, month_home: MonthHome
) -> None:
    assistant.start(START)

    async def live() -> tuple[set[str], set[str], list[str]]:
        weeks = Weeks(tmp_path, START, broker, assistant)
        await weeks.open()
        await weeks.settle()
        before = set(await weeks.ask("registry"))
        await weeks.close()
        weeks.sources = ("hybrid",)
        await weeks.open()
        await weeks.settle()
        after = set(await weeks.ask("registry"))
        log = await weeks.ask("log")
        await weeks.close()
        return before, after, log

    before, after, log = asyncio.run(live())

    assert {name for name in before if "_drive_1_" in name} >= {LIMIT}
    assert after == {name for name in before if "_drive_1_" not in name}
    assert log == []
