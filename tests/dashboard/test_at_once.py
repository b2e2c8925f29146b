"""What is shown can be used: whoever is there in the same instant is not passed over."""

from __future__ import annotations

import pytest
from fresh_home import FreshHome
from live_home import LiveHome
from playwright.sync_api import Page, expect
from visiting import Visitor

pytestmark = pytest.mark.browser

AT_ONCE = """([selector, value]) => new MutationObserver((_, watch) => {
  const field = document.querySelector(selector);
  if (!field) return;
  watch.disconnect();
  setTimeout(() => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}).observe(document, { childList: true, subtree: true })"""
"""Types into a field as soon as anybody could, which is before the next frame is shown."""


def type_at_once(page: Page, selector: str, value: str, place: str) -> None:
    page.evaluate(AT_ONCE, [selector, value])
    page.evaluate("place => { location.hash = place; }", place)


def test_a_home_may_be_named_before_its_time_zone_is_guessed(fresh: FreshHome, visitor: Visitor) -> None:
    page = visitor.visit(fresh, place="/devices")
    type_at_once(page, ".wizard input[type=text]", "Mill house", "#/setup")
    for _ in range(2):
        page.get_by_role("button", name="Continue").click()
    expect(page.locator(".save-bar")).to_contain_text("The home’s name becomes Mill house.")


def test_the_day_may_be_scrubbed_before_its_curves_are_drawn(house: LiveHome, visitor: Visitor) -> None:
    house.start()
    page = visitor.visit(house, place="/devices")
    type_at_once(page, ".scrubber", "0", "#/")
    expect(page.locator(".legend .at")).to_have_text("11:00")
