from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.history import Store
from ohmstead.history.items import items_of
from ohmstead.model import DeviceId, Sample

HOUR_S = 3600.0
SETTLED = timedelta(hours=1, minutes=3)
Solar = Callable[..., Sample]


@pytest.fixture
def store(tmp_path: Path, noon: datetime) -> Iterator[Store]:
    opened = Store(tmp_path / "history.sqlite", noon)
    yield opened
    opened.close()


def sealed(store: Store, now: datetime) -> int:
    count = 0
    while store.seal_next(now):
        count += 1
    return count


def test_each_device_hour_that_is_over_is_sealed_once(store: Store, noon: datetime, solar: Solar) -> None:
    for device in ("roof/1", "roof/2"):
        store.append(items_of(solar(10, 500.0, device=device)), noon)
        store.append(items_of(solar(HOUR_S + 10, 600.0, device=device)), noon)
    assert sealed(store, noon + timedelta(minutes=59)) == 0
    assert sealed(store, noon + SETTLED) == 2
    assert sealed(store, noon + SETTLED) == 0
    assert sealed(store, noon + 2 * SETTLED) == 2


def test_a_late_sample_of_an_hour_that_was_sealed_is_found(
    store: Store, noon: datetime, solar: Solar
) -> None:
    store.append(items_of(solar(10, 500.0)), noon)
    assert sealed(store, noon + SETTLED) == 1
    store.append(items_of(solar(20, 700.0)), noon + SETTLED)
    assert sealed(store, noon + SETTLED) == 1
    whole = store.series(DeviceId("roof/1"), "solar.power_w", noon, noon + timedelta(hours=1), HOUR_S)
    assert [(point.mean, point.low, point.high) for point in whole.points] == [(600.0, 500.0, 700.0)]


def test_a_clock_that_was_set_back_seals_nothing_that_is_not_over(
    store: Store, noon: datetime, solar: Solar
) -> None:
    assert sealed(store, noon + SETTLED) == 0
    store.append(items_of(solar(HOUR_S + 10, 500.0)), noon)
    assert sealed(store, noon) == 0
    assert sealed(store, noon + 2 * SETTLED) == 1
