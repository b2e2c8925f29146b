"""A home of which little or nothing is known says so, and draws nothing that it does not know."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fresh_home import FreshHome
from live_home import LiveHome
from playwright.sync_api import expect
from visiting import Visitor

pytestmark = pytest.mark.browser

Call = Callable[..., object]
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Once what has happened so far is on the screen."""
ROOM_ABOVE = """() => {
  const top = (found) => document.querySelector(found).getBoundingClientRect().top;
  return top("[data-role=grid]") - top(".flow svg");
}"""
"""In CSS pixels, over the grid in the picture of the flow."""


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_home_without_devices_shows_the_way_to_them_and_no_empty_pictures(
    fresh: FreshHome, visitor: Visitor, size: str
) -> None:
    page = visitor.visit(fresh, size, awaited=".welcome")
    expect(page.get_by_role("link", name="Set up this home")).to_be_visible()
    expect(page.locator(".flow, .curve")).to_have_count(0)
    for place in ("devices", "captures"):
        page.goto(f"{fresh.url}/#/{place}")
        expect(page.locator("main .card").first).to_have_text("No device is set up. Set up this home.")
    expect(page.get_by_role("button", name="Start recording")).to_have_count(0)


def test_of_a_device_that_never_answered_nothing_is_claimed(house: LiveHome, visitor: Visitor) -> None:
    house.sources = ("annex",)
    house.start()
    page = visitor.visit(house)
    for role in ("grid", "home"):
        expect(page.locator(f"[data-role={role}] .word")).to_have_text("not known")
    assert page.evaluate(ROOM_ABOVE) < 60, "a hole where no sun is"
    page.goto(f"{house.url}/#/device/annex")
    told = page.get_by_role("region", name="Commands and contract")
    expect(told).to_contain_text("Not known until it has answered.")
    expect(told).to_contain_text("Not reachable since 1 Jun, 14:0")


def test_a_power_that_is_not_known_has_no_age(house: LiveHome, visitor: Visitor) -> None:
    house.home.south_w = None
    house.start()
    page = visitor.visit(house)
    solar = page.locator("[data-role=solar]")
    expect(solar.locator(".word")).to_have_text("not known")
    expect(solar.locator(".age")).to_have_count(0)
    expect(page.locator("[data-role=grid] .age")).to_have_count(1)


def test_a_lost_connection_is_told_once_and_not_by_everything_that_still_stands(
    house: LiveHome, visitor: Visitor
) -> None:
    visitor.expects_errors = True
    house.home.has_every_role = True
    house.start()
    page = visitor.visit(house, place="/chargers", awaited=".sessions")
    expect(page.locator(".sessions")).to_contain_text("None.")
    with page.expect_event("requestfailed", lambda request: "/history" in request.url):
        house.stop()
    page.evaluate(DRAWN)
    expect(page.locator(".banner")).to_be_visible()
    expect(page.locator(".sessions .trouble")).to_have_count(0)
    expect(page.locator(".sessions")).to_contain_text("None.")
    page.get_by_role("link", name="Captures").click()
    expect(page.get_by_role("alert").last).to_contain_text("This page did not come. Ohmstead does not answer")


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (0, ". Nothing is known of them."),
        (9, "; 1\u00a0h of them are known"),
        (5 * 144, "; 5\u00a0d of them are known"),
        (30 * 144 - 3, ""),
    ],
)
def test_a_month_without_an_outage_says_how_much_of_it_is_known(call: Call, steps: int, words: str) -> None:
    assert call("chargers/spells", "knownOf", steps) == words
