from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ohmstead.families.franklinwh.facts.codes import WorkMode
from ohmstead.families.franklinwh.simulator.plant.options import PlantOptions
from ohmstead.families.franklinwh.simulator.records import history, runtime

pytestmark = pytest.mark.long

DAY_S = 86_400
POLL_S = 10
POWERS = {
    "kwh_sun": lambda record: record["p_sun"],
    "kwh_gen": lambda record: record["p_gen"],
    "kwh_uti_in": lambda record: max(0.0, record["p_uti"]),
    "kwh_uti_out": lambda record: max(0.0, -record["p_uti"]),
    "kwh_fhp_di": lambda record: max(0.0, record["p_fhp"]),
    "kwh_fhp_chg": lambda record: max(0.0, -record["p_fhp"]),
    "kwh_load": lambda record: record["p_load"],
}
"""Which polled power each counter is the integral of."""


def watched_day(home: Any, *, outage: bool = False) -> tuple[dict[str, float], dict[str, Any]]:
    """kWh by integrating what a client polls, and the last record of the day."""
    found = dict.fromkeys(POWERS, 0.0)
    for second in range(POLL_S, DAY_S, POLL_S):
        home.live(POLL_S)
        if outage and second == 12 * 3600:
            home.world.grid.fail()
        if outage and second == 18 * 3600:
            home.world.grid.restore()
        record = runtime.live(home.gateway)
        for name, power in POWERS.items():
            found[name] += power(record) * POLL_S / 3600.0
    return found, runtime.live(home.gateway)


@pytest.mark.parametrize("mode", list(WorkMode))
def test_a_days_counters_are_the_integral_of_what_was_polled(home: Any, mode: WorkMode) -> None:
    day = home(options=PlantOptions(mode=mode, soc_pct=40.0))

    polled, record = watched_day(day)

    for name, kwh in polled.items():
        assert record[name] == pytest.approx(kwh, rel=0.005, abs=0.03), name
    assert record["kwh_load"] > 10.0


def test_a_day_with_an_outage_and_a_generator_counts_as_well(home: Any) -> None:
    day = home(options=PlantOptions(soc_pct=30.0, solar_w=2000.0))

    polled, record = watched_day(day, outage=True)

    assert record["kwh_gen"] > 1.0
    for name, kwh in polled.items():
        assert record[name] == pytest.approx(kwh, rel=0.005, abs=0.03), name


def test_the_gateways_meter_agrees_with_the_streets(home: Any) -> None:
    day = home(options=PlantOptions(mode=WorkMode.TIME_OF_USE))
    day.live(DAY_S - 2)
    grid, counted = day.world.grid, day.gateway.ledger.now

    assert counted.grid_in == pytest.approx(grid.imported_wh, abs=1.0)
    assert counted.grid_out == pytest.approx(grid.exported_wh, abs=1.0)
    assert counted.grid_in + counted.grid_out > 1000.0


def test_the_load_is_what_its_four_sources_gave_and_every_second_balances(home: Any) -> None:
    day = home()
    for _ in range(1000):
        flows = day.live(37)
        record = runtime.live(day.gateway)
        shown = record["p_sun"] + record["p_gen"] + record["p_fhp"] + record["p_uti"]
        assert record["p_load"] == pytest.approx(shown, abs=1e-9)
        assert flows.load_w >= 0.0
    parts = sum(record[name] for name in ("kwhSolarLoad", "kwhGridLoad", "kwhFhpLoad", "kwhGenLoad"))
    assert parts == pytest.approx(1000.0 * record["kwh_load"], abs=3.0)


def test_counters_start_again_at_the_gateways_own_midnight_and_yesterday_is_history(home: Any) -> None:
    day = home()
    day.live(DAY_S - 10)
    before = runtime.live(day.gateway)["kwh_load"]

    day.live(20)

    assert runtime.live(day.gateway)["kwh_load"] < 0.02 < before
    yesterday = (day.gateway.local - timedelta(days=1)).date()
    told = history.energies(day.gateway, 1, yesterday)
    assert told["kwhLoadArray"] == [pytest.approx(before, abs=0.01)]


def test_a_days_samples_add_up_to_its_counters(home: Any) -> None:
    day = home()
    day.live(DAY_S + 10)
    yesterday = (day.gateway.local - timedelta(days=1)).date()

    powers = history.powers(day.gateway, yesterday)
    energies = history.energies(day.gateway, 1, yesterday)

    assert len(powers["deviceTimeArray"]) == 288
    assert powers["deviceTimeArray"][-1] == "2026-06-20 23:55:00"
    assert sum(powers["powerSolarHomeArray"]) / 12.0 == pytest.approx(
        energies["kwhSolarLoadArray"][0], rel=0.005
    )
    assert sum(powers["powerFhpHomeArray"]) / 12.0 == pytest.approx(energies["kwhFhpLoadArray"][0], rel=0.005)


def test_weeks_begin_on_monday_and_months_have_their_days(home: Any) -> None:
    gateway = home().gateway
    saturday = gateway.local.date()
    monday = saturday - timedelta(days=5)

    assert history.energies(gateway, 2, saturday)["deviceTimeArray"] == []
    assert len(history.energies(gateway, 2, monday)["deviceTimeArray"]) == 7
    assert len(history.energies(gateway, 3, saturday)["deviceTimeArray"]) == 30
    assert history.energies(gateway, 4, saturday)["deviceTimeArray"][-1] == "2026-12"
    assert history.energies(gateway, 5, saturday)["deviceTimeArray"] == ["2026"]
    assert history.energies(gateway, 1, None)["kwhSuArray"] == []


def test_the_same_seed_lives_the_same_day_and_another_one_does_not(home: Any) -> None:
    days = [home(seed=seed) for seed in (5, 5, 6)]
    for day in days:
        day.live(6 * 3600)
    first, again, other = (runtime.live(day.gateway) for day in days)

    assert first == again
    assert first["kwh_load"] != other["kwh_load"]


def test_a_restored_snapshot_goes_on_as_before(home: Any) -> None:
    day = home()
    day.live(3600)
    kept = day.gateway.snapshot()
    before = runtime.live(day.gateway)
    day.live(7200)

    day.gateway.restore(kept)

    assert runtime.live(day.gateway) == {**before, "t_amb": runtime.live(day.gateway)["t_amb"]}
