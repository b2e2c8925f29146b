"""Answers that are whole on the wire and wrong in what they say: a table from fault to what it does to the message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from google.protobuf.message import Message

from ohmstead.families.hoymiles.messages.app import DEV_INFO, HIST_POWER
from ohmstead.families.hoymiles.protos.command_pb2 import CommandFromDtu, CommandStatusFromDtu
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewFromDtu
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.faults import Faults
from ohmstead.families.hoymiles.simulator.profiles import REFUSED

UNKNOWN_FIELDS: Final = bytes.fromhex("c03e07ca3e03ff00fe")
"""Field 1000 as a number and 1001 as bytes, in no layout of anybody."""
NO_UTF8: Final = bytes.fromhex("42065a04fffe410d")
"""Once more the DTU of an inventory, with a Wi-Fi version that is no text."""
UNPACKED: Final = bytes.fromhex("680768ac02")
"""Two more values of a curve, not packed."""
OTHER_TRANSACTION: Final = 7
COUNTER_LIMIT: Final = 0xFFFF


def disturb(unit: object, request_id: int, faults: Faults) -> None:
    """Faults of the DTU itself, which its answers then show."""
    if not isinstance(unit, Dtu):
        return
    unit.datasets.is_frozen = faults.strike("frozen-data", request_id) is not None
    unit.datasets.is_long = faults.strike("long-answer", request_id) is not None
    if faults.strike("clock-unset", request_id):
        unit.clock.is_set = False
    if jump := faults.strike("clock-jump", request_id):
        unit.clock.error += timedelta(seconds=jump.seconds)
    if faults.strike("new-seed", request_id):
        unit.keys.draw()


def spoil(message: Message, request_id: int, faults: Faults) -> Message:
    """The answer to send: the same, or a copy that some fault went over."""
    for kind, fitting, doing in SPOILERS:
        if isinstance(message, fitting) and faults.strike(kind, request_id):
            spoilt = type(message)()
            spoilt.CopyFrom(message)
            doing(spoilt)
            message = spoilt
    return message


def strange(payload: bytes, answer_id: int) -> bytes:
    """Valid protobuf that says the same, in ways a reader must bear."""
    odd = {DEV_INFO.answer_id: NO_UTF8, HIST_POWER.answer_id: UNPACKED}
    return payload + odd.get(answer_id, b"") + UNKNOWN_FIELDS


Doing = Callable[[Any], None]  # Any: each takes its own message


def _packet_repeated(m: RealDataNewFromDtu) -> None:
    m.packet_index = max(0, m.packet_index - 1)


def _count_changes(m: RealDataNewFromDtu) -> None:
    if m.packet_index:
        m.packet_count += 1


def _time_changes(m: RealDataNewFromDtu) -> None:
    if m.packet_index:
        m.time += 30


def _count_255(m: RealDataNewFromDtu) -> None:
    m.packet_count = 255


def _zeros(m: RealDataNewFromDtu) -> None:
    for entry in (*m.single_phase, *m.three_phase, *m.ports, *m.meters):
        for field, _ in entry.ListFields():
            if field.name not in ("serial", "port", "link_status", "format_version", "device_type"):
                entry.ClearField(field.name)
    m.dtu_power = m.dtu_energy_today = 0


def _inverter_missing(m: RealDataNewFromDtu) -> None:
    gone = {entry.serial for entry in m.single_phase[:1]} | {entry.serial for entry in m.three_phase[:1]}
    _drop(m.single_phase, gone)
    _drop(m.three_phase, gone)
    _drop(m.ports, gone)


def _drop(entries: Any, gone: set[int]) -> None:  # Any: a repeated field of whatever has a serial
    kept = [entry for entry in entries if entry.serial not in gone]
    del entries[:]
    entries.extend(kept)


def _counter_falls(m: RealDataNewFromDtu) -> None:
    for single in m.single_phase:
        single.warning_counter = 0
    for three in m.three_phase:
        three.warning_counter = 0


def _counter_wraps(m: RealDataNewFromDtu) -> None:
    for single in m.single_phase:
        single.warning_counter = (COUNTER_LIMIT + single.warning_counter) & COUNTER_LIMIT
    for three in m.three_phase:
        three.warning_counter = (COUNTER_LIMIT + three.warning_counter) & COUNTER_LIMIT


def _extremes(m: RealDataNewFromDtu) -> None:
    for entry in m.single_phase:
        entry.temperature = -400
        entry.reactive_power = -12345
    for port in m.ports:
        port.energy_total = 2**31 - 1


def _bad_meter(m: RealDataNewFromDtu) -> None:
    """Voltage-like numbers where energies belong. Source: owners' reports of DTUs that share a meter."""
    for meter in m.meters:
        meter.export_total, meter.export_a, meter.import_total = 23170, 231, 5


def _refused(m: CommandFromDtu) -> None:
    m.error_code = REFUSED


def _stuck(m: CommandStatusFromDtu) -> None:
    del m.inverters_succeeded[:], m.inverters_failed[:]
    if not m.inverter_progress:
        m.inverter_progress.add(serial=1, progress=50)


def _partial(m: CommandStatusFromDtu) -> None:
    if m.inverters_succeeded:
        m.inverters_failed.append(m.inverters_succeeded.pop())


def _of_another(m: CommandStatusFromDtu) -> None:
    m.transaction_id = OTHER_TRANSACTION


def _unreported(m: CommandStatusFromDtu) -> None:
    del m.inverters_succeeded[:], m.inverters_failed[:], m.inverter_progress[:]


SPOILERS: Final[tuple[tuple[str, type[Message], Doing], ...]] = (
    ("packet-repeated", RealDataNewFromDtu, _packet_repeated),
    ("count-changes", RealDataNewFromDtu, _count_changes),
    ("time-changes", RealDataNewFromDtu, _time_changes),
    ("count-255", RealDataNewFromDtu, _count_255),
    ("zero-data", RealDataNewFromDtu, _zeros),
    ("inverter-missing", RealDataNewFromDtu, _inverter_missing),
    ("counter-falls", RealDataNewFromDtu, _counter_falls),
    ("counter-wraps", RealDataNewFromDtu, _counter_wraps),
    ("extremes", RealDataNewFromDtu, _extremes),
    ("bad-meter", RealDataNewFromDtu, _bad_meter),
    ("command-refused", CommandFromDtu, _refused),
    ("command-stuck", CommandStatusFromDtu, _stuck),
    ("command-partial", CommandStatusFromDtu, _partial),
    ("command-of-another", CommandStatusFromDtu, _of_another),
    ("command-unreported", CommandStatusFromDtu, _unreported),
)
"""In this order, where several stand."""
