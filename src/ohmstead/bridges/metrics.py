"""The site in the text format of Prometheus. What is not known now is left out, so that its series ends there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from ohmstead.bridges.fields import FLOWS, Field, Kind, tag_of
from ohmstead.bridges.telling import Recalled, is_reached, told
from ohmstead.gateway import DeviceStatus, Gateway, State

PATH: Final = "/metrics"
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metric(msgspec.Struct, frozen=True):
    name: str
    help: str
    is_counter: bool = False


class Point(msgspec.Struct, frozen=True):
    metric: Metric
    labels: tuple[tuple[str, str], ...]
    value: float


class Metrics:
    """Made anew for everybody who asks."""

    content_type = CONTENT_TYPE

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._recalled = Recalled(gateway.devices())

    def body(self) -> bytes:
        return metrics(self._gateway.state(), self._recalled).encode()


UP: Final = Metric("ohmstead_device_up", "1 while the device is reached.")
LAST_GOOD: Final = Metric(
    "ohmstead_device_last_good_timestamp_seconds", "When the device last answered well."
)
REJECTED: Final = Metric("ohmstead_device_rejected_values", "Impossible values among the newest, kept aside.")
FLOW: Final = Metric(
    "ohmstead_flow_watts", "Power of the home by role; sources are positive when they feed it."
)


def metrics(state: State, recalled: Recalled) -> str:
    """The whole site. Lines of one metric stand together, as the format wants."""
    found: dict[Metric, list[str]] = {}
    for point in (
        *_flows(state),
        *(point for status in state.devices for point in _points(status, recalled)),
    ):
        found.setdefault(point.metric, []).append(_line(point))
    return "".join(line for metric, lines in found.items() for line in (*_head(metric), *lines))


def metric_of(field: Field) -> Metric:
    name, unit = field.name, field.unit
    if unit is not None:
        name = f"{name.rpartition('_')[0]}_{unit.metric}"
    is_counter = field.kind is Kind.TOTAL
    role = tag_of(field.role)
    return Metric(f"ohmstead_{role}_{name}{'_total' if is_counter else ''}", f"{field.title}.", is_counter)


def _flows(state: State) -> Iterator[Point]:
    for name in FLOWS:
        if (value := getattr(state.flows, name)) is not None:
            yield Point(FLOW, (("role", name.removesuffix("_w")),), value)


def _points(status: DeviceStatus, recalled: Recalled) -> Iterator[Point]:
    labels = (("device", status.id), ("family", status.family))
    yield Point(UP, labels, float(is_reached(status)))
    yield Point(REJECTED, labels, float(len(status.rejected)))
    if status.last_good_at is not None:
        yield Point(LAST_GOOD, labels, status.last_good_at.timestamp())
    for _, fields in told(status, recalled):
        for one in fields:
            if isinstance(one.value, str):
                yield Point(metric_of(one.field), (*labels, (one.field.name, one.value)), 1.0)
            elif one.value is not None:
                yield Point(metric_of(one.field), labels, float(one.value))


def _head(metric: Metric) -> Iterable[str]:
    kind = "counter" if metric.is_counter else "gauge"
    return f"# HELP {metric.name} {metric.help}\n", f"# TYPE {metric.name} {kind}\n"


def _line(point: Point) -> str:
    labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in point.labels)
    return f"{point.metric.name}{{{labels}}} {point.value!r}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
