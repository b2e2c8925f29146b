"""How the vectors write values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum

import pytest

from ohmstead.families.givenergy.types import TimeSlot


@pytest.fixture
def shown() -> Callable[[object], object]:
    return show


def show(value: object) -> object:
    if isinstance(value, TimeSlot):
        return str(value)
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
