"""The recipes of the manual run."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from ohmstead.families.franklinwh import Client, PasswordAuth
from ohmstead.testing import warped

PAGE = Path(__file__).parents[3] / "docs" / "franklinwh.md"
Recipe = Callable[[Client], Awaitable[Any]]


def recipes() -> dict[str, Recipe]:
    names: dict[str, Any] = {}
    for example in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        exec(example, names)  # noqa: S102 - our own page
    return {name: found for name, found in names.items() if callable(found)}


@warped
async def test_each_recipe_of_the_manual_does_what_it_says(cloud: Any) -> None:
    told = {}
    for name, recipe in recipes().items():
        async with cloud() as running:
            auth = PasswordAuth("user@example.com", "secret")
            async with Client(auth, running.stations[0].serial, base_url=running.url) as client:
                told[name] = await recipe(client)

    assert told["backup_for_a_day"] is True
    assert told["island"] == "SimulatedOffGrid"
    assert told["generator"][:2] == ("Standby / OFF", 20)
    assert told["shed"] is True
    assert [reason for reason, _ in told["vehicle"]] == ["off_grid"]
