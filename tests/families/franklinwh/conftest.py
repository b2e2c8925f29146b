from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def vectors() -> Any:
    """Recorded and made-up payloads with what they mean; the provenance stands beside each."""
    return json.loads((DATA / "vectors.json").read_text(encoding="utf-8"))
