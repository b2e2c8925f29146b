"""Who comes from elsewhere signs in with a token, and out again."""

from __future__ import annotations

import pytest
from live_home import NOON, LiveHome
from playwright.sync_api import expect
from visiting import Visitor

from ohmstead.kit.tokens import FILE_NAME, Scope, TokenStore

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_without_a_token_there_is_only_a_door(house: LiveHome, visitor: Visitor, size: str) -> None:
    visitor.expects_errors = True  # the browser logs the gateway's 401
    house.loopback_scopes = ()
    house.start()
    tokens = TokenStore(house.directory / FILE_NAME)
    token = tokens.create("phone", {Scope.READ}, now=NOON, expires_at=None)
    page = visitor.visit(house, size, awaited=".login")
    expect(page.get_by_label("Token")).to_be_focused()
    expect(page.locator("[data-role]")).to_have_count(0)
    page.keyboard.type("ohm_wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Token").fill(token)
    page.keyboard.press("Enter")
    expect(page.locator("[data-role=grid] .value")).to_have_text("395\u00a0W")
    assert token not in page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")

    page.goto(f"{house.url}/#/settings")
    expect(page.get_by_text("You may look, and not change")).to_be_visible()
    expect(page.get_by_label("Name").first).to_be_disabled()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Token")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Token")).to_be_visible()
