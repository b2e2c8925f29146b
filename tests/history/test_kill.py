"""Killed at any moment, the history keeps every sample it acknowledged, and serves again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.history.store import Store
from ohmstead.model import DeviceId

RECORDER = Path(__file__).with_name("recorder.py")
START = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 10
INTERVAL_S = 10
KILLS = int(float(os.environ.get("SOAK", "0")) * 100) or 10


def run_and_kill(path: Path, first: int, after_s: float) -> int:
    """The number of the next batch by what was acknowledged."""
    with subprocess.Popen(
        [sys.executable, RECORDER, path, str(first)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        line = process.stdout.readline()
        with suppress(subprocess.TimeoutExpired):
            process.wait(after_s)
        process.send_signal(signal.SIGKILL)
        lines = [line, *process.stdout]
    acknowledged = [int(text) for text in lines if text.endswith("\n")]
    return acknowledged[-1] + 1


def stored(path: Path, batches: int) -> list[float]:
    store = Store(path, START)
    end = START + timedelta(seconds=batches * BATCH * INTERVAL_S)
    series = store.series(DeviceId("cellar/b"), "battery.power_w", START, end, 0)
    store.close()
    return [point.mean for point in series.points]


@pytest.mark.process
def test_killed_at_any_moment_no_acknowledged_sample_is_lost_or_doubled(tmp_path: Path) -> None:
    path, batch, moments = tmp_path / "history.db", 0, random.Random(33)
    for _ in range(KILLS):
        batch = run_and_kill(path, batch, moments.uniform(0.0, 0.15))
        assert stored(path, batch) == [float(number) for number in range(batch * BATCH)]
    assert batch >= KILLS
