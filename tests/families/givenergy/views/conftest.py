"""Registers by name, written through the tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.registers import TABLES
from ohmstead.families.givenergy.types import Bank

Fill = Callable[..., RegisterCache]


@pytest.fixture
def filled() -> Fill:
    """`filled("battery_lv", soc=50)`: a device's registers, zero but for the values given."""

    def fill(kind: str, **values: object) -> RegisterCache:
        cache = RegisterCache()
        table = TABLES[kind]
        for line in table.lines.values():
            cache.store(Bank(line.bank), line.address, (0,) * line.count)
        for name, value in values.items():
            line = table.field(name)
            before = cache.words(line.bank, line.address, line.count)
            cache.store(Bank(line.bank), line.address, line.encode(value, before))
        return cache

    return fill
