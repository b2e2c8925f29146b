"""What may be written to the generator's record, and how it is told afterwards whether it was.

An acknowledgement proves nothing: of every write only the fields that were sent are compared with a later read. There
is no order that starts or stops the engine that anybody has confirmed; only the vendor's app does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ohmstead.families.franklinwh.circuits.schedule import Times, checked_spans
from ohmstead.families.franklinwh.facts.codes import GeneratorMode
from ohmstead.families.franklinwh.generator.record import WINDOWS, Record, window_keys
from ohmstead.model import Unsupported

MODES: Final = (GeneratorMode.AUTO, GeneratorMode.MANUAL)

Body = dict[str, Any]
"""JSON of the vendor's: any value."""

UNPROVEN: Final[Mapping[str, tuple[str, int, int]]] = {
    "start_below_soc": ("genStartElec", 0, 100),
    "stop_above_soc": ("genCloseElec", 0, 100),
    "start_delay": ("startDelTime", 0, 86_400),
    "optimal_power": ("genOptiPPoint", 0, 100),
    "exercise_enabled": ("oilmanoEn", 0, 1),
    "exercise_every_days": ("manoFre", 1, 365),
    "exercise_minutes": ("manoTime", 1, 240),
}
"""Our name to the vendor's, and the range. Written by the app on the local network; over the cloud nobody has proved
that they are stored.
"""


def mode_body(gateway: str, mode: int) -> Body:
    """1 auto-schedule: starts by itself on outage or threshold. 2 manual. Anything else is a `ValueError`."""
    return _body(gateway, {"manuSw": checked_mode(mode)})


def operating_mode_body(gateway: str, mode: int) -> Body:
    """The same through the selector of the newer app."""
    return _body(gateway, {"mode": checked_mode(mode)})


def enabled_body(gateway: str, *, enable: bool) -> Body:
    return _body(gateway, {"genEn": int(enable)})


def smart_load_body(gateway: str, *, enable: bool) -> Body:
    """Let the generator's port feed a load instead."""
    return _body(gateway, {"genAsSmartLoadEnable": int(enable)})


def windows_body(gateway: str, windows: Times, *, confirm: bool) -> Body:
    """Up to three windows, `HH:MM` to `HH:MM`; the others are switched off. Replaces what was set, hence `confirm`."""
    if not confirm:
        raise ValueError(
            "this replaces all operating windows of the generator; say confirm=True if that is meant"
        )
    ordered = checked_spans(windows, len(WINDOWS))
    fields: Body = {}
    for number in WINDOWS:
        keys = window_keys(number)
        is_used = number <= len(ordered)
        fields[keys["enabled"]] = int(is_used)
        if is_used:
            fields[keys["start"]], fields[keys["end"]] = ordered[number - 1]
    return _body(gateway, fields)


def settings_body(gateway: str, present: Record, changes: Mapping[str, int], *, experimental: bool) -> Body:
    """Thresholds and the exercise run. Unproven over the cloud, hence `experimental`."""
    if not experimental:
        raise Unsupported(
            "thresholds and the exercise run are set in the vendor's app; whether the cloud stores them from elsewhere is "
            "not known. experimental=True tries"
        )
    fields = {}
    for name, value in changes.items():
        if name not in UNPROVEN:
            raise ValueError(f"{name!r} is none of {', '.join(UNPROVEN)}")
        key, low, high = UNPROVEN[name]
        if isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"{name} is {low} to {high}, not {value!r}")
        fields[key] = value
    _require_gap({**present, **fields})
    return _body(gateway, fields)


def checked_mode(mode: int) -> int:
    if isinstance(mode, bool) or mode not in MODES:
        raise ValueError(f"a generator's mode is 1 (auto-schedule) or 2 (manual), not {mode!r}")
    return mode


def shows_mode(record: Record, mode: int) -> bool:
    """Whether a record read afterwards shows the mode: some gateways keep it in `manuSw`, some in `mode`."""
    return mode in (record.get("manuSw"), record.get("mode"))


def differing(record: Record, body: Body) -> dict[str, Any]:
    """What was sent and the record does not show: name to what it shows instead."""
    sent = {key: value for key, value in body.items() if key not in ("gatewayId", "opt")}
    return {key: record.get(key) for key, value in sent.items() if record.get(key) != value}


def _require_gap(record: Record) -> None:
    start, stop = record.get("genStartElec"), record.get("genCloseElec")
    if isinstance(start, int) and isinstance(stop, int) and start >= stop:
        raise ValueError(
            f"the generator starts below {start} % and stops above {stop} %: it would never rest"
        )


def _body(gateway: str, fields: Mapping[str, Any]) -> Body:
    return {"gatewayId": gateway, **fields, "opt": 1}
