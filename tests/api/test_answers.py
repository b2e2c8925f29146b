from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from asked import Open
from scripted_family import ScriptedHome

from ohmstead import __version__
from ohmstead.model import DeviceId, Outcome, Sample, SolarReading
from ohmstead.testing import elapse, warped

SOUTH = "roof/1164a00212345"


@warped
async def test_the_state_holds_the_flows_in_balance(opened: Open) -> None:
    async with opened() as asked:
        status, state = await asked.get("/state")
    assert status == 200
    assert {name: value for name, value in state["flows"].items() if name not in ("at", "oldest_s")} == {
        "solar_w": 812.0,
        "grid_w": -395.0,
        "battery_w": 0,
        "generator_w": 0,
        "home_w": 417.0,
        "chargers_w": 0,
        "v2l_w": 0,
        "losses_w": 0.0,
        "unaccounted_w": 0.0,
    }
    assert state["site"] == {
        "name": "Linden Street 4",
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "masters": {},
    }
    assert state["speed"] == 1.0
    assert state["at"].startswith("2025-06-01T12:00:0")
    assert len(state["devices"]) == 3


@warped
async def test_devices_are_listed_with_health_readings_and_abilities(opened: Open) -> None:
    async with opened() as asked:
        status, devices = await asked.get("/devices")
    assert status == 200
    assert [(d["id"], d["family"], d["model"], d["serial"], d["health"]) for d in devices] == [
        ("roof/1164a00212345", "scripted", "HMS-1600-4T", "1164a00212345", "good"),
        ("roof/4143a01054321", "scripted", "HMSW-1600-4T", "4143a01054321", "good"),
        ("roof/10d2e00300001", "scripted", "DDSU666", "10d2e00300001", "good"),
    ]
    assert devices[0]["readings"][0]["type"] == "solar"
    assert devices[0]["readings"][0]["power_w"] == 612.0
    assert devices[0]["abilities"]["limits_solar"]["allowed"] == [{"low": 2, "high": 100}]
    assert devices[1]["abilities"] == {}


@warped
async def test_a_device_is_found_by_its_id_with_the_slash_as_it_is_or_escaped(opened: Open) -> None:
    async with opened() as asked:
        plain = await asked.get(f"/devices/{SOUTH}")
        escaped = await asked.get("/devices/roof%2F1164a00212345")
    assert plain[0] == escaped[0] == 200
    assert plain[1]["id"] == escaped[1]["id"] == SOUTH


@warped
async def test_the_value_of_a_secret_detail_is_never_sent(opened: Open) -> None:
    async with opened() as asked:
        _, device = await asked.get(f"/devices/{SOUTH}")
        async with asked.session.get("/api/v1/state") as response:
            state = await response.text()
        async with asked.session.ws_connect("/api/v1/live") as live:
            first = await live.receive_str()
    assert [(d["secret"], d["value"]) for d in device["details"] if d["key"] == "wifi_key"] == [(True, None)]
    assert "correct horse" not in state + first


@warped
async def test_an_unreachable_source_is_a_device_with_a_reason_and_a_next_try(opened: Open) -> None:
    async with opened(sources=("roof", "annex")) as asked:
        _, annex = await asked.get("/devices/annex")
        _, health = await asked.get("/health")
    assert annex["health"] == "unreachable"
    assert (
        annex["reason"] == "annex does not answer on port 10081. Is the device powered and on this network?"
    )
    assert annex["next_try_at"] is not None
    assert annex["last_good_at"] is None
    assert health["is_good"] is False
    assert health["devices"] == {"good": 3, "unreachable": 1}


@warped
async def test_health_is_good_when_all_answer_and_samples_reach_the_disk(opened: Open) -> None:
    async with opened() as asked:
        _, health = await asked.get("/health")
    assert health["is_good"] is True
    assert health["version"] == __version__
    assert health["history_error"] == ""


@warped
async def test_signals_are_named_as_the_history_is_asked_for_them(opened: Open) -> None:
    async with opened() as asked:
        await asked.gateway.history.flush()
        _, signals = await asked.get("/signals")
    found = {(signal["device"], signal["signal"]): signal["unit"] for signal in signals}
    assert found[SOUTH, "solar.power_w"] == "W"
    assert found["roof/10d2e00300001", "grid.imported_wh"] == "Wh"


@warped
async def test_the_history_is_of_today_at_the_site_unless_asked_otherwise(opened: Open) -> None:
    async with opened() as asked:
        await elapse(58)
        await asked.gateway.history.flush()
        _, series = await asked.get("/history", params={"device": SOUTH, "signal": "solar.power_w"})
    assert series["start"] == "2025-05-31T22:00:00Z"
    assert series["end"] == "2025-06-01T22:00:00Z"
    assert series["step_s"] == 120.0
    assert series["unit"] == "W"
    assert [(p["at"], p["mean"], p["count"]) for p in series["points"]] == [
        ("2025-06-01T12:00:00Z", 612.0, 12)
    ]


@warped
async def test_the_history_by_days_and_months_follows_the_sites_calendar(opened: Open) -> None:
    first, last = datetime(2025, 3, 28, 12, tzinfo=UTC), datetime(2025, 4, 2, 12, tzinfo=UTC)
    async with opened() as asked:
        history, at = asked.gateway.history, first
        while at < last:
            history.record(
                Sample(at=at, readings=(SolarReading(device=DeviceId(SOUTH), at=at, power_w=1.0),))
            )
            at += timedelta(hours=1)
        await history.flush()
        found = {}
        for step in ("day", "month"):
            query = {"device": SOUTH, "signal": "solar.power_w", "step": step}
            bounds = {"start": first.isoformat(), "end": last.isoformat()}
            status, found[step] = await asked.get("/history", params=query | bounds)
            assert status == 200
    assert [(point["at"], point["count"]) for point in found["day"]["points"]] == [
        ("2025-03-28T12:00:00Z", 11),
        ("2025-03-28T23:00:00Z", 24),
        ("2025-03-29T23:00:00Z", 23),  # the clocks go forward
        ("2025-03-30T22:00:00Z", 24),
        ("2025-03-31T22:00:00Z", 24),
        ("2025-04-01T22:00:00Z", 14),
    ]
    assert [(point["at"], point["count"]) for point in found["month"]["points"]] == [
        ("2025-03-28T12:00:00Z", 82),
        ("2025-03-31T22:00:00Z", 38),
    ]


@warped
async def test_the_history_of_a_span_comes_in_the_steps_asked_for(opened: Open) -> None:
    async with opened() as asked:
        await elapse(60)
        await asked.gateway.history.flush()
        _, series = await asked.get(
            "/history",
            params={
                "device": SOUTH,
                "signal": "solar.power_w",
                "start": "2025-06-01T14:00:00+02:00",
                "end": "2025-06-01T12:00:30Z",
                "step_s": "10",
            },
        )
    assert [point["at"] for point in series["points"]] == [
        "2025-06-01T12:00:00Z",
        "2025-06-01T12:00:10Z",
        "2025-06-01T12:00:20Z",
    ]


@warped
async def test_a_signal_nobody_recorded_has_no_points(opened: Open) -> None:
    async with opened() as asked:
        status, series = await asked.get("/history", params={"device": "nobody/1", "signal": "solar.power_w"})
    assert (status, series["points"]) == (200, [])


@warped
async def test_a_confirmed_command_answers_with_its_receipt_and_is_in_the_ledger(
    opened: Open, roof: ScriptedHome
) -> None:
    async with opened() as asked:
        order = {"device": SOUTH, "ability": "limits_solar", "value": 60.04, "reason": "trying it"}
        status, receipt = await asked.post("/commands", order)
        _, ledger = await asked.get("/commands")
    assert (status, receipt["outcome"], receipt["read_back"]) == (200, "confirmed", 60.0)
    assert roof.limit_pct == 60.0
    assert [(e["device"], e["ability"], e["origin"], e["reason"]) for e in ledger] == [
        (SOUTH, "limits_solar", "api: this machine", "trying it")
    ]
    assert ledger[0]["receipt"] == receipt


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.CONFIRMED, 200),
        (Outcome.ACKNOWLEDGED, 200),
        (Outcome.DIFFERENT, 200),
        (Outcome.SENT, 202),
        (Outcome.UNKNOWN, 202),
        (Outcome.REFUSED, 422),
    ],
)
@warped
async def test_an_outcome_has_its_status(
    opened: Open, roof: ScriptedHome, outcome: Outcome, expected: int
) -> None:
    roof.outcome = outcome
    async with opened() as asked:
        status, _ = await asked.post("/commands", {"device": SOUTH, "ability": "limits_solar", "value": 50})
    assert status == expected


@pytest.mark.parametrize(
    ("order", "control", "reason"),
    [
        (
            {"device": SOUTH, "ability": "limits_solar", "value": 101},
            True,
            "101 % is outside 2 to 100 % in steps of 0.1",
        ),
        ({"device": SOUTH, "ability": "limits_solar", "value": 50}, False, "control of roof is off"),
        ({"device": "roof/x", "ability": "limits_solar", "value": 50}, True, "there is no device 'roof/x'"),
        ({"device": SOUTH, "ability": "flies", "value": 50}, True, "cannot do 'flies'"),
    ],
)
@warped
async def test_a_refused_command_is_a_problem_that_carries_its_receipt(
    opened: Open, roof: ScriptedHome, order: dict[str, object], control: bool, reason: str
) -> None:
    async with opened(control=control) as asked:
        status, problem = await asked.post("/commands", order)
    assert (status, problem["status"], problem["title"]) == (422, 422, HTTPStatus(422).phrase)
    assert reason in problem["detail"]
    assert problem["receipt"]["outcome"] == "refused"
    assert roof.limit_pct == 100.0


@warped
async def test_the_ledger_shows_the_newest_first_and_as_many_as_asked(opened: Open) -> None:
    async with opened() as asked:
        for value in (30, 40, 50):
            await asked.post("/commands", {"device": SOUTH, "ability": "limits_solar", "value": value})
        _, ledger = await asked.get("/commands", params={"limit": "2"})
    assert [entry["asked"] for entry in ledger] == [50.0, 40.0]
