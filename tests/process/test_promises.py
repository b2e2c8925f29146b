"""The judge of what a home kept would say so if it did not."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.history import Store
from ohmstead.history.items import Poll
from ohmstead.history.times import to_ms
from ohmstead.model import BatteryReading, DeviceId
from tests.process.promises import Samples, Setup

CELLAR = DeviceId("cellar/1")
NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)


def shown(seconds: int) -> dict[str, object]:
    at = NOON + timedelta(seconds=seconds)
    return {"id": CELLAR, "readings": [{"at": at.isoformat()}]}


def signal(seconds: int, samples: int) -> dict[str, object]:
    at = NOON + timedelta(seconds=seconds)
    return {"device": CELLAR, "signal": "battery.soc_pct", "samples": samples, "last_at": at.isoformat()}


def history(folder: Path, *seconds: int) -> Path:
    """With what was read then, complete a tenth of a second later."""
    folder.mkdir()
    path = folder / "history.sqlite"
    with closing(Store(path, NOON)) as store:
        for second in seconds:
            at = NOON + timedelta(seconds=second)
            reading = BatteryReading(device=CELLAR, at=at, soc_pct=50.0)
            store.append([Poll(to_ms(at + timedelta(seconds=0.1)), CELLAR, (reading,))], NOON)
    return path


def test_what_was_acknowledged_and_is_not_stored_is_missed(tmp_path: Path) -> None:
    samples = Samples()
    life = samples.life(to_ms(NOON))
    for second in (0, 1, 2):
        samples.acknowledge(life.show([shown(second)]), [signal(1, samples=second)])

    samples.require_all(history(tmp_path / "whole", 0, 1), ("cellar",))
    with pytest.raises(AssertionError):
        samples.require_all(history(tmp_path / "poorer", 0, 2), ("cellar",))


def test_what_was_shown_long_before_the_end_and_is_not_stored_is_missed(tmp_path: Path) -> None:
    samples = Samples()
    life = samples.life(to_ms(NOON))
    life.show([shown(second) for second in (0, 1, 3)])

    samples.require_all(history(tmp_path / "whole", 0), ("cellar",))
    with pytest.raises(AssertionError):
        samples.require_all(history(tmp_path / "poorer", 1), ("cellar",))


def test_samples_never_become_fewer() -> None:
    samples = Samples()
    samples.acknowledge(set(), [signal(1, samples=2)])
    with pytest.raises(AssertionError):
        samples.acknowledge(set(), [signal(1, samples=1)])


def test_a_setup_is_as_acknowledged_or_as_was_being_asked_for() -> None:
    setup = Setup()
    setup.acknowledge(("old site", "old note"))
    setup.ask_for(("new site", "new note"))
    setup.require(("new site", "old note"))
    with pytest.raises(AssertionError):
        setup.require(("old site", "old note"))
