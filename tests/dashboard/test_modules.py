"""The page's pure modules, run where they run: in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from live_home import LiveHome
from visiting import Visitor

pytestmark = pytest.mark.browser

Call = Callable[..., Any]  # Any: JSON
LUMINANCE = """(names) => {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  return names.map((name) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(--${name})`;
    context.fillStyle = getComputedStyle(probe).color;
    context.fillRect(0, 0, 1, 1);
    probe.remove();
    const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  });
}"""


def test_numbers_are_written_for_people(call: Call) -> None:
    watts = {
        0: "0 W",
        0.4: "0 W",
        -0.4: "0 W",
        999.4: "999 W",
        999.6: "1.00 kW",
        -1708: "−1.71 kW",
        12_345: "12.3 kW",
    }
    assert {w: call("base/format", "watts", w).replace("\u00a0", " ") for w in watts} == watts
    assert call("base/format", "watts", None) == "—"
    energies = {
        0: "0 Wh",
        999.6: "1.00 kWh",
        841_201: "841 kWh",
        999_700: "1.00 MWh",
        1_284_513: "1.28 MWh",
        -640: "−640 Wh",
    }
    assert {e: call("base/format", "energy", e).replace("\u00a0", " ") for e in energies} == energies
    amounts = {"EUR": "€0.33", "USD": "$0.33", "GBP": "£0.33", "AUD": "$0.33"}
    assert {name: call("base/format", "money", 0.33, name) for name in amounts} == amounts
    ages = {0.5: "just now", 34: "34 s ago", 125: "2 min ago", 7300: "2 h ago", 200_000: "2 d ago"}
    assert {a: call("base/format", "ago", a).replace("\u00a0", " ") for a in ages} == ages


def test_an_instant_that_a_device_tells_is_shown_by_the_clocks_of_the_site(call: Call) -> None:
    told = {
        "2026-06-25T07:00:33.114654+00:00": "25 Jun 2026, 09:00:33",
        "2026-06-25T23:00:00Z": "26 Jun 2026, 01:00:00",
        "2026-06-25T07:00:33": "2026-06-25T07:00:33",
        "25.34.1": "25.34.1",
    }
    assert {text: call("base/format", "said", text, "Europe/Berlin") for text in told} == told


def test_a_part_goes_by_the_name_of_its_source_and_its_own(call: Call) -> None:
    pack = {"id": "battery/DF2244G000", "source": "battery", "name": "battery battery 32", "model": "battery"}
    roof = {"id": "roof/1412", "source": "roof", "name": "roof", "model": "HMS-800W"}
    annex = {**roof, "name": "Garage roof"}
    assert [call("devices/wording", "titleOfDevice", one) for one in (pack, roof, annex)] == [
        "battery · battery 32",
        "roof · HMS-800W",
        "Garage roof",
    ]


@pytest.mark.parametrize(
    ("ability", "value", "unit", "words"),
    [
        ("limits_solar", 42.5, "%", "Limit production to 42.5 %"),
        ("restarts", 1, "restart", "Restart the device"),
        ("switches", 0, "on", "Switch off"),
        ("warms_water", 55, "°C", "Warms water: 55 °C"),
    ],
)
def test_a_command_is_said_as_one_would_say_it(
    call: Call, ability: str, value: float, unit: str, words: str
) -> None:
    assert call("devices/abilities", "saying", ability, value, unit) == words


def test_particles_are_faster_and_thicker_the_more_power_there_is(call: Call) -> None:
    paces = [call("home/flow", "pace", power_w) for power_w in (10, 100, 1000, -10_000, 1e9)]
    assert [(pace["--period"], pace["stroke-width"]) for pace in paces] == [
        ("3.0s", "3.0px"),
        ("2.4s", "4.2px"),
        ("1.8s", "5.4px"),
        ("1.2s", "6.6px"),
        ("0.6s", "7.8px"),
    ]


def series(device: str, signal: str, **points: float) -> dict[str, Any]:  # Any: JSON
    return {
        "device": device,
        "signal": signal,
        "unit": "W",
        "points": [{"at": f"2025-06-01T12:{at[1:]}:00Z", "mean": mean} for at, mean in points.items()],
    }


def test_the_home_is_what_remains_of_all_devices_together(call: Call) -> None:
    found = call(
        "home/day",
        "momentsOf",
        [
            series("a/1", "solar.power_w", m00=500, m02=600),
            series("a/2", "solar.power_w", m00=100, m02=100),
            series("m/1", "grid.power_w", m00=-200, m02=-700.5),
        ],
        120,
    )
    assert [(m["solar"], m["grid"], m["home"]) for m in found] == [(600, -200, 400), (700, -700.5, 0)]


def test_a_silent_device_leaves_a_gap_and_never_a_zero(call: Call) -> None:
    found = call(
        "home/day",
        "momentsOf",
        [
            series("a/1", "solar.power_w", m00=500, m02=500, m30=500),
            series("a/2", "solar.power_w", m00=100),
        ],
        120,
    )
    assert [(m["solar"], m["grid"], m["home"]) for m in found] == [
        (600, None, None),
        (600, None, None),
        (None, None, None),
    ]


def test_one_meter_counts_where_several_see_the_same_edge(call: Call) -> None:
    masters = {"grid": ["street"], "chargers": ["wall"]}
    signals = [
        ("street/1", "grid.power_w"),
        ("roof/2", "grid.power_w"),
        ("roof/2", "solar.power_w"),
        ("wall/1", "charger.power_w"),
        ("car/1", "charger.power_w"),
        ("street/1", "grid.voltage_v"),
    ]
    found = [
        call("home/day", "counts", {"device": device, "signal": signal}, masters)
        for device, signal in signals
    ]
    assert found == [True, False, True, True, False, False]


def test_live_moments_replace_each_other_until_a_step_is_full(call: Call) -> None:
    moments = [{"at_s": at_s, "solar": 1, "grid": 1, "home": 1} for at_s in (0, 120)]
    for at_s in (125, 130, 160, 165):
        moments = call("home/day", "appended", moments, {"at_s": at_s, "solar": 2, "grid": 2, "home": 2}, 30)
    assert [moment["at_s"] for moment in moments] == [0, 120, 160, 165]


@pytest.mark.parametrize(
    ("first_h", "last_h", "drawn_h"),
    [(0.1, 9.0, (0, 24)), (7.05, 7.1, (7, 10)), (7.05, 10.1, (7, 11)), (22.5, 22.6, (22, 24))],
)
def test_the_first_day_is_drawn_from_where_it_begins(
    call: Call, first_h: float, last_h: float, drawn_h: tuple[float, float]
) -> None:
    moments = [{"at_s": at_h * 3600, "solar": 1, "grid": 1, "home": 1} for at_h in (first_h, last_h)]
    found = call("home/day", "hoursOf", {"moments": moments, "start_s": 0, "end_s": 86_400})
    assert tuple(at_s / 3600 for at_s in found) == drawn_h


def test_energy_is_not_made_up_for_a_gap(call: Call) -> None:
    moments = [{"at_s": at_s, "solar": 1000, "grid": -400, "home": 600} for at_s in (0, 600, 7200, 7800)]
    found = call("home/day", "energies", moments, 900)
    assert {name: round(value, 3) for name, value in found.items()} == {
        "solar_wh": 333.333,
        "imported_wh": 0,
        "exported_wh": 133.333,
        "home_wh": 200,
    }


def test_devices_that_open_take_the_place_of_their_source(call: Call) -> None:
    before = [{"id": "roof", "source": "roof"}, {"id": "car/1", "source": "car", "health": "good"}]
    after = call(
        "base/store", "merged", before, [{"id": "roof/1", "source": "roof"}, {"id": "car/1", "source": "car"}]
    )
    assert after == [{"id": "car/1", "source": "car"}, {"id": "roof/1", "source": "roof"}]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_text_and_lines_stand_out_as_the_guidelines_ask(
    house: LiveHome, visitor: Visitor, colours: str
) -> None:
    house.start()
    page = visitor.visit(house, colours=colours)
    grounds = ("page", "card", "sunken")
    texts = ("ink", "muted", "accent")
    tones = ("good", "wait", "bad")
    roles = ("solar", "grid", "home", "battery", "generator", "chargers", "v2l")
    names = (*grounds, *texts, *tones, *roles, "on-accent")
    light = dict(zip(names, page.evaluate(LUMINANCE, list(names)), strict=True))

    def contrast(one: str, other: str) -> float:
        high, low = sorted((light[one], light[other]), reverse=True)
        return (high + 0.05) / (low + 0.05)

    weak = [(t, g) for t in texts for g in grounds if contrast(t, g) < 4.5]
    weak += [(tone, "card") for tone in tones if contrast(tone, "card") < 4.5]
    weak += [(role, "card") for role in roles if contrast(role, "card") < 3]
    assert weak == []
    assert contrast("on-accent", "accent") >= 4.5
