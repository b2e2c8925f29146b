from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"
VECTORS: dict[str, Any] = json.loads((DATA / "vectors.json").read_text())
"""Sanitised captures of a US and an AU system, and cases made up after them; each says which."""


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    return VECTORS


@pytest.fixture(scope="session")
def vector() -> Callable[[str, str], Any]:
    """A case of a group by its name."""

    def find(group: str, name: str) -> Any:
        return next(case for case in VECTORS[group] if case["name"] == name)

    return find
