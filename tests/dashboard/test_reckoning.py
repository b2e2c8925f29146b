"""The page's reckoning about stretches of time, energy, sessions, outages and forms, run where it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

Call = Callable[..., Any]  # Any: JSON
ZONE = "Europe/Berlin"


# --- the calendar ---


def test_a_day_begins_at_the_site_s_midnight_whatever_its_clocks_do(call: Call) -> None:
    hours = 3_600_000
    begin = {date: call("base/calendar", "midnight", date, ZONE) for date in ("2026-03-29", "2026-03-30")}
    assert begin["2026-03-30"] - begin["2026-03-29"] == 23 * hours
    begin = {date: call("base/calendar", "midnight", date, ZONE) for date in ("2026-10-25", "2026-10-26")}
    assert begin["2026-10-26"] - begin["2026-10-25"] == 25 * hours
    assert call("base/calendar", "dateAt", 1_782_424_800_000, ZONE) == "2026-06-26"
    assert call("base/calendar", "dateAt", 1_782_424_799_999, ZONE) == "2026-06-25"


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("day", "2026-02-28", "2026-03-01"),
        ("week", "2026-02-23", "2026-03-02"),
        ("month", "2026-02-01", "2026-03-01"),
        ("year", "2026-01-01", "2027-01-01"),
    ],
)
def test_a_span_holds_its_date_and_one_step_back_and_on_leads_home(
    call: Call, kind: str, first: str, last: str
) -> None:
    span = call("energy/spans", "spanOn", kind, "2026-02-28")
    assert span == {"kind": kind, "first": first, "last": last}
    there = call("energy/spans", "moved", span, 1)
    assert there["first"] == last
    assert call("energy/spans", "moved", there, -1) == span


@pytest.mark.parametrize(
    ("rest", "first", "last"),
    [
        (["range", "2026-06-01", "2026-06-10"], "2026-06-01", "2026-06-11"),
        (["range", "2026-06-10", "2026-06-01"], "2026-06-10", "2026-06-11"),
        (["day", "2026-02-31"], "2026-06-25", "2026-06-26"),
        (["year", "0001-01-01"], "2026-01-01", "2027-01-01"),
        (["range", "2026-06-01", "0202-06-10"], "2026-05-26", "2026-06-02"),
        (["century", "2026-02-01"], "2026-06-25", "2026-06-26"),
        ([], "2026-06-25", "2026-06-26"),
    ],
)
def test_an_address_typed_by_hand_makes_a_span_or_today(
    call: Call, rest: list[str], first: str, last: str
) -> None:
    span = call("energy/spans", "spanOf", rest, "2026-06-25")
    assert (span["first"], span["last"]) == (first, last)


def test_a_range_of_one_day_is_called_by_its_day(call: Call) -> None:
    title = call("energy/spans", "titleOf", {"kind": "range", "first": "2026-06-25", "last": "2026-06-26"})
    assert title == "Thursday, 25 June 2026"


@pytest.mark.parametrize(
    ("kind", "energy_step", "curve_step_s", "periods"),
    [
        ("day", "hour", 60, 24),
        ("week", "day", 600, 7),
        ("month", "day", 3600, 30),
        ("year", "month", 86_400, 12),
    ],
)
def test_a_day_is_told_by_the_minute_and_a_year_by_the_day(
    call: Call, kind: str, energy_step: str, curve_step_s: int, periods: int
) -> None:
    span = call("energy/spans", "spanOn", kind, "2026-06-25")
    assert call("energy/spans", "energyStep", span) == energy_step
    assert call("energy/spans", "curveStep_s", span) == curve_step_s
    asked = {"step": "day"} if kind == "year" else {"step_s": curve_step_s}
    assert call("energy/spans", "curveStep", span) == asked
    assert len(call("energy/spans", "periodsOf", span, energy_step, ZONE)) == periods


# --- energy ---


def period(*flows: tuple[str, str, float], **more: Any) -> dict[str, Any]:  # Any: JSON
    named = [{"source": source, "sink": sink, "energy_wh": wh} for source, sink, wh in flows]
    said = {"cost_by_sink": {}, "emitted_g_by_sink": {}, "earned": 0, "unaccounted_wh": 0}
    return {"at": "2026-06-25T10:00:00Z", "flows": named, **said, **more}


def test_periods_add_up_to_who_fed_whom(call: Call) -> None:
    sums = call(
        "energy/sums",
        "sumsOf",
        [
            period(("solar", "home", 300.0), ("grid", "home", 100.0), ("solar", "grid", 50.0), earned=0.004),
            period(
                ("solar", "home", 100.0),
                ("battery", "chargers", 500.0),
                cost_by_sink={"home": 0.25, "battery": 0.05},
            ),
        ],
    )
    assert {(flow["source"], flow["sink"]): flow["energy_wh"] for flow in sums["flows"]} == {
        ("solar", "home"): 400.0,
        ("grid", "home"): 100.0,
        ("solar", "grid"): 50.0,
        ("battery", "chargers"): 500.0,
    }
    assert (sums["used_wh"], sums["produced_wh"], sums["imported_wh"], sums["exported_wh"]) == (
        1000,
        450,
        100,
        50,
    )
    assert sums["own_pct"] == pytest.approx(90)
    assert (round(sums["cost"], 2), sums["earned"]) == (0.3, 0.004)


def test_nobody_is_told_a_share_of_nothing(call: Call) -> None:
    assert call("energy/sums", "sumsOf", [])["own_pct"] is None


def test_ribbons_are_as_wide_as_the_energy_and_leave_no_end_open(call: Call) -> None:
    flows = period(("solar", "home", 300.0), ("grid", "home", 100.0), ("solar", "grid", 200.0))["flows"]
    ribbons = call("energy/sankey", "layout", flows)["ribbons"]
    widths = {(one["flow"]["source"], one["flow"]["sink"]): one["width"] for one in ribbons}
    unit = widths["grid", "home"]
    assert widths["solar", "home"] == pytest.approx(3 * unit)
    assert widths["solar", "grid"] == pytest.approx(2 * unit)
    solar = [one["from"] for one in ribbons if one["flow"]["source"] == "solar"]
    assert solar[1] - solar[0] == pytest.approx((3 * unit + 2 * unit) / 2)


# --- chargers and outages ---


def points(*lows_and_highs: tuple[float, float]) -> list[dict[str, Any]]:  # Any: JSON
    return [
        {
            "at": f"2026-06-25T{index // 12:02}:{index % 12 * 5:02}:00Z",
            "low": low,
            "high": high,
            "mean": low,
            "count": 1,
        }
        for index, (low, high) in enumerate(lows_and_highs)
    ]


def test_a_counter_that_falls_ends_a_session_and_one_that_rests_lengthens_none(call: Call) -> None:
    counter = points((0, 0), (0, 400), (400, 900), (900, 900), (900, 900), (0, 300), (300, 700))
    power = points((0, 0), (0, 7000), (5000, 7400), (0, 0), (0, 0), (0, 3600), (3600, 3700))
    newest, oldest = call("chargers/sessions", "sessionsOf", counter, power, 300, True)
    minutes = (oldest["end_ms"] - oldest["start_ms"]) / 60_000
    assert (oldest["energy_wh"], oldest["peak_w"], minutes, oldest["isOpen"]) == (900, 7400, 10, False)
    assert (newest["energy_wh"], newest["peak_w"], newest["isOpen"]) == (700, 3700, True)


def test_a_plug_that_only_clicked_is_no_session(call: Call) -> None:
    assert call("chargers/sessions", "sessionsOf", points((0, 0), (0, 20), (0, 0)), [], 300, False) == []


def test_spells_are_told_newest_first_and_the_last_may_go_on(call: Call) -> None:
    away = points((1, 1), (0, 1), (0, 0), (1, 1), (0, 0))
    newest, oldest = call("chargers/outages", "outagesOf", away, 300)
    assert ((oldest["end_ms"] - oldest["start_ms"]) / 60_000, oldest["isOpen"]) == (10, False)
    assert newest["isOpen"]


@pytest.mark.parametrize(("power_w", "lasts_s"), [(1000, 14_400), (0, None)])
def test_a_battery_lasts_as_long_as_what_is_above_its_reserve(
    call: Call, power_w: float, lasts_s: float | None
) -> None:
    facts = {"soc_pct": 60, "reserve_pct": 20, "capacity_wh": 10_000, "power_w": power_w}
    assert call("chargers/outages", "lasts_s", facts) == lasts_s


# --- forms ---

SCHEMA = {
    "type": "object",
    "properties": {
        "port": {"type": "integer", "minimum": 1, "maximum": 65_535, "description": "Of the device."},
        "mode": {"$ref": "#/$defs/Mode"},
        "gap_s": {"anyOf": [{"type": "number"}, {"type": "null"}], "default": None},
        "force": {"type": "boolean", "default": False},
        "slots": {"type": "array"},
        "file": {"type": "string", "readOnly": True},
    },
    "required": ["port"],
    "$defs": {"Mode": {"enum": ["eco", "full"], "title": "Mode"}},
}


def test_a_schema_becomes_fields_that_one_can_fill_in(call: Call) -> None:
    fields = {field["name"]: field for field in call("tools/schema", "fieldsOf", SCHEMA)}
    kinds = {name: field["kind"] for name, field in fields.items()}
    assert kinds == {"port": "integer", "mode": "choice", "gap_s": "number", "force": "yes", "slots": "json"}
    assert fields["mode"]["options"] == ["eco", "full"]
    assert [name for name, field in fields.items() if field["isRequired"]] == ["port"]
    assert fields["port"]["about"] == "Of the device."


def test_what_is_typed_becomes_values_or_says_what_is_wrong(call: Call) -> None:
    fields = call("tools/schema", "fieldsOf", SCHEMA)
    typed = {"port": "80", "mode": "eco", "gap_s": "0.5", "force": "true", "slots": "[1, 2]"}
    said = call("tools/schema", "valuesOf", fields, typed)
    values = {"port": 80, "mode": "eco", "gap_s": 0.5, "force": True, "slots": [1, 2]}
    assert said == {"values": values, "troubles": {}}
    wrong = {"port": "65536", "mode": "none", "gap_s": "half", "slots": "[1"}
    assert set(call("tools/schema", "valuesOf", fields, wrong)["troubles"]) == set(wrong)
    assert call("tools/schema", "valuesOf", fields, {})["troubles"] == {"port": "Port is needed."}


# --- the site, before it is saved ---


def test_what_saving_would_change_is_said_in_words(call: Call) -> None:
    roof = {"name": "roof", "url": "hoymiles://192.0.2.7", "control": False, "settings": {}}
    car = {"name": "car", "url": "everest://192.0.2.8", "control": True, "settings": {}}
    site = {
        "name": "Home",
        "time_zone": "UTC",
        "currency": "EUR",
        "latitude_deg": None,
        "longitude_deg": None,
    }
    new = {**roof, "url": "hoymiles://192.0.2.9", "name": "barn"}
    words = call(
        "settings/draft",
        "changesOf",
        {**site, "devices": [roof, car]},
        {**site, "name": "Mill", "devices": [{**roof, "control": True}, new]},
    )
    assert words == [
        "The home’s name becomes Mill.",
        "roof may be controlled.",
        "barn joins the site, to be read only.",
        "car is no longer part of the site; its history stays.",
    ]


def test_blanks_of_an_address_are_filled_in_and_quoted(call: Call) -> None:
    url = "franklinwh://{account}@/{gateway}"
    assert call("settings/draft", "blanksOf", url) == ["account", "gateway"]
    half = call("settings/draft", "filled", url, {"account": "you@example.com"})
    assert half == "franklinwh://you%40example.com@/{gateway}"
    assert (
        call("settings/draft", "freeName", {"devices": [{"name": "roof"}, {"name": "roof-2"}]}, "roof")
        == "roof-3"
    )


# --- what is said of devices ---


def test_a_value_is_doubted_until_another_is_believed_in_its_place(call: Call) -> None:
    jumped = {"field": "charger.energy_wh", "value": "15331", "at": "2026-06-25T14:50:02.989Z"}
    held = {"type": "charger", "at": jumped["at"], "energy_wh": None}
    since = {"type": "charger", "at": "2026-06-25T14:50:12Z", "energy_wh": None}

    def doubted(*readings: dict[str, Any]) -> list[Any]:
        return list(call("devices/wording", "doubtedOf", {"readings": readings, "rejected": [jumped]}))

    assert doubted() == doubted(held) == doubted(since) == [jumped]
    assert doubted(held | {"energy_wh": 15314.0}) == [jumped]
    assert doubted(since | {"energy_wh": 15344.0}) == []
    assert doubted(since | {"type": "solar", "energy_wh": 15344.0}) == [jumped]


def test_a_raw_call_is_told_by_its_name(call: Call) -> None:
    said = {
        text: call("devices/abilities", "sayingCall", "console: inventory", text)
        for text in ("{}", '{"packet":5}')
    }
    assert said == {"{}": "Console: inventory", '{"packet":5}': 'Console: inventory {"packet":5}'}


# --- the way to a page ---


@pytest.mark.parametrize(
    ("hash_", "place"),
    [
        ("", ("", [])),
        ("#/energy/day/2026-06-25", ("energy", ["day", "2026-06-25"])),
        ("#/device/roof%2F1164a", ("device", ["roof/1164a"])),
        ("#/device/%", ("device", ["%"])),
    ],
)
def test_an_address_says_page_and_rest(call: Call, hash_: str, place: tuple[str, list[str]]) -> None:
    found = call("base/routing", "placeOf", hash_)
    assert (found["page"], found["rest"]) == place


def test_a_scrubber_moves_on_however_small_the_step(call: Call) -> None:
    moments = [{"at_s": at_s} for at_s in (0, 120, 240)]
    assert call("home/day_plot", "reached", moments, 2, 180) == 1
    assert call("home/day_plot", "reached", moments, 1, 121) == 2
    assert call("home/day_plot", "reached", moments, 0, -60) == 0
    assert call("home/day_plot", "reached", moments, 2, 999) == 2
