"""F46: a month of a home whose lines and devices fail at the rates seen in the field."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import linear_regression
from typing import Final

import msgspec
import pytest

from ohmstead.app.home import HOMES
from tests.site.judging import unserved
from tests.site.month import Month

ROOT: Final = Path(__file__).parents[2]
DAYS: Final = 30
LEAST_DAYS: Final = 3
WEEK_MIB: Final = 1.0
FILLED_DAYS: Final = 10
"""What simulated devices remember of the last week, and SQLite's page caches of 2 MiB, are full by then."""
YOUNG_MIB_A_DAY: Final = 1.0
"""So much these take until then."""
GRAIN_MIB: Final = 1.0
"""Python takes memory from the system in pieces of this size."""
DESCRIPTORS: Final = 4
"""Of one connection through a line: both its ends, here and there."""


def month_of(name: str, folder: Path, days: float) -> Month:
    with (folder / "log.txt").open("wb") as log:
        command = (sys.executable, "-W", "error", "-m", "tests.site.month", name, str(folder), str(days))
        lived = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, check=False)
    assert lived.returncode == 0, (folder / "log.txt").read_text()[-10_000:]
    return msgspec.json.decode(lived.stdout, type=Month)


def slope_mib(memory_mib: list[float]) -> float:
    """Of a week, by days."""
    return 7 * linear_regression(range(len(memory_mib)), memory_mib).slope


@pytest.mark.soak
@pytest.mark.parametrize("name", HOMES)
def test_f46_a_month_of_field_faults_loses_no_sample_and_grows_no_memory(
    name: str, tmp_path: Path, soak: float, record_property: Callable[[str, object], None]
) -> None:
    month = month_of(name, tmp_path, max(DAYS * soak, LEAST_DAYS))
    for told in ("memory_mib", "descriptors", "receipts", "moves", "told"):
        record_property(told, getattr(month, told))
    assert month.moves > 0
    assert month.not_found == []
    assert month.told > 0
    assert month.lost == []
    assert month.fallen == []
    assert month.unsafe == []
    spare = DESCRIPTORS * len(HOMES[name].devices)
    assert abs(month.descriptors[-1] - month.descriptors[0]) <= spare
    assert max(month.descriptors) <= month.descriptors[0] + 2 * spare
    young, full = month.memory_mib[1 : FILLED_DAYS + 1], month.memory_mib[FILLED_DAYS:]
    assert young[-1] - young[0] <= YOUNG_MIB_A_DAY * (len(young) - 1) + GRAIN_MIB
    if len(full) > 7:
        assert slope_mib(full) <= WEEK_MIB


def test_a_poll_that_is_neither_stored_nor_in_a_gap_is_lost() -> None:
    assert unserved(range(10), {}, [0, 1, 2, 4, 5, 6, 7, 8, 9]) == [3]
    assert unserved(range(10), {3}, [0, 1, 2, 4, 5, 6, 7, 8, 9]) == []
    # What was due in 3 was answered in 4, and so was what was due then.
    assert unserved(range(10), {}, [0, 1, 2, 4, 4, 5, 6, 7, 8, 9]) == []
    assert unserved(range(10), {}, [0, 1, 3, 3, 4, 5, 6, 8, 9]) == [7]
