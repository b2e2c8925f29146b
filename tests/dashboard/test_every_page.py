"""Every page of a home with all five families, at the sizes of a phone and of a desk, in light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe import findings
from playwright.sync_api import Locator, Page, expect
from visiting import Visitor
from whole_home import WholeHome

pytestmark = pytest.mark.browser

HEADINGS = {
    "/": "Home",
    "/energy": "Energy",
    "/energy/year/2026-01-01": "Energy",
    "/devices": "Devices",
    "/device/battery%2FEA2302G000": "battery",
    "/chargers": "Charging",
    "/backup": "Backup",
    "/console": "Console",
    "/captures": "Captures",
    "/settings": "Settings",
    "/setup": "Set up this home",
    "/more": "More",
}
NOWHERE = "/nowhere"
DAY = "2026-06-25"
"""On which the home begins."""
IS_DRAWN = """() => {
  const canvas = document.querySelector(".plot.is-signal canvas");
  if (!canvas) return false;
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = "var(--accent)";
  const wanted = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
  probe.remove();
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] > 200 && wanted.every((value, index) => Math.abs(data[at + index] - value) < 12)) return true;
  return false;
}"""
"""Whether anything has the colour of the signal's line."""
HIDDEN = """() => [...document.querySelectorAll("main .scroll")]
  .filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.ariaLabel)"""
"""The tables that stand out of sight to the right."""
SMALLEST = """() => Math.min(...[...document.querySelectorAll(".bars text, .sankey text")].map((text) =>
  parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
"""Of the words in the pictures of energy, in CSS pixels."""
PHONES = (390, 320)
"""Widths, the narrowest last."""
VARIANTS = [("phone", "dark"), ("desktop", "light")]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeHome]:
    made = WholeHome(tmp_path_factory.mktemp("whole"))
    made.start()
    yield made
    made.stop()


def open_place(page: Page, whole: WholeHome, place: str) -> None:
    """Each from an empty page, so that nothing of the page before it is taken for this one."""
    page.goto("about:blank")
    page.goto(f"{whole.url}/#{place}")
    if place == NOWHERE:
        expect(page.locator("#content")).to_contain_text("There is no such page.")
    else:
        expect(page.get_by_role("heading", level=1)).to_contain_text(HEADINGS[place])
    expect(page.get_by_role("status").filter(has_text="…")).to_have_count(0)


@pytest.mark.parametrize(("size", "colours"), VARIANTS)
def test_every_page_fits_has_a_heading_and_no_serious_finding(
    whole: WholeHome, visitor: Visitor, size: str, colours: str
) -> None:
    page = visitor.visit(whole, size, colours)
    for place in (*HEADINGS, NOWHERE):
        open_place(page, whole, place)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{place} scrolls sideways"
        )
        said = [(one["id"], [node["html"] for node in one["nodes"]]) for one in findings(page)]
        assert said == [], place


def test_the_findings_would_be_found(whole: WholeHome, visitor: Visitor) -> None:
    page = visitor.visit(whole)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input type=text>')")
    assert {one["id"] for one in findings(page)} == {"label"}


def test_a_phone_reaches_every_page_with_the_thumb(whole: WholeHome, visitor: Visitor) -> None:
    page = visitor.visit(whole, "phone")
    navigation = page.get_by_role("navigation")
    for title in ("Energy", "Devices", "Charging"):
        navigation.get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        expect(page).to_have_title(f"{title} · Ohmstead")
    for title in ("Backup", "Console", "Captures", "Settings"):
        navigation.get_by_role("link", name="More").click()
        page.locator(".more-list").get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        expect(navigation.get_by_role("link", name="More")).to_have_attribute("aria-current", "page")


def test_a_device_has_its_family_by_name_and_every_field_can_be_found(
    whole: WholeHome, visitor: Visitor
) -> None:
    page = visitor.visit(whole, place="/device/battery%2FEA2302G000", awaited="h1")
    expect(page.locator(".page-head .about")).to_contain_text("GivEnergy")
    expect(page.locator(".fields tbody tr")).to_have_count(271)
    page.get_by_label("Find a field").fill("reserve soc")
    expect(page.locator(".fields tbody tr")).not_to_have_count(271)
    page.get_by_label("Find a field").fill("no such field")
    expect(page.get_by_text("No field is called “no such field”.")).to_be_visible()


def test_what_is_short_stands_on_one_line_on_a_phone(whole: WholeHome, visitor: Visitor) -> None:
    page = visitor.visit(whole, "phone", place="/devices", awaited="h1")
    page.locator("[data-device^=roof]", has_text="HMS").get_by_role("link", name="fields of").click()
    value = page.locator(".fields tr", has_text="software_version").first.locator(".number")
    expect(value).to_have_text("10008")
    lines = "cell => { const all = document.createRange(); all.selectNodeContents(cell); return all.getClientRects().length; }"
    assert value.evaluate(lines) == 1


def test_a_signal_of_one_day_is_seen_in_its_year(whole: WholeHome, visitor: Visitor) -> None:
    page = visitor.visit(whole, place="/energy/year/2026-01-01", awaited=".choose select")
    page.locator(".choose select").select_option(label="Battery charge level")
    expect(page.locator(".totals").last).to_contain_text("Lowest")
    page.wait_for_function(IS_DRAWN)


def visit_booked_day(whole: WholeHome, visitor: Visitor, size: str = "desktop") -> Page:
    """The first quarter-hour is booked when it is over; a page that waits for it asks again by itself."""
    page = visitor.visit(whole, size, place=f"/energy/day/{DAY}", awaited=".picker")
    page.wait_for_function("fetch('/api/v1/energy').then(r => r.json()).then(found => found.periods.length)")
    page.reload()
    return page


def expect_all_in_sight(page: Page, awaited: Locator) -> None:
    expect(awaited).to_be_visible()
    for width in PHONES:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(HIDDEN) == [], f"at {width} pixels"


def test_no_table_of_a_phone_hides_its_last_columns(whole: WholeHome, visitor: Visitor) -> None:
    page = visit_booked_day(whole, visitor, "phone")
    page.get_by_text("As a table").click()
    expect_all_in_sight(page, page.get_by_role("region", name="Energy by period").get_by_role("row").last)
    expect_all_in_sight(page, page.get_by_role("region", name="Energy by source and sink"))
    open_place(page, whole, "/chargers")
    expect_all_in_sight(page, page.get_by_role("region", name="Table of sessions").first)
    open_place(page, whole, "/device/battery%2FEA2302G000")
    expect_all_in_sight(page, page.get_by_role("region", name="All fields"))


@pytest.mark.parametrize(("size", "said", "heads"), [("phone", "Sum ", 0), ("desktop", "", 1)])
def test_a_number_says_its_column_where_no_head_stands_above_it(
    whole: WholeHome, visitor: Visitor, size: str, said: str, heads: int
) -> None:
    page = visit_booked_day(whole, visitor, size)
    table = page.get_by_role("region", name="Energy by source and sink").get_by_role("table")
    row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Grid"))
    expect(row.get_by_role("cell").last).to_have_accessible_name(re.compile(rf"^{said}[0-9.]+\sk?Wh$"))
    expect(table.get_by_role("columnheader", name="Sum")).to_have_count(heads)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_words_in_pictures_are_no_smaller_than_words_elsewhere(
    whole: WholeHome, visitor: Visitor, size: str
) -> None:
    page = visit_booked_day(whole, visitor, size)
    expect(page.locator(".sankey text").first).to_be_visible()
    assert page.evaluate(SMALLEST) >= 11


def test_energy_is_told_for_any_stretch_of_time(whole: WholeHome, visitor: Visitor) -> None:
    page = visit_booked_day(whole, visitor)
    expect(page.locator(".tiles .tile").first).to_contain_text("Wh")
    expect(page.locator(".bars .piece").first).to_be_attached()
    *rows, total = page.locator(".matrix :is(tbody, tfoot) .sum").all_inner_texts()  # in one moment
    assert sum(map(kwh, rows)) == pytest.approx(kwh(total), rel=0.01)  # three digits each
    page.get_by_role("button", name="Earlier").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Wednesday, 24 June 2026")
    expect(page.locator(".empty")).to_contain_text("Nothing is booked for Wednesday, 24 June 2026.")
    page.get_by_label("Go to").fill(DAY)
    expect(page.get_by_role("heading", level=2).first).to_have_text("Thursday, 25 June 2026")
    page.get_by_role("button", name="Year").click()
    expect(page).to_have_url(f"{whole.url}/#/energy/year/2026-01-01")
    expect(page.locator(".tiles .tile").first).to_contain_text("Wh")
    page.get_by_role("button", name="Range").click()
    page.get_by_label("From", exact=True).fill("2026-06-20")
    page.get_by_label("To", exact=True).fill(DAY)
    expect(page.get_by_role("heading", level=2).first).to_have_text("20 Jun – 25 Jun 2026")
    expect(page.locator(".matrix tfoot .sum")).to_contain_text("Wh")
    page.locator(".choose select").select_option(label="Battery charge level")
    expect(page.locator(".totals").last).to_contain_text("Lowest")


def test_a_date_can_be_typed_digit_by_digit(whole: WholeHome, visitor: Visitor) -> None:
    page = visitor.visit(whole, place="/energy/range/2026-06-20/2026-06-23", awaited=".picker")
    title = page.get_by_role("heading", level=2).first
    page.get_by_label("From", exact=True).focus()
    page.keyboard.type("06222026")
    expect(title).to_have_text("22 Jun – 23 Jun 2026")
    page.get_by_label("To", exact=True).focus()
    page.keyboard.type("12012025")  # the first digit makes it the 23rd of January
    page.get_by_role("button", name="Earlier").focus()
    expect(title).to_have_text("Monday, 1 December 2025")


def kwh(text: str) -> float:
    number, unit = text.split("\u00a0")
    return float(number) / (1000 if unit == "Wh" else 1)


def test_chargers_show_the_session_that_runs_and_those_before(whole: WholeHome, visitor: Visitor) -> None:
    page = visitor.visit(whole, "phone", place="/chargers", awaited="[data-device^=drive]")
    drive = page.locator("[data-device^=drive]")
    expect(drive.locator(".session")).to_contain_text("W")
    expect(drive.locator(".sessions tbody tr").first).to_contain_text("Wh")
    expect(page.locator("article")).to_have_count(3)


def test_backup_says_what_the_grid_the_batteries_and_the_generator_do(
    whole: WholeHome, visitor: Visitor
) -> None:
    page = visitor.visit(whole, place="/backup", awaited="[data-backup=grid]")
    expect(page.locator("[data-backup=grid]")).to_have_count(2)
    expect(page.locator("[data-backup=battery]").first).to_contain_text("in it")
    expect(page.locator("[data-backup=generator] .pill")).to_be_visible()
    expect(page.get_by_role("region", name="Outages seen by annex")).to_contain_text("Last 30 days")


def test_the_console_asks_a_device_what_only_its_family_can_say(whole: WholeHome, visitor: Visitor) -> None:
    page = visitor.visit(whole, place="/console", awaited=".console")
    devices = page.get_by_label("Device", exact=True)
    drive = devices.locator("option", has_text="drive").first
    devices.select_option(label=drive.inner_text())
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".answer")).to_contain_text("Answer")
    expect(page.locator(".answer pre")).to_contain_text("{")


def test_a_recording_is_started_decoded_stopped_downloaded_and_deleted(
    whole: WholeHome, visitor: Visitor
) -> None:
    page = visitor.visit(whole, place="/captures", awaited="form.start")
    page.get_by_label("Record", exact=True).select_option("drive")
    page.get_by_label("For", exact=True).select_option(label="1\u00a0h")
    page.get_by_role("button", name="Start recording").click()
    line = page.locator("[data-capture^=drive]")
    expect(line.locator(".pill")).to_contain_text("left")
    line.get_by_role("button", name="Decode").click()
    expect(line.locator(".frames tbody tr").first).to_be_visible()
    line.get_by_role("button", name="Stop").click()
    expect(line.get_by_role("button", name="Stop")).to_have_count(0)
    with page.expect_download() as download:
        line.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".jsonl")
    assert download.value.path().stat().st_size > 100
    line.get_by_role("button", name="Delete").click()
    expect(line).to_have_count(0)
