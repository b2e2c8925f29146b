"""Answers about what was: alarms, curves of power, energies of days, test results, grid profiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from ohmstead.families.hoymiles.identifiers import serial_number, serial_text
from ohmstead.families.hoymiles.protos.alarms_pb2 import AlarmsFromDtu, AlarmsToDtu
from ohmstead.families.hoymiles.protos.device_config_pb2 import (
    DevConfigFetchFromDtu,
    DevConfigFetchToDtu,
    DevConfigPutFromDtu,
    DevConfigPutToDtu,
)
from ohmstead.families.hoymiles.protos.history_pb2 import (
    HistEnergyDay,
    HistEnergyFromDtu,
    HistEnergyToDtu,
    HistPowerFromDtu,
    HistPowerToDtu,
)
from ohmstead.families.hoymiles.protos.self_test_pb2 import (
    GridSelfTestFromDtu,
    GridSelfTestResult,
    GridSelfTestToDtu,
    GridSelfTestValue,
)
from ohmstead.families.hoymiles.simulator import grid_profile
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.history import STEP_S, VALUES_PER_PACKET
from ohmstead.families.hoymiles.simulator.orders import Asked
from ohmstead.kit.wire import crc16_modbus

T = TypeVar("T")

ALARMS_PER_PACKET: Final = 20
RESULTS_PER_PACKET: Final = 5
WARN_DEVICE_INVERTER: Final = 1
UNSET_START: Final = 0xFFFFFFFF
"""Where a curve starts while the clock is not set. Source: captures of devices."""
REJECTED: Final = 1

# Field, code, threshold and time as set, as they tripped: 0.1 V or 0.01 Hz, and the time's own unit.
TESTED: Final = (
    ("high_voltage_1", 1, 2875, 10),
    ("low_voltage_1", 2, 1840, 300),
    ("high_voltage_2", 3, 3105, 10),
    ("low_voltage_2", 4, 1035, 30),
    ("high_frequency_1", 5, 5150, 10),
    ("low_frequency_1", 6, 4750, 10),
    ("high_frequency_2", 7, 5150, 10),
    ("low_frequency_2", 8, 4750, 10),
)


def alarms(dtu: Dtu, request: AlarmsToDtu, _: Asked) -> AlarmsFromDtu:
    """Nothing, until a command has had the list prepared."""
    answer = AlarmsFromDtu(dtu_serial=dtu.serial, time=dtu.clock.time_s(dtu.world.at))
    entries = [
        alarm
        for inverter in dtu.inverters
        if inverter.serial in dtu.prepared.alarms
        for alarm in inverter.alarms.shown(dtu.clock.alarm_time_s)
    ]
    if not entries:
        return answer
    shown, answer.packet_count = page(entries, request.packet_index, ALARMS_PER_PACKET)
    answer.packet_index = request.packet_index
    answer.warn_device = WARN_DEVICE_INVERTER
    answer.alarms.extend(shown)
    return answer


def hist_power(dtu: Dtu, request: HistPowerToDtu, _: Asked) -> HistPowerFromDtu:
    at = dtu.world.at
    answer = HistPowerFromDtu(
        serial=serial_number(dtu.serial),
        packet_count=1,
        packet_index=request.packet_index,
        utc_offset=dtu.utc_offset_s,
        time=dtu.clock.time_s(at),
        step=STEP_S,
        relative_power=round(10 * sum(i.power_w for i in dtu.inverters)),
        energy_total=round(sum(port.energy_total_wh for i in dtu.inverters for port in i.ports)),
        energy_today=round(sum(i.energy_today_wh for i in dtu.inverters)),
        warning_counter=sum(i.alarms.counter for i in dtu.inverters),
    )
    day = dtu.history.day(at, request.requested_day)
    values = [round(10 * power_w) for power_w in day.powers_w] if day is not None else []
    shown, answer.packet_count = page(values, request.packet_index, VALUES_PER_PACKET)
    answer.power_values.extend(shown)
    start_s = UNSET_START
    if dtu.clock.is_set and day is not None:
        start_s = dtu.clock.time_s(day.start)
        if shown:
            start_s += max(request.packet_index, 0) * VALUES_PER_PACKET * STEP_S
    answer.start_time = answer.long_term_start = answer.absolute_start = start_s
    return answer


def hist_energy(dtu: Dtu, _request: HistEnergyToDtu, _: Asked) -> HistEnergyFromDtu:
    return HistEnergyFromDtu(
        serial=serial_number(dtu.serial),
        utc_offset=dtu.utc_offset_s,
        time=dtu.clock.time_s(dtu.world.at),
        days=[
            HistEnergyDay(energy=round(day.energy_wh), time=max(0, dtu.clock.time_s(day.start)))
            for day in dtu.history.kept()
        ],
    )


def grid_self_test(dtu: Dtu, request: GridSelfTestToDtu, _: Asked) -> GridSelfTestFromDtu:
    """Of the inverters that a command has had tested."""
    tested = [i.serial for i in dtu.inverters if i.serial in dtu.prepared.self_tests]
    shown, count = page(tested, request.packet_index, RESULTS_PER_PACKET)
    return GridSelfTestFromDtu(
        dtu_serial=dtu.serial,
        time=dtu.clock.time_s(dtu.world.at),
        packet_count=count if tested else 0,
        packet_index=request.packet_index,
        results=[_result(serial) for serial in shown],
    )


def _result(serial: int) -> GridSelfTestResult:
    result = GridSelfTestResult(
        inverter_serial=serial,
        format_version=1,
        status=1,
        grid_profile_code=grid_profile.VERSION,
        grid_profile_version=grid_profile.STANDARD,
    )
    for field, code, value, time in TESTED:
        getattr(result, field).CopyFrom(
            GridSelfTestValue(
                code=code,
                default_value=value,
                default_time=time,
                result_value=value - 2,
                result_time=time - 1,
            )
        )
    return result


def dev_config_fetch(dtu: Dtu, request: DevConfigFetchToDtu, _: Asked) -> DevConfigFetchFromDtu:
    """The grid profile of one inverter; without data for a device or a rule there is not."""
    answer = DevConfigFetchFromDtu(
        time=dtu.clock.time_s(dtu.world.at),
        transaction_id=request.transaction_id,
        dtu_serial=dtu.serial,
        device_serial=request.device_serial,
        packet_count=1,
        rule_type=request.rule_type,
    )
    data = dtu.grid_profiles.get(_serial(request.device_serial))
    if data is not None and request.rule_type == grid_profile.RULE_GRID_PROFILE:
        answer.rule_id = 1
        answer.data = data
        answer.crc = crc16_modbus(data)
    return answer


def dev_config_put(dtu: Dtu, request: DevConfigPutToDtu, _: Asked) -> DevConfigPutFromDtu:
    """Kept when its checksum fits and the inverters are ours."""
    targets = list(request.inverter_serials) or [_serial(request.device_serial)]
    fits = (
        request.rule_type == grid_profile.RULE_GRID_PROFILE
        and request.crc == crc16_modbus(request.data)
        and all(serial in dtu.grid_profiles for serial in targets)
    )
    if fits:
        dtu.grid_profiles.update(dict.fromkeys(targets, request.data))
    return DevConfigPutFromDtu(
        time=dtu.clock.time_s(dtu.world.at),
        transaction_id=request.transaction_id,
        dtu_serial=dtu.serial,
        device_serial=request.device_serial or serial_text(targets[0]),
        status=0 if fits else REJECTED,
        packet_index=request.packet_index,
        inverter_serials=request.inverter_serials,
        rule_type=request.rule_type,
    )


def page(items: Sequence[T], packet_index: int, size: int) -> tuple[Sequence[T], int]:
    """The items of one packet, and how many packets there are: one at least."""
    start = max(packet_index, 0) * size
    return items[start : start + size], max(1, -(-len(items) // size))


def _serial(text: str) -> int:
    try:
        return serial_number(text)
    except ValueError:
        return 0
