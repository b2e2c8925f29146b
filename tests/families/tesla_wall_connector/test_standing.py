"""A unit's samples as the states of a standard charge point."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.documents import Version, Vitals
from ohmstead.families.tesla_wall_connector.meaning import Watcher
from ohmstead.families.tesla_wall_connector.power import Wiring
from ohmstead.families.tesla_wall_connector.standing import Standing
from ohmstead.model import ChargePointFacts, ChargeProtocol, ChargerState, Connector

START = datetime(2026, 6, 21, 8, tzinfo=UTC)
FREE = {"vehicle_connected": False, "contactor_closed": False, "evse_state": 1}
OPEN = {"vehicle_connected": True, "contactor_closed": False}
CLOSED = {"vehicle_connected": True, "contactor_closed": True}
CHARGING = {**CLOSED, "evse_state": 11, "vehicle_current_a": 16.0}


class Unit:
    def __init__(self) -> None:
        self.watcher, self.standing, self.at = Watcher(), Standing(), START

    def shows(self, fields: dict[str, Any], *, after_s: float = 1, inhibited: bool = False) -> ChargerState:
        self.at += timedelta(seconds=after_s)
        vitals = Vitals(**fields)
        meaning = self.watcher.see(vitals, self.at)
        return self.standing.see(vitals, meaning, self.at, is_inhibited=inhibited)

    def facts(self, fields: dict[str, Any], part: str = "1529455-02-D") -> ChargePointFacts:
        vitals = Vitals(**fields)
        meaning = self.watcher.see(vitals, self.at)
        return self.standing.facts(vitals, meaning, Version(part_number=part), Wiring.PHASES, most_a=16.0)


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        (2, ChargerState.CONNECTED, ChargerState.CONNECTED),
        (3, ChargerState.CONNECTED, ChargerState.CONNECTED),
        (4, ChargerState.CONNECTED, ChargerState.PAUSED_BY_VEHICLE),
        (6, ChargerState.CONNECTED, ChargerState.CONNECTED),
        (7, ChargerState.CONNECTED, ChargerState.CONNECTED),
        (8, ChargerState.FINISHED, ChargerState.FINISHED),
        (9, ChargerState.CONNECTED, ChargerState.PAUSED_BY_VEHICLE),
        (5, ChargerState.CONNECTED, ChargerState.PAUSED_BY_VEHICLE),
        (12, ChargerState.CONNECTED, ChargerState.PAUSED_BY_VEHICLE),
        (99, ChargerState.CONNECTED, ChargerState.PAUSED_BY_VEHICLE),
    ],
)
def test_an_open_contactor_is_told_by_its_code_and_by_whether_the_session_has_charged(
    code: int, before: ChargerState, after: ChargerState
) -> None:
    fresh, used = Unit(), Unit()
    used.shows(CHARGING)

    assert fresh.shows({**OPEN, "evse_state": code}) is before
    assert used.shows({**OPEN, "evse_state": code}) is after


@pytest.mark.parametrize("code", [1, 13])
def test_without_a_car_it_is_empty_and_the_next_session_is_a_new_one(code: int) -> None:
    unit = Unit()
    unit.shows(CHARGING)

    assert unit.shows({**FREE, "evse_state": code}) is ChargerState.EMPTY
    assert unit.shows({**OPEN, "evse_state": 4}) is ChargerState.CONNECTED


def test_while_it_boots_nothing_is_known() -> None:
    assert Unit().shows({**FREE, "evse_state": 0}) is ChargerState.UNKNOWN
    assert Unit().shows({"evse_state": 11}) is ChargerState.UNKNOWN


@pytest.mark.parametrize("code", [5, 10, 11, 12, 99])
def test_a_closed_contactor_charges(code: int) -> None:
    assert Unit().shows({**CHARGING, "evse_state": code}) is ChargerState.CHARGING


def test_a_closed_contactor_without_current_is_the_cars_pause_after_half_a_minute() -> None:
    unit, idle = Unit(), {**CLOSED, "evse_state": 11, "vehicle_current_a": 0.3}

    assert unit.shows(idle) is ChargerState.CHARGING
    assert unit.shows(idle, after_s=29) is ChargerState.CHARGING
    assert unit.shows(idle, after_s=2) is ChargerState.PAUSED_BY_VEHICLE
    assert unit.shows(CHARGING) is ChargerState.CHARGING


def test_a_finished_session_goes_on_without_an_unplug() -> None:
    unit = Unit()
    unit.shows(CHARGING)

    assert unit.shows({**OPEN, "evse_state": 8}) is ChargerState.FINISHED
    assert unit.shows({**OPEN, "evse_state": 5}) is ChargerState.FINISHED
    assert unit.shows({**OPEN, "evse_state": 4}) is ChargerState.PAUSED_BY_VEHICLE
    assert unit.shows(CHARGING) is ChargerState.CHARGING


@pytest.mark.parametrize("reason", [11, 12, 13, 14])
def test_who_is_not_allowed_is_unauthorised(reason: int) -> None:
    assert (
        Unit().shows({**OPEN, "evse_state": 4, "evse_not_ready_reasons": (reason,)})
        is ChargerState.UNAUTHORISED
    )


def test_a_pending_authorisation_counts_after_five_seconds() -> None:
    unit, pending = Unit(), {**OPEN, "evse_state": 4, "evse_not_ready_reasons": (4,)}

    assert unit.shows(pending) is ChargerState.CONNECTED
    assert unit.shows(pending, after_s=5) is ChargerState.CONNECTED
    assert unit.shows(pending, after_s=1) is ChargerState.UNAUTHORISED


@pytest.mark.parametrize("reason", [2, 3, 7, 10])
def test_what_the_unit_holds_back_is_its_pause_once_the_session_has_charged(reason: int) -> None:
    fresh, used, held = Unit(), Unit(), {**OPEN, "evse_state": 4, "evse_not_ready_reasons": (reason,)}
    used.shows(CHARGING)

    assert fresh.shows(held) is ChargerState.CONNECTED
    assert used.shows(held) is ChargerState.PAUSED_BY_CHARGER


def test_our_own_stop_is_the_chargers_pause() -> None:
    assert Unit().shows({**OPEN, "evse_state": 4}, inhibited=True) is ChargerState.PAUSED_BY_CHARGER


@pytest.mark.parametrize("fields", [{"current_alerts": (77,)}, {"after": 61}])
def test_a_negotiation_that_stays_or_comes_with_an_alert_is_a_fault(fields: dict[str, Any]) -> None:
    unit, negotiating = Unit(), {**OPEN, "evse_state": 7}
    unit.shows(negotiating)
    alerts = {key: value for key, value in fields.items() if key != "after"}

    assert unit.shows({**negotiating, **alerts}, after_s=fields.get("after", 1)) is ChargerState.FAULTED


def test_facts_come_by_live_phase() -> None:
    unit = Unit()
    live = {
        **CHARGING,
        "voltageA_v": 231.0,
        "voltageB_v": 230.0,
        "voltageC_v": 3.0,
        "currentA_a": 16.0,
        "currentB_a": 15.9,
        "currentC_a": 0.4,
        "currentN_a": 0.1,
        "grid_hz": 50.01,
        "current_alerts": (49,),
    }
    unit.shows(live)
    facts = unit.facts(live)

    assert (facts.connector, facts.phases, facts.most_a) == (Connector.TYPE_2, 2, 16.0)
    assert (facts.voltages_v, facts.currents_a) == ((231.0, 230.0, None), (16.0, 15.9, None))
    assert (facts.neutral_a, facts.frequency_hz, facts.alerts) == (0.1, 50.01, ("49",))
    assert facts.protocol is ChargeProtocol.VENDOR
    assert facts.has_charged


@pytest.mark.parametrize(
    ("part", "plug"),
    [
        ("1529455-02-D", Connector.TYPE_2),
        ("1457768-01-G", Connector.NACS),
        ("1734412-02-A", Connector.NACS),
        ("", Connector.UNKNOWN),
    ],
)
def test_the_part_number_says_which_plug_it_has(part: str, plug: Connector) -> None:
    assert Unit().facts(FREE, part).connector is plug
