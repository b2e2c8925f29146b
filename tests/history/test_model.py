"""The history against the plainest thing that could stand in its place: a dictionary in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead.history import Point, Series
from ohmstead.history.items import items_of
from ohmstead.history.store import Store
from ohmstead.model import BatteryReading, DeviceId, GridReading, Quality, Sample

START = datetime(2026, 10, 24, 20, tzinfo=UTC)
"""The night the clocks of Berlin go back."""
SPAN_S = 10 * 3600
BERLIN = ZoneInfo("Europe/Berlin")
DEVICES = (DeviceId("cellar/a"), DeviceId("cellar/b"))
SIGNALS = ("battery.power_w", "battery.soc_pct", "grid.power_w")

VALUES = st.one_of(
    st.none(),
    st.integers(-50_000, 50_000).map(lambda tenths: tenths / 10),
    st.floats(-1e6, 1e6),
)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    # often on a minute or an hour, where bounds are
    second = draw(st.one_of(st.integers(0, SPAN_S), st.integers(0, SPAN_S // 60).map(lambda m: m * 60)))
    at = START + timedelta(seconds=second, milliseconds=draw(st.sampled_from((0, 0, 1, 999))))
    device, quality = draw(st.sampled_from(DEVICES)), draw(st.sampled_from(Quality))
    battery = BatteryReading(
        device=device, at=at, power_w=draw(VALUES), soc_pct=draw(VALUES), quality=quality
    )
    grid = GridReading(device=device, at=at, power_w=draw(VALUES))
    return Sample(at=at, readings=draw(st.sampled_from(((battery,), (grid,), (battery, grid)))))


class Seal(msgspec.Struct, frozen=True):
    """Seal whatever is over at this time."""

    after_s: int


ACTIONS = st.lists(
    st.one_of(
        st.lists(samples(), max_size=8),
        st.integers(0, SPAN_S + 10_000).map(Seal),
    ),
    max_size=12,
)
BOUNDS = st.tuples(st.integers(0, SPAN_S), st.integers(0, SPAN_S)).map(sorted)
STEPS_S = st.sampled_from((7.5, 60, 90, 300, 900, 1800, 2700, 3600, 5400, 7200, 86400))


class Dictionary:
    def __init__(self) -> None:
        self._polls: dict[tuple[str, datetime], dict[str, tuple[float, Quality]]] = {}

    def record(self, sample: Sample) -> None:
        said: dict[str, dict[str, tuple[float, Quality]]] = {}
        for reading in sample.readings:
            poll = said.setdefault(reading.device, {})
            role = "battery" if isinstance(reading, BatteryReading) else "grid"
            for field in ("power_w", "soc_pct"):
                value = getattr(reading, field, None)
                if value is not None:
                    poll[f"{role}.{field}"] = (value, reading.quality)
        self._polls |= {(device, sample.at): poll for device, poll in said.items()}

    def raw(self, device: str, signal: str) -> list[tuple[datetime, float, Quality]]:
        found = [
            (at, *poll[signal])
            for (owner, at), poll in self._polls.items()
            if owner == device and signal in poll
        ]
        return sorted(found, key=lambda sample: sample[0])

    def between(self, device: str, signal: str, bounds: list[datetime]) -> list[Point]:
        points = []
        for start, end in pairwise(bounds):
            values = [
                value
                for at, value, quality in self.raw(device, signal)
                if start <= at < end and quality is not Quality.SUSPECT
            ]
            if values:
                mean = sum(values) / len(values)
                points.append(Point(start, mean, min(values), max(values), len(values)))
        return points


def assert_alike(series: Series, expected: list[Point]) -> None:
    assert [point.at for point in series.points] == [point.at for point in expected]
    for point, wanted in zip(series.points, expected, strict=True):
        assert (point.low, point.high, point.count) == (wanted.low, wanted.high, wanted.count)
        assert point.mean == pytest.approx(wanted.mean, rel=1e-9, abs=1e-6)


def play(store: Store, actions: Iterable[list[Sample] | Seal]) -> Dictionary:
    naive = Dictionary()
    for action in actions:
        if isinstance(action, Seal):
            while store.seal_next(START + timedelta(seconds=action.after_s)):
                pass
            continue
        store.append([item for sample in action for item in items_of(sample)], START)
        for sample in action:
            naive.record(sample)
    return naive


@pytest.mark.long
@settings(max_examples=120, deadline=None)
@given(ACTIONS, BOUNDS, STEPS_S)
def test_answers_equal_a_dictionary_whatever_is_sealed_when(
    actions: list[list[Sample] | Seal], bounds: list[int], step_s: float
) -> None:
    start, end = (START + timedelta(seconds=bound) for bound in bounds)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "history.db", START)
        naive = play(store, actions)
        try:
            for device, signal in product(DEVICES, SIGNALS):
                check_raw(store.series(device, signal, start, end, 0), naive, start, end)
                check_steps(store.series(device, signal, start, end, step_s), naive, start, end)
                check_days(store, naive, device, signal)
            check_catalogue(store, naive)
        finally:
            store.close()


def check_raw(series: Series, naive: Dictionary, start: datetime, end: datetime) -> None:
    wanted = [sample for sample in naive.raw(series.device, series.signal) if start <= sample[0] < end]
    assert [(point.at, point.mean, point.quality) for point in series.points] == wanted


def check_steps(series: Series, naive: Dictionary, start: datetime, end: datetime) -> None:
    step = timedelta(seconds=series.step_s or 0)
    edges = [start + step * n for n in range(-((start - end) // step))]
    assert_alike(series, naive.between(series.device, series.signal, [*edges, end]))


def check_days(store: Store, naive: Dictionary, device: DeviceId, signal: str) -> None:
    first = datetime(2026, 10, 24, tzinfo=BERLIN)
    midnights = [first.replace(day=day).astimezone(UTC) for day in (24, 25, 26)]
    series = store.days(device, signal, first.date(), first.replace(day=25).date(), BERLIN)
    assert_alike(series, naive.between(device, signal, midnights))


def check_catalogue(store: Store, naive: Dictionary) -> None:
    counted = {(signal.device, signal.name): signal.samples for signal in store.signals()}
    wanted = {(device, signal): len(naive.raw(device, signal)) for device in DEVICES for signal in SIGNALS}
    assert counted == {name: samples for name, samples in wanted.items() if samples}


def test_the_day_the_clocks_go_back_has_twenty_five_hours(tmp_path: Path) -> None:
    store = Store(tmp_path / "history.db", START)
    first = datetime(2026, 10, 24, tzinfo=UTC)
    for hour in range(72):
        at = first + timedelta(hours=hour)
        reading = GridReading(device=DEVICES[0], at=at, power_w=1.0)
        store.append(items_of(Sample(at=at, readings=(reading,))), at)
    while store.seal_next(first + timedelta(hours=80)):
        pass
    series = store.days(
        DEVICES[0], "grid.power_w", first.date(), datetime(2026, 10, 26, tzinfo=UTC).date(), BERLIN
    )
    store.close()
    assert [(point.at.hour, point.count) for point in series.points] == [(22, 22), (22, 25), (23, 24)]
