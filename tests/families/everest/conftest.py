"""The interface as its makers describe it, and traffic of a reference server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def interface() -> dict[str, Any]:
    return json.loads((DATA / "rpcapi.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    return json.loads((DATA / "vectors.json").read_text(encoding="utf-8"))
