"""Made by the first who asks, and the same for all others."""

from __future__ import annotations

from ohmstead.kit.shared import Shared


def test_who_asks_later_is_given_what_the_first_one_made() -> None:
    house = Shared()

    first = house.get("account", lambda: ["first"])

    assert house.get("account", lambda: ["second"]) is first
    assert house.get("another account", lambda: ["second"]) == ["second"]
    assert Shared().get("account", lambda: ["third"]) == ["third"]
