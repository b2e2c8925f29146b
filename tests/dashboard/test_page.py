"""The first page and its devices, as people see them. Nothing is read from a page but by `expect`, which waits for it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from live_home import LiveHome
from playwright.sync_api import Browser, Page, Request, WebSocketRoute, expect
from visiting import Visitor

pytestmark = pytest.mark.browser

MOST_FILES = 45
MOST_BYTES = 150_000
"""Compressed, as they come."""
LIGHT, DARK = "rgb(245, 243, 238)", "rgb(16, 20, 22)"
SIDES = """(box) => {
  const { left, right } = box.getBoundingClientRect();
  const { paddingLeft, paddingRight } = box.tagName === "MAIN" ? getComputedStyle(box) : { paddingLeft: "0", paddingRight: "0" };
  return [left + parseFloat(paddingLeft), right - parseFloat(paddingRight)];
}"""
"""Between which a box, or what is in the main part, stands."""
FAULTY = """
import { html } from "../../vendor/htm-preact.module.js";
const Part = ({ rest }) => {
  if (rest[0] === "bad") throw new Error("of a test");
  return html`<p>All is well.</p>`;
};
export const Devices = ({ rest }) => html`<h1>Devices</h1><${Part} rest=${rest} /><p>The end.</p>`;
"""
VARIANTS = [(size, colours) for size in ("phone", "desktop") for colours in ("light", "dark")]


def flows_of(house: LiveHome, page: Page) -> dict[str, float]:
    found: dict[str, float] = page.request.get(f"{house.url}/api/v1/state").json()["flows"]
    return found


def expect_watts(page: Page, wanted: Mapping[str, float]) -> None:
    """These roles and no other are drawn, each with its power."""
    for role, power_w in wanted.items():
        expect(page.locator(f"[data-role={role}]")).to_have_attribute("data-watts", f"{power_w:g}")
    expect(page.locator("[data-role]")).to_have_count(len(wanted))


def expect_no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


@pytest.mark.parametrize(("size", "colours"), VARIANTS)
def test_the_flow_says_what_the_api_says(
    house: LiveHome, visitor: Visitor, tmp_path: Path, size: str, colours: str
) -> None:
    house.start()
    page = visitor.visit(house, size, colours)
    expect(page.locator(".plot canvas")).to_be_visible()
    expect_watts(page, {"solar": 812.0, "grid": -395.0, "home": 417.0})
    flows = flows_of(house, page)
    assert {role: flows[f"{role}_w"] for role in ("solar", "grid", "home")} == {
        "solar": 812.0,
        "grid": -395.0,
        "home": 417.0,
    }
    expect(page.locator("[data-role=grid] .value")).to_have_text("395\u00a0W")
    expect(page.locator("[data-role=grid] .word")).to_have_text("exporting")
    expect(page.locator("[data-role=solar] .age")).to_contain_text("just now")
    expect(page.locator(".headline")).to_contain_text("395\u00a0W goes out to the grid")
    expect_no_sideways_scrolling(page)
    screenshot = tmp_path / f"{size}-{colours}.png"
    page.screenshot(path=screenshot, full_page=True)
    assert screenshot.stat().st_size > 20_000


def test_every_role_of_a_site_is_drawn_and_runs_the_way_the_power_goes(
    house: LiveHome, visitor: Visitor
) -> None:
    house.home.has_every_role = True
    house.home.grid_w = 6000.0
    house.start()
    page = visitor.visit(house)
    expect_watts(
        page,
        {
            "solar": 812.0,
            "grid": 6000.0,
            "home": 1292.0,
            "battery": -640.0,
            "generator": 0.0,
            "chargers": 3680.0,
            "v2l": 1200.0,
        },
    )
    for role in ("solar", "grid"):
        expect(page.locator(f"[data-flow={role}]:not(.is-outward)")).to_have_count(1)
    for role in ("home", "battery", "chargers", "v2l"):
        expect(page.locator(f"[data-flow={role}].is-outward")).to_have_count(1)
    expect(page.locator("[data-flow=generator]")).to_have_count(0)


def test_what_changes_is_drawn_without_asking(house: LiveHome, visitor: Visitor) -> None:
    house.start()
    page = visitor.visit(house)
    house.home.south_w = 1412.4
    expect(page.locator("[data-role=solar] .value")).to_have_text("1.61\u00a0kW")
    house.home.south_w = None
    expect(page.locator("[data-role=solar].is-unknown")).to_be_visible()
    expect(page.locator("[data-role=home].is-unknown .word")).to_have_text("not known")


def test_the_curve_holds_the_morning_and_goes_on_live(house: LiveHome, visitor: Visitor) -> None:
    house.start()
    page = visitor.visit(house)
    expect(page.locator(".totals div").nth(0)).to_contain_text("≈ 2.4")  # three hours of 812 W
    expect(page.locator(".plot")).to_have_attribute(
        "aria-label", "Power of solar, grid and home over the day. Most sun: 812\u00a0W at 11:00."
    )


def test_the_day_that_is_not_over_goes_on_in_its_curves(house: LiveHome, visitor: Visitor) -> None:
    house.speed = 60.0
    house.start()
    page = visitor.visit(house, place="/energy", awaited=".curve .plot")
    newest = page.locator("[aria-labelledby=day-title] .legend .at")
    drawn = newest.inner_text()
    expect(newest).not_to_have_text(drawn)


def test_devices_say_how_they_are_in_words(house: LiveHome, visitor: Visitor) -> None:
    house.sources = ("roof", "annex")
    house.start()
    page = visitor.visit(house)
    expect(page.locator("[data-role=home]")).to_contain_text("not known")
    expect(page.locator(".remark")).to_have_text(
        "What the home itself draws is not known until annex has answered."
    )
    expect(page.locator(".notice.is-bad")).to_contain_text(
        "annex: not reachable. annex does not answer on port 10081"
    )
    page.get_by_role("navigation").get_by_role("link", name="Devices").click()
    annex = page.locator("[data-device=annex]")
    expect(annex.locator("h2")).to_have_text("annex")
    expect(annex.locator(".pill")).to_have_text("Not reachable")
    expect(annex.locator(".reason")).to_contain_text("annex does not answer on port 10081")
    expect(annex.locator(".timing")).to_contain_text("no answer yet · next try in")
    south = page.locator("[data-device='roof/1164a00212345']")
    expect(south.locator(".pill")).to_have_text("Good")
    expect(south.locator(".timing")).to_contain_text("asked every 1\u00a0s")


def test_every_field_is_in_the_table_and_secrets_are_hidden(house: LiveHome, visitor: Visitor) -> None:
    house.start()
    page = visitor.visit(house, "phone", place="/devices")
    page.get_by_role("link", name="All 16 fields of").click()
    south = page.get_by_role("region", name="All fields of")
    rows = south.locator("tbody tr")
    expect(rows).to_have_count(16)
    expect(rows.nth(0)).to_contain_text("Port 1 voltageport_1.voltage34.2\u00a0V")
    expect(south.locator("tr", has_text="Wi-Fi key")).to_contain_text("hidden")
    expect(south.locator("tr", has_text="Link").locator(".is-doubtful")).to_have_text("stale")
    expect(south.locator("tr", has_text="Link")).to_contain_text("7\u00a0min ago")
    expect_no_sideways_scrolling(page)


@pytest.mark.parametrize(("size", "colours"), [("phone", "dark"), ("desktop", "light")])
def test_a_command_is_given_by_keyboard_alone_and_shows_its_receipt(
    house: LiveHome, visitor: Visitor, size: str, colours: str
) -> None:
    house.start()
    page = visitor.visit(house, size, colours, place="/devices")
    button = page.get_by_role("button", name="Limit production…")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Limit production")
    expect(dialog).to_contain_text("Allowed: 2 to 100 % in steps of 0.1.")
    expect(dialog).to_contain_text("flash memory, which wears out")
    expect(dialog.get_by_role("spinbutton")).to_be_focused()
    page.keyboard.type("1")
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_role("button", name="Review")).to_be_disabled()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("60.5")
    expect(dialog.get_by_role("button", name="Review")).to_be_enabled()
    page.keyboard.press("Enter")
    expect(dialog.locator(".wanted")).to_have_text("Limit production to 60.5 %?")
    expect(dialog.get_by_role("button", name="Send")).to_be_focused()
    assert house.home.limit_pct == 100.0
    page.keyboard.press("Enter")
    expect(dialog.locator("[data-outcome=confirmed]")).to_contain_text("Device says60.5\u00a0%")
    assert house.home.limit_pct == 60.5
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    page.get_by_role("link", name="Home").click()
    expect(page.locator(".ledger li").first).to_contain_text("Limit production to 60.5 % on South roof")


def test_escape_leaves_a_command_unsent(house: LiveHome, visitor: Visitor) -> None:
    house.start()
    page = visitor.visit(house, place="/devices")
    button = page.get_by_role("button", name="Limit production…")
    button.click()
    dialog = page.get_by_role("dialog", name="Limit production")
    expect(dialog.get_by_role("spinbutton")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()
    assert house.home.limit_pct == 100.0


def test_where_control_is_off_the_button_is_too_and_says_why(house: LiveHome, visitor: Visitor) -> None:
    house.control = False
    house.start()
    page = visitor.visit(house, place="/devices")
    button = page.get_by_role("button", name="Limit production…")
    expect(button).to_be_disabled()
    expect(button).to_have_accessible_description(
        "Control is off: nothing is ever written to this device. Its owner allows it with control = true for "
        "“roof” in the site file."
    )


def test_a_lost_connection_keeps_the_last_values_and_comes_back_by_itself(
    house: LiveHome, visitor: Visitor
) -> None:
    visitor.expects_errors = True
    house.start()
    page = visitor.visit(house)
    expect(page.locator("[data-connection=open]")).to_be_visible()
    house.stop()
    expect(page.locator(".banner")).to_contain_text("The connection to Ohmstead is lost.")
    expect(page.locator(".banner")).to_contain_text(re.compile(r"You see the last values, from 14:\d\d:\d\d"))
    expect(page.locator("[data-role=solar] .value")).to_have_text("812\u00a0W")
    for width in (1440, 1280, 800, 390):
        page.set_viewport_size({"width": width, "height": 800})
        sides = [page.locator(one).first.evaluate(SIDES) for one in (".banner", "main")]
        assert sides[0] == sides[1], width
    house.home.south_w = 412.0
    house.start()
    expect(page.locator("[data-connection=open]")).to_be_visible()
    expect(page.locator("[data-role=solar] .value")).to_have_text("612\u00a0W")
    expect(page.locator(".banner")).to_have_count(0)


def grown_old(message: str) -> str:
    """What the gateway says of a home whose devices have long been silent."""
    said = json.loads(message)
    for device in said.get("devices", ()):
        for reading in device["readings"]:
            reading["quality"] = "stale"
    if flows := said.get("flows"):
        said["flows"] = {name: None if name.endswith("_w") else value for name, value in flows.items()}
    return json.dumps(said)


def age(live: WebSocketRoute) -> None:
    gateway = live.connect_to_server()
    gateway.on_message(lambda message: live.send(grown_old(str(message))))


def test_what_was_last_known_is_nowhere_told_as_if_it_held_now(house: LiveHome, visitor: Visitor) -> None:
    house.home.has_every_role = True
    house.start()
    page = visitor.visit(house)
    expect(page.locator(".roll .figure")).to_have_text("63\u00a0%")
    page.route_web_socket("**/api/v1/live", age)
    page.reload()
    expect(page.locator("[data-role=grid].is-unknown .word")).to_have_text("last known")
    expect(page.locator(".headline")).to_have_text("What flows now is not known: not every meter answers.")
    expect(page.locator(".roll .figure")).to_have_text("")
    page.goto(f"{house.url}/#/chargers")
    expect(page.locator(".session:not(.is-drawing) b")).to_have_text(re.compile("^Last known, .*: charging$"))
    page.goto(f"{house.url}/#/backup")
    expect(page.locator(".page-head")).to_contain_text("Whether the grid is there is not known now.")
    expect(page.locator("[data-backup=grid] .pill.is-rest")).to_have_text("Connected")


def test_a_fault_stays_in_its_place_and_takes_what_was_drawn_with_it(
    house: LiveHome, visitor: Visitor
) -> None:
    visitor.expects_errors = True
    house.start()
    page = visitor.visit(house)
    page.route(
        "**/devices/devices.js",
        lambda route: route.fulfill(body=FAULTY, content_type="text/javascript"),
    )
    page.goto(f"{house.url}/#/devices")
    expect(page.get_by_text("All is well.")).to_be_visible()
    page.goto(f"{house.url}/#/devices/bad")
    expect(page.locator("main")).to_have_text(
        re.compile(r"^\s*This page has a fault: Error: of a test\s*Draw again\s*$")
    )
    page.goto(f"{house.url}/#/devices/good")
    expect(page.get_by_text("All is well.")).to_be_visible()
    page.goto(f"{house.url}/#/devices/bad")
    expect(page.get_by_role("alert")).to_contain_text("This page has a fault")
    page.goto(f"{house.url}/#/nowhere")
    expect(page.locator("main")).to_have_text("There is no such page. Go home.")


def test_a_device_named_like_markup_is_shown_as_text(house: LiveHome, visitor: Visitor) -> None:
    house.home.name = "<img src=x onerror=alert(1)>"
    house.start()
    page = visitor.visit(house, place="/devices")
    expect(page.locator("[data-device='roof/1164a00212345'] h2")).to_have_text("<img src=x onerror=alert(1)>")
    expect(page.locator("img")).to_have_count(0)


def test_who_wants_no_motion_gets_none(house: LiveHome, visitor: Visitor) -> None:
    house.start()
    page = visitor.visit(house, motion="reduce")
    for role in ("solar", "grid", "home"):
        expect(page.locator(f"[data-flow={role}]")).to_have_css("animation-name", "none")


def test_colours_can_be_chosen_and_are_remembered(house: LiveHome, visitor: Visitor) -> None:
    house.start()
    page = visitor.visit(house, colours="light")
    body, button = page.locator("body"), page.get_by_role("button", name="Colours:")
    expect(body).to_have_css("background-color", LIGHT)
    button.click()
    expect(button).to_have_text("☀")
    button.click()
    expect(button).to_have_text("☾")
    expect(body).to_have_css("background-color", DARK)
    page.reload()
    expect(button).to_have_text("☾")
    expect(body).to_have_css("background-color", DARK)


def test_the_page_can_be_walked_by_keyboard_and_the_focus_is_seen(house: LiveHome, visitor: Visitor) -> None:
    house.start()
    page = visitor.visit(house)
    expect(
        page.locator(".plot canvas")
    ).to_be_visible()  # the day has been fetched, and its scrubber is there
    entries = ("Home", "Energy", "Devices", "Charging", "Backup", "Console", "Captures", "Settings")
    focused = page.locator(":focus")
    for text in ("Skip to content", *entries, "◐"):
        page.keyboard.press("Tab")
        expect(focused).to_have_text(text)
        expect(focused).to_have_css("outline-style", "solid")
    page.keyboard.press("Tab")
    expect(page.get_by_role("slider", name="Moment of the day")).to_be_focused()
    expect(focused).to_have_css("outline-style", "solid")
    page.keyboard.press("Home")
    expect(page.locator(".legend .at")).to_have_text("11:00")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".legend .at")).to_have_text("11:02")


def test_skipping_to_the_content_stays_on_the_page(house: LiveHome, visitor: Visitor) -> None:
    house.start()
    page = visitor.visit(house, place="/devices")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    expect(page).to_have_url(f"{house.url}/#/devices")


def test_the_first_picture_takes_few_files_each_once_and_none_of_other_pages(
    house: LiveHome, browser: Browser
) -> None:
    """How long it takes is the machine's business, and for a benchmark to say."""
    house.start()
    fetched: list[Request] = []
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.on("requestfinished", lambda request: fetched.append(request))  # noqa: PLW0108 - it marks what it is given
        page.goto(house.url)
        expect(page.locator("[data-role=grid] .value")).to_have_text("395\u00a0W")
        files = [request for request in fetched if "/api/" not in request.url]
        received = sum(request.sizes()["responseBodySize"] for request in files)
    addresses = [request.url for request in files]
    assert len(set(addresses)) == len(addresses) <= MOST_FILES
    assert received <= MOST_BYTES
    assert not [url for url in addresses if re.search(r"/page/(energy|chargers|settings|tools)/", url)]
