"""Values that were not believed are told as everything else is: by name, with unit, by the site's clocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from live_home import LiveHome
from playwright.sync_api import expect
from visiting import Visitor

pytestmark = pytest.mark.browser

Call = Callable[..., Any]  # Any: JSON
SOUTH = "/device/roof%2F1164a00212345"
AT_MS = 1_782_424_500_000
"""25 June 2026, 21:55 UTC: five minutes before the site's midnight."""


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_value_that_is_not_believed_has_a_name_a_unit_and_a_reason(
    house: LiveHome, visitor: Visitor, size: str
) -> None:
    house.home.south_w = 812_345.0
    house.start()
    page = visitor.visit(house, size, place=SOUTH, awaited="#rejected-title")
    (line,) = page.locator("section", has=page.locator("#rejected-title")).get_by_role("listitem").all()
    expect(line).to_contain_text("Solar power 812\u00a0kWOutside -1,000 to 100,000 W.")
    expect(line).to_contain_text(re.compile(r"\d times, 1 Jun, 14:\d\d"))
    page.get_by_role("link", name="Devices").first.click()
    newest = page.locator(".rejected")
    expect(newest).to_contain_text("Not believed: Solar power 812\u00a0kW, ")
    expect(newest).to_contain_text("Outside -1,000 to 100,000 W.")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("solar.energy_wh", "15331.0", "15.3\u00a0kWh"),
        ("battery.soc_pct", "100.5", "100.5\u00a0%"),
        ("battery.temperature_c", "-273.1", "−273.1\u00a0°C"),
        ("charger.phases", "7", "7"),
        ("solar.power_w", "nan", "nan"),
        ("solar.power_w", "'lots'", "'lots'"),
    ],
)
def test_a_value_keeps_its_unit_and_what_is_no_number_stands_as_it_came(
    call: Call, field: str, value: str, words: str
) -> None:
    assert call("devices/wording", "doubtedValue", {"field": field, "value": value}) == words


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("stuck at 812 W since 21:30 UTC: no counter", "stuck at 812 W since 23:30: no counter"),
        ("limited until 22:10:30 UTC", "limited until 00:10"),
        ("waits until 2026-12-24 23:30 UTC", "waits until 25 Dec, 00:30"),
        ("at 99:99 UTC and 2026-99-99 12:00 UTC", "at 99:99 UTC and 2026-99-99 12:00 UTC"),
        ("192.0.2.7 does not answer", "192.0.2.7 does not answer"),
    ],
)
def test_times_of_utc_are_told_by_the_clocks_of_the_site(call: Call, told: str, words: str) -> None:
    assert call("base/format", "inZone", told, "Europe/Berlin", AT_MS) == words
