from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ohmstead.kit.tokens import TokenStore


@pytest.fixture
def fixture(vectors: Mapping[str, Any]) -> Any:
    """The charge point of the recordings: 1 (32 A) and 3 (12 A) are AC with a sink, 2 is DC without one."""
    return vectors["fixture"]


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    return TokenStore(tmp_path / "tokens.json")
