"""What axe finds wrong with a page for people who do not see it, or not well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = {"serious", "critical"}


def findings(page: Page) -> list[dict[str, Any]]:  # Any: axe's own JSON
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [one for one in found["violations"] if one["impact"] in SERIOUS]
