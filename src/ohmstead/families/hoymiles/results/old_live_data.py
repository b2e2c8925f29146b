"""Live data in the old layout: one entry per PV port, with its inverter's AC side repeated in each."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.decoders import decoder
from ohmstead.families.hoymiles.results.live_data import Live, MeterPhases, Port, SinglePhase


class _Entry(msgspec.Struct, frozen=True):
    serial: str
    port: int
    pv_voltage_v: float
    pv_current_a: float
    pv_power_w: float
    energy_total_wh: int
    grid_voltage_v: float
    grid_frequency_hz: float
    grid_power_w: float
    grid_reactive_power_var: float
    grid_current_a: float
    grid_power_factor: float
    temperature_c: float
    fault_number: int
    warning_count: int
    link_status: int
    energy_today_wh: int
    link_quality: int


class _Meter(msgspec.Struct, frozen=True):
    serial: str
    power_total_w: int
    power_a_w: int
    power_b_w: int
    power_c_w: int
    power_factor: float
    export_total_wh: int
    export_a_wh: int
    export_b_wh: int
    export_c_wh: int
    import_total_wh: int
    import_a_wh: int
    import_b_wh: int
    import_c_wh: int
    fault: int


_decode_entry: Final = decoder(lambda: protos.live_old.OldPortData, _Entry)
_decode_meter: Final = decoder(lambda: protos.live_old.OldMeterData, _Meter)


def old_live(
    packets: tuple[protos.live_old.RealDataFromDtu, ...],
    received_at: datetime,
    *,
    is_stale: bool = False,
    expected_inverters: int = 0,
) -> Live:
    """The packets of one read, at least one, as the data set newer firmware would have sent."""
    entries = [_decode_entry(entry) for packet in packets for entry in packet.ports]
    inverters = {entry.serial: _inverter(entry) for entry in reversed(entries)}
    return Live(
        dtu_serial=packets[0].dtu_serial,
        received_at=received_at,
        data_time_s=packets[0].time,
        is_stale=is_stale,
        is_partial=len(inverters) < expected_inverters,
        single_phase=tuple(reversed(inverters.values())),
        three_phase=(),
        ports=tuple(_port(entry) for entry in entries),
        meters=tuple(_meter(_decode_meter(meter)) for packet in packets for meter in packet.meters),
        dtu_power_w=sum(inverter.active_power_w or 0.0 for inverter in inverters.values()),
        dtu_energy_today_wh=sum(entry.energy_today_wh for entry in entries),
        packets=packets,
    )


def _inverter(entry: _Entry) -> SinglePhase:
    if not entry.link_status:
        return SinglePhase(entry.serial, link_quality=entry.link_quality)
    return SinglePhase(
        entry.serial,
        format_version=1,
        voltage_v=entry.grid_voltage_v,
        frequency_hz=entry.grid_frequency_hz,
        active_power_w=entry.grid_power_w,
        reactive_power_var=entry.grid_reactive_power_var,
        current_a=entry.grid_current_a,
        power_factor=entry.grid_power_factor,
        temperature_c=entry.temperature_c,
        warning_counter=entry.warning_count,
        link_status=entry.link_status,
        link_quality=entry.link_quality,
    )


def _port(entry: _Entry) -> Port:
    if not entry.link_status:
        return Port(entry.serial, entry.port, energy_total_wh=entry.energy_total_wh)
    return Port(
        entry.serial,
        entry.port,
        voltage_v=entry.pv_voltage_v,
        current_a=entry.pv_current_a,
        power_w=entry.pv_power_w,
        energy_total_wh=entry.energy_total_wh,
        energy_today_wh=entry.energy_today_wh,
        status_code=entry.fault_number,
    )


def _meter(found: _Meter) -> MeterPhases:
    return MeterPhases(
        device_type=0,
        serial=found.serial,
        power_total_w=found.power_total_w,
        power_a_w=found.power_a_w,
        power_b_w=found.power_b_w,
        power_c_w=found.power_c_w,
        power_factor_total=found.power_factor,
        export_total_wh=found.export_total_wh,
        export_a_wh=found.export_a_wh,
        export_b_wh=found.export_b_wh,
        export_c_wh=found.export_c_wh,
        import_total_wh=found.import_total_wh,
        import_a_wh=found.import_a_wh,
        import_b_wh=found.import_b_wh,
        import_c_wh=found.import_c_wh,
        fault=found.fault,
        voltage_a_v=0.0,
        voltage_b_v=0.0,
        voltage_c_v=0.0,
        current_a_a=0.0,
        current_b_a=0.0,
        current_c_a=0.0,
        power_factor_a=0.0,
        power_factor_b=0.0,
        power_factor_c=0.0,
    )
