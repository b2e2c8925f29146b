"""A simulated month under Home Assistant's own recorder, statistics and energy validation."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from assistant import HomeAssistant
from month_family import TICK, MonthHome
from mosquitto import Mosquitto
from weeks import Weeks

pytestmark = [pytest.mark.compat, pytest.mark.soak]

START: Final = datetime(2026, 6, 1, tzinfo=UTC)
A_DAY: Final = timedelta(days=1) // TICK
AN_HOUR: Final = timedelta(hours=1) // TICK
FASTEST_KW: Final = 10.0
"""Nothing in this home draws or gives more."""
SLACK_H: Final = 2 * TICK / timedelta(hours=1)
"""A state is as old as the step between two polls; what was counted while a device was away comes at once."""
METERS: Final = {
    "home_ohmstead_hybrid_1_solar_energy_wh": "solar",
    "home_ohmstead_hybrid_1_grid_imported_wh": "imported",
    "home_ohmstead_hybrid_1_grid_exported_wh": "exported",
    "home_ohmstead_hybrid_1_battery_charged_wh": "charged",
    "home_ohmstead_hybrid_1_battery_discharged_wh": "discharged",
    "home_ohmstead_hybrid_1_load_energy_wh": "load",
    "home_ohmstead_drive_1_charger_energy_wh": "charger",
}
"""Unique ids of the totals, and the meters behind them."""


@pytest.fixture
def days(soak: float) -> int:
    return max(4, round(30 * soak))


def test_a_month_of_faults_leaves_no_violation_no_jump_and_nothing_negative(
    tmp_path: Path, broker: Mosquitto, assistant: HomeAssistant, month_home: MonthHome, days: int
) -> None:
    month_home.meters["solar"].shown_wh = 6_553_600 - 45_000  # rolls over on the second day
    assistant.start(START)

    async def live() -> dict[str, Any]:
        weeks = Weeks(tmp_path, START, broker, assistant)
        await weeks.open()
        await weeks.settle()
        await weeks.counted(METERS)
        await a_day_without_faults(weeks)
        await a_day_of_faulty_devices(weeks, month_home)
        await a_day_of_lost_programs(weeks, month_home)
        for day in range(days - 3):
            await (a_day_of_lost_programs(weeks, month_home) if day % 7 == 5 else a_day_without_faults(weeks))
        found = await examine(weeks)
        await weeks.close()
        return found

    found = asyncio.run(live())

    assert "\n".join(found["log"]) == ""
    assert found["statistics"] == {}
    assert found["energy"] == {"energy_sources": [[], [], []], "device_consumption": [[], []]}
    for unique_id, name in METERS.items():
        rows = found["sums"][unique_id]
        changes_kwh = [after["sum"] - before["sum"] for before, after in pairwise(rows)]
        hours = [(after["start"] - before["start"]) / 3600 for before, after in pairwise(rows)]
        assert min(changes_kwh) >= 0, unique_id
        jumps = [
            kwh
            for kwh, passed in zip(changes_kwh, hours, strict=True)
            if kwh > FASTEST_KW * (passed + SLACK_H)
        ]
        assert jumps == [], unique_id
        meter = month_home.meters[name]
        told_kwh, flowed_kwh = rows[-1]["sum"] - rows[0]["sum"], meter.flowed_wh / 1000
        assert flowed_kwh - unknowable_kwh(name) - 0.01 <= told_kwh <= flowed_kwh + 0.01, unique_id


def unknowable_kwh(name: str) -> float:
    """Around a reset nobody can know what was counted: at most two steps."""
    return FASTEST_KW * 2 * TICK / timedelta(hours=1) if name == "imported" else 0.0


async def a_day_without_faults(weeks: Weeks) -> None:
    await weeks.steps(A_DAY)


async def a_day_of_faulty_devices(weeks: Weeks, home: MonthHome) -> None:
    """Around noon of it the solar counter rolls over."""
    await weeks.steps(6 * AN_HOUR)
    home.lies = {"load": 4_000_000_000.0, "exported": 0.0, "charged": -5.0}
    await weeks.steps(2 * AN_HOUR)
    home.meters["imported"].reset()
    await weeks.steps(8 * AN_HOUR)
    home.away = {"hybrid"}
    await weeks.steps(3 * AN_HOUR)
    home.away = {"drive"}
    await weeks.steps(AN_HOUR)
    home.away = set()
    await weeks.steps(4 * AN_HOUR)


async def a_day_of_lost_programs(weeks: Weeks, home: MonthHome) -> None:
    """The broker forgets what it kept; gateway and Home Assistant are started anew, together and alone; and a power cut
    leaves the gateway with a memory from hours ago.
    """
    await weeks.steps(2 * AN_HOUR)
    weeks.lose_broker()
    await weeks.steps(3 * AN_HOUR)
    await weeks.bring_broker_back()
    await weeks.steps(3 * AN_HOUR)
    await weeks.close()
    weeks.keep_disk()
    await weeks.steps(2 * AN_HOUR)
    await weeks.open()
    await weeks.steps(4 * AN_HOUR)
    await weeks.restart_assistant()
    await weeks.steps(4 * AN_HOUR)
    await weeks.cut_power()
    await weeks.restart_assistant()
    await weeks.steps(AN_HOUR)
    await weeks.open()
    await weeks.settle()
    await weeks.steps(5 * AN_HOUR)


async def examine(weeks: Weeks) -> dict[str, Any]:
    registry: Mapping[str, str] = await weeks.ask("registry")
    ids = {unique_id: registry[unique_id] for unique_id in METERS}
    end = weeks.now + timedelta(minutes=5)
    await weeks.ask("compile", start=weeks.now, end=end)  # in which the last states count
    rows = await weeks.ask("sums", ids=list(ids.values()), start=START, end=end, period="5minute")
    return {
        "statistics": await weeks.ask("statistics"),
        "energy": await weeks.ask("energy", preferences=preferences(ids)),
        "sums": {unique_id: rows[entity] for unique_id, entity in ids.items()},
        "log": await weeks.ask("log"),
    }


def preferences(ids: Mapping[str, str]) -> dict[str, Any]:
    """What an owner chooses from the lists of the energy dashboard."""
    one = {name: ids[unique_id] for unique_id, name in METERS.items()}
    return {
        "energy_sources": [
            {
                "type": "grid",
                "flow_from": [{"stat_energy_from": one["imported"], "stat_cost": None}],
                "flow_to": [{"stat_energy_to": one["exported"], "stat_compensation": None}],
                "cost_adjustment_day": 0.0,
            },
            {"type": "solar", "stat_energy_from": one["solar"], "config_entry_solar_forecast": None},
            {"type": "battery", "stat_energy_from": one["discharged"], "stat_energy_to": one["charged"]},
        ],
        "device_consumption": [{"stat_consumption": one["charger"]}, {"stat_consumption": one["load"]}],
    }
