"""What the history lacks is seen: in the curves, under the pointer, by keyboard, and in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import findings
from gapped_home import SILENT, GappedHome
from playwright.sync_api import Locator, Page, expect
from visiting import Visitor

pytestmark = pytest.mark.browser

Call = Callable[..., Any]  # Any: JSON
ZONE = "Europe/Berlin"
DEVICE = "/device/roof%2F1164a00212345"
DAY = "/energy/day/2025-06-01"
WEEK = "/energy/week/2025-06-01"
VARIANTS = [("phone", "dark"), ("desktop", "light")]
COLOURS_AT = """(plot, [share, names]) => {
  const [canvas, over] = [plot.querySelector("canvas"), plot.querySelector(".u-over").getBoundingClientRect()];
  const left = over.left - canvas.getBoundingClientRect().left + share * over.width;
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const column = context.getImageData(Math.round(left * devicePixelRatio), 0, 1, canvas.height).data;
  const rgb = (name) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(--${name})`;
    const found = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
    probe.remove();
    return found;
  };
  const has = (wanted) => {
    for (let at = 0; at < column.length; at += 4)
      if (column[at + 3] > 200 && wanted.every((value, index) => Math.abs(column[at + index] - value) < 12)) return true;
    return false;
  };
  return names.filter((name) => has(rgb(name)));
}"""
"""Which of these colours are drawn at so much of a plot's width."""
CURVES = ["solar", "grid", "home"]


@pytest.fixture
def gapped(tmp_path: Path, scripted_family_is_installed: None) -> Iterator[GappedHome]:
    made = GappedHome(tmp_path)
    yield made
    made.stop()


def share_of(slider: Locator, seconds: float) -> float:
    first, last = (float(slider.get_attribute(name) or 0) for name in ("min", "max"))
    return (seconds - first) / (last - first)


def expect_drawn(page: Page, plot: str, curves: list[str], wanted: dict[float, list[str]]) -> None:
    """`wanted`: the curves to be seen at shares of the plot's width."""
    settled = f"([plot, shares, names, wanted]) => JSON.stringify(shares.map((share) => ({COLOURS_AT})(document.querySelector(plot), [share, names]))) === wanted"
    said = json.dumps(list(wanted.values()), separators=(",", ":"))
    page.wait_for_function(settled, arg=[plot, list(wanted), curves, said])


def expect_missing(page: Page, times: str) -> None:
    """In every list of the page; that of a single device tells of lapses too."""
    lists = page.get_by_role("group", name="What is missing")
    expect(lists.first).to_be_visible()
    for listed in lists.all():
        expect(listed.get_by_role("button")).to_have_text(times)
        expect(listed.get_by_role("listitem")).to_contain_text(f"38\u00a0minroof {SILENT}")
    lapse = page.get_by_text("Besides, one lapse too short to be drawn: 1\u00a0s in all.")
    expect(lapse).to_have_count(page.locator(".is-signal").count())


@pytest.mark.parametrize(("size", "colours"), VARIANTS)
def test_the_curves_end_where_something_is_missing_and_begin_again_after_it(
    gapped: GappedHome, visitor: Visitor, size: str, colours: str
) -> None:
    gapped.start()
    page = visitor.visit(gapped, size, colours)
    expect_missing(page, "12:03–12:41")
    slider = page.get_by_role("slider", name="Moment of the day")
    noon_s = 1_748_772_000  # at the site
    drawn = {-30: CURVES, 5: [], 22: [], 39: [], 70: CURVES}
    shares = {share_of(slider, noon_s + minute * 60): found for minute, found in drawn.items()}
    expect_drawn(page, ".plot", CURVES, shares)
    assert findings(page) == []


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("place", "times"), [(DEVICE, "12:03–12:41"), (DAY, "12:03–12:41"), (WEEK, "1 Jun, 12:03–12:41")]
)
def test_it_is_listed_under_the_curve_of_a_device_a_day_and_a_week(
    gapped: GappedHome, visitor: Visitor, variant: tuple[str, str], place: str, times: str
) -> None:
    gapped.start()
    page = visitor.visit(gapped, *variant, place=place, awaited=".is-signal canvas")
    expect(page.get_by_role("group", name="What is missing")).to_have_count(2 if place == DAY else 1)
    expect_missing(page, times)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    assert findings(page) == []


def test_the_line_of_a_signal_is_not_drawn_through_it(gapped: GappedHome, visitor: Visitor) -> None:
    gapped.start()
    page = visitor.visit(gapped, place=DEVICE, awaited=".is-signal canvas")
    expect_missing(page, "12:03–12:41")
    line = ["accent"]
    drawn = {-30: line, 6: [], 22: [], 38: [], 70: line}
    shares = {(12 * 60 + minute) / (24 * 60): found for minute, found in drawn.items()}
    expect_drawn(page, ".is-signal", line, shares)


@pytest.mark.parametrize("place", ["", DEVICE])
def test_the_reason_stands_under_the_pointer_and_beside_the_focus(
    gapped: GappedHome, visitor: Visitor, place: str
) -> None:
    gapped.start()
    page = visitor.visit(gapped, place=place, awaited=".plot canvas")
    why = page.locator(".why-here")
    page.get_by_role("button", name="12:03–12:41").focus()
    expect(why).to_contain_text(f"roof: {SILENT}")
    x = page.locator(".u-cursor-x").evaluate("line => line.getBoundingClientRect().left")
    page.get_by_role("button", name="12:03–12:41").blur()
    expect(why).to_have_count(0)
    over = page.locator(".u-over").bounding_box()
    assert over is not None
    page.mouse.move(x, over["y"] + over["height"] / 2)
    expect(why).to_contain_text(f"roof: {SILENT}")
    page.mouse.move(over["x"] + 3, over["y"] + over["height"] / 2)
    expect(why).to_have_count(0)


def test_what_is_no_longer_pointed_at_does_not_come_back_with_the_next_value(
    gapped: GappedHome, visitor: Visitor
) -> None:
    gapped.start()
    page = visitor.visit(gapped, awaited=".plot canvas")
    button = page.get_by_role("button", name="12:03–12:41")
    button.focus()
    expect(page.locator(".why-here")).to_have_count(1)
    button.blur()
    gapped.home.south_w = 1412.0
    expect(page.locator(".curve .legend")).to_contain_text("Solar 1.61\u00a0kW")
    gapped.home.south_w = 1612.0  # the one before was drawn, too, when this one is
    expect(page.locator(".curve .legend")).to_contain_text("Solar 1.81\u00a0kW")
    expect(page.locator(".why-here")).to_have_count(0)


def test_the_scrubber_says_it_aloud(gapped: GappedHome, visitor: Visitor) -> None:
    gapped.start()
    page = visitor.visit(gapped)
    expect_missing(page, "12:03–12:41")
    slider = page.get_by_role("slider", name="Moment of the day")
    slider.fill(str(1_748_772_000 + 20 * 60))
    expect(slider).to_have_attribute(
        "aria-valuetext", re.compile(rf"^12:\d\d: Solar —, Grid —, Home —, roof: {re.escape(SILENT)}$")
    )


def test_what_lasts_is_said_to_last_and_ends_on_the_page_by_itself(
    gapped: GappedHome, visitor: Visitor
) -> None:
    gapped.home.is_away = True
    gapped.home.interval_s = 60.0  # as the morning's was
    gapped.start()
    page = visitor.visit(gapped)
    times = page.get_by_role("group", name="What is missing").get_by_role("button")
    expect(times).to_have_text("Since 13:22")
    gapped.home.is_away = False
    expect(times).to_have_text(re.compile(r"^13:22–14:0\d$"))


# --- the modules ---


def gap(
    source: str, start: str, end: str, reason: str = "silent", **more: Any
) -> dict[str, Any]:  # Any: JSON
    day = "2026-06-25T"
    said = {"polls": 6, "lasts": False, "asleep": False, **more}
    return {
        "source": source,
        "start": f"{day}{start}:00Z",
        "end": f"{day}{end}:00Z",
        "reason": reason,
        **said,
    }


def test_gaps_that_follow_one_another_are_one_with_all_their_reasons(call: Call) -> None:
    spells = call(
        "base/gaps",
        "spellsOf",
        [
            gap("roof", "10:00", "10:06"),
            gap("well", "10:05", "10:11"),
            gap("roof", "10:06", "10:12", "refused"),
            gap("roof", "10:12", "10:18", "silent", lasts=True),
            gap("well", "10:14", "10:20"),
        ],
    )
    assert [(one["source"], one["reasons"], one["lasts"]) for one in spells] == [
        ("roof", ["silent", "refused"], True),
        ("well", ["silent"], False),
        ("well", ["silent"], False),
    ]
    assert (spells[0]["end_s"] - spells[0]["start_s"]) / 60 == 18


def test_only_a_few_reasons_are_told_at_once(call: Call) -> None:
    assert call("base/gaps", "reasonOf", {"reasons": ["a", "b"]}) == "a; b"
    assert call("base/gaps", "reasonOf", {"reasons": ["a", "b", "c", "d"]}) == "a; b; and 2 more"


def test_sources_that_were_not_heard_of_are_named_with_how_long_in_all(call: Call) -> None:
    gaps = [
        gap("well", "10:00", "10:20"),
        gap("annex", "09:00", "09:20"),
        gap("roof", "08:00", "09:00"),
        gap("roof", "11:00", "13:00"),
        gap("garage", "10:00", "10:10"),
        gap("shed", "00:00", "04:00", "no sun", asleep=True),
    ]
    words = "Nothing was heard of roof for {0}3 h; of well and annex for {0}20 min."
    for is_complete, at_least in ((True, ""), (False, "at least ")):
        said = call("energy/unheard", "unheard", {"gaps": gaps, "is_complete": is_complete})
        assert said.replace("\N{NARROW NO-BREAK SPACE}", " ").replace(
            "\N{NO-BREAK SPACE}", " "
        ) == words.format(at_least)
    assert call("energy/unheard", "unheard", {"gaps": gaps[4:], "is_complete": True}) == ""


@pytest.mark.parametrize(
    ("hours", "lasts", "is_dated", "words"),
    [
        (0.5, False, False, "14:00–14:30"),
        (0.5, False, True, "25 Jun, 14:00–14:30"),
        (12, False, False, "25 Jun, 14:00–26 Jun, 02:00"),
        (0.5, True, False, "since 14:00"),
    ],
)
def test_times_have_days_where_more_than_one_comes_into_question(
    call: Call, hours: float, lasts: bool, is_dated: bool, words: str
) -> None:
    start_s = 1_782_388_800  # 25 June 2026, 12:00 UTC
    spell = {"start_s": start_s, "end_s": start_s + hours * 3600, "lasts": lasts}
    assert call("base/gaps", "timesOf", spell, ZONE, is_dated) == words


def series(device: str, signal: str, **at: float) -> dict[str, Any]:  # Any: JSON
    points = [{"at": f"2026-06-25T10:{name[1:]}:00Z", "mean": value} for name, value in at.items()]
    return {"device": device, "signal": signal, "points": points}


def moments(
    call: Call, own: list[dict[str, Any]], gaps: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], dict[int, tuple[float, ...]]]:
    """The spells to draw, and solar, grid and home by minute."""
    spells = call("base/gaps", "spellsOf", [one for one in gaps if not one["asleep"]])
    missing = call("home/lacking", "missingOf", own, spells, 120)
    found = call("home/day", "momentsOf", own, 120, missing, [one for one in gaps if one["asleep"]])
    at_ten_s = 1_782_381_600
    by_minute = {(m["at_s"] - at_ten_s) / 60: (m["solar"], m["grid"], m["home"]) for m in found}
    return call("home/lacking", "marked", missing, found), by_minute


def test_nothing_is_bridged_over_what_is_missing(call: Call) -> None:
    own = [
        series("roof/1", "solar.power_w", m00=500, m06=500),
        series("meter/1", "grid.power_w", m00=-100, m02=-100, m04=-100, m06=-100),
    ]
    assert moments(call, own, [])[1][4] == (500, -100, 400)
    (spell,), by_minute = moments(call, own, [gap("roof", "10:01", "10:05")])
    assert spell["isPart"]
    assert by_minute == {
        0: (500, -100, 400),
        1: (None, -100, None),
        2: (None, -100, None),
        3: (None, -100, None),
        4: (None, -100, None),
        6: (500, -100, 400),
    }


def test_where_nobody_was_asked_no_straight_line_stands_for_it(call: Call) -> None:
    own = [
        series("roof/1", "solar.power_w", m00=500, m08=500),
        series("meter/1", "grid.power_w", m00=-100, m08=-100),
    ]
    gaps = [gap(source, "10:01", "10:09", "nobody asked") for source in ("roof", "meter")]
    spells, by_minute = moments(call, own, gaps)
    assert [one["isPart"] for one in spells] == [False, False]
    assert {one["end_s"] for one in spells} == {1_782_381_600 + 8 * 60}  # where the curves begin again
    assert by_minute[3] == (None, None, None)
    assert by_minute[8] == (500, -100, 400)


@pytest.mark.parametrize(("minutes", "polls", "is_drawn"), [(4, 2, False), (4, 3, True), (8, 1, True)])
def test_one_or_two_missed_polls_are_no_outage_unless_they_take_long(
    call: Call, minutes: int, polls: int, is_drawn: bool
) -> None:
    own = [series("roof/1", "solar.power_w", m00=500, m10=500)]
    spells, _ = moments(call, own, [gap("roof", "10:01", f"10:{1 + minutes:02}", polls=polls)])
    assert bool(spells) == is_drawn


def test_what_began_the_day_before_makes_the_day_no_longer(call: Call) -> None:
    day = {"start_s": 1000, "end_s": 2000}
    spells = [{"start_s": 10, "end_s": 1100}, {"start_s": 1900, "end_s": 9000}]
    assert call("home/lacking", "within", spells, day) == [
        {"start_s": 1000, "end_s": 1100},
        {"start_s": 1900, "end_s": 2000},
    ]


def test_a_poll_that_is_missed_between_two_points_breaks_no_curve(call: Call) -> None:
    own = [series("roof/1", "solar.power_w", m00=500, m02=500)]
    spells, by_minute = moments(call, own, [gap("roof", "10:01", "10:02")])
    assert spells == []
    assert list(by_minute) == [0, 2]


def test_panels_that_are_asleep_give_nothing_and_the_home_is_still_known(call: Call) -> None:
    own = [
        series("roof/1", "solar.power_w", m00=3),
        series("meter/1", "grid.power_w", m00=200, m20=300),
    ]
    spells, by_minute = moments(call, own, [gap("roof", "10:02", "10:40", "no sun", asleep=True)])
    assert spells == []
    assert by_minute[20] == (0, 300, 300)
