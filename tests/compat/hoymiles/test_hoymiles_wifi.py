"""hoymiles-wifi 0.6.0 cannot tell our DTU from the vendor's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.compat

MANY = 60
Ask = Callable[..., Any]  # Any: JSON of the client


def test_it_reads_who_is_there(ask: Ask, simulated: Any) -> None:
    state = simulated.state()
    inverter = state["inverters"][0]["serial"]
    found = ask("app-information-data")
    assert found["dtuSerialNumber"] == state["dtu"]
    assert (found["deviceNumber"], found["pvNumber"]) == (1, 2)
    assert f"{int(found['pvInfo'][0]['pvSerialNumber']):012X}" == inverter
    assert f"{int(found['meterInfo'][0]['meterSerialNumber']):012X}" == state["meter"]
    assert ask("identify-dtu") == {state["dtu"]: "DTUBI"}
    assert ask("identify-inverters") == {inverter.lower(): "HMS-800W/1000W-2T"}


def test_it_reads_the_heartbeat(ask: Ask, simulated: Any) -> None:
    found = ask("heartbeat")
    assert found["dtuSerialNumber"] == simulated.state()["dtu"]
    assert (found["offset"], found["csq"]) == (3600, -62)


def test_it_reads_live_data(ask: Ask, simulated: Any) -> None:
    ask("enable-performance-data-mode")  # so that the data set is one of now
    # The meter of a home that has just begun has nothing to say for a second.
    answers = (ask("get-real-data-new") for _ in range(MANY))
    found = next(answer for answer in answers if "phaseTotalPower" in answer["meterData"][0])
    (inverter,) = found["sgsData"]
    assert int(found["dtuPower"]) == inverter["activePower"]
    assert inverter["activePower"] / 10 == pytest.approx(simulated.state()["power_w"], rel=0.05)
    assert [port["portNumber"] for port in found["pvData"]] == [1, 2]
    assert found["meterData"][0]["phaseTotalPower"] == pytest.approx(-inverter["activePower"] / 100, abs=2)


def test_it_reads_the_configuration(ask: Ask, simulated: Any) -> None:
    found = ask("get-config")
    assert found["limitPowerMypower"] == 1000
    assert found["dtuSn"] == simulated.state()["dtu"]
    assert found["serverSendTime"] == 5


def test_it_sets_the_power_limit_and_reads_it_back(ask: Ask, simulated: Any) -> None:
    before_w = simulated.state()["power_w"]
    accepted = ask("set-power-limit", "--power-limit", "30")
    assert accepted["action"] == 8
    assert "errCode" not in accepted
    assert before_w > 500
    # Asking is what passes the time here: the limit takes three to five seconds to be in force.
    assert any(ask("get-config")["limitPowerMypower"] == 300 for _ in range(MANY))
    assert any(ask("heartbeat") and simulated.state()["power_w"] == 240.0 for _ in range(MANY))  # of 800 W
    state = simulated.state()
    assert state["inverters"][0]["limit_pct"] == 30.0
    assert state["flash_writes"] == 1


def test_it_switches_the_performance_mode_on(ask: Ask, simulated: Any) -> None:
    assert ask("enable-performance-data-mode")["action"] == 33
    assert simulated.state()["frames"]["A305"] == 1


def test_no_answer_of_ours_was_anything_it_could_not_read(ask: Ask, simulated: Any) -> None:
    for command in ("app-information-data", "heartbeat", "get-real-data-new", "get-config"):
        ask(command)
    state = simulated.state()
    assert state["damaged_bytes"] == 0
    assert state["unanswered"] == 0
    assert state["kicks"] == 0
