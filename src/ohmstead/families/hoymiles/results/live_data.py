"""Live data: inverters, their PV ports, meters. A device that is not linked sends only who it is; the rest is `None`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.hoymiles.facts import decoder
from ohmstead.families.hoymiles.protos.live_pb2 import (
    MeterData,
    PortData,
    RapidShutdownData,
    RealDataNewFromDtu,
    RepeaterData,
    SinglePhaseData,
    ThreePhaseData,
)
from ohmstead.families.hoymiles.results.instants import instant


class SinglePhase(msgspec.Struct, frozen=True):
    """One single-phase inverter on its AC side."""

    serial: str
    format_version: int | None = None
    voltage_v: float | None = None
    frequency_hz: float | None = None
    active_power_w: float | None = None
    reactive_power_var: float | None = None
    current_a: float | None = None
    power_factor: float | None = None
    temperature_c: float | None = None
    warning_counter: int | None = None
    crc: int | None = None
    link_status: int = 0
    power_limit_pct: float | None = None
    link_quality: int = 0

    @property
    def is_linked(self) -> bool:
        return self.link_status != 0


class ThreePhase(msgspec.Struct, frozen=True):
    """One three-phase inverter on its AC side."""

    serial: str
    format_version: int | None = None
    voltage_a_v: float | None = None
    voltage_b_v: float | None = None
    voltage_c_v: float | None = None
    voltage_ab_v: float | None = None
    voltage_bc_v: float | None = None
    voltage_ca_v: float | None = None
    frequency_hz: float | None = None
    active_power_w: float | None = None
    reactive_power_var: float | None = None
    current_a_a: float | None = None
    current_b_a: float | None = None
    current_c_a: float | None = None
    power_factor: float | None = None
    temperature_c: float | None = None
    warning_counter: int | None = None
    crc: int | None = None
    link_status: int = 0
    link_quality: int = 0

    @property
    def is_linked(self) -> bool:
        return self.link_status != 0


class Port(msgspec.Struct, frozen=True):
    """One PV input, on its DC side."""

    serial: str
    """Of the inverter."""
    port: int
    voltage_v: float | None = None
    current_a: float | None = None
    power_w: float | None = None
    energy_total_wh: int | None = None
    energy_today_wh: int | None = None
    status_code: int | None = None


class MeterPhases(msgspec.Struct, frozen=True):
    """A meter's values. Powers are positive while importing."""

    device_type: int
    serial: str
    power_total_w: int
    power_a_w: int
    power_b_w: int
    power_c_w: int
    power_factor_total: float
    export_total_wh: int
    export_a_wh: int
    export_b_wh: int
    export_c_wh: int
    import_total_wh: int
    import_a_wh: int
    import_b_wh: int
    import_c_wh: int
    fault: int
    voltage_a_v: float
    voltage_b_v: float
    voltage_c_v: float
    current_a_a: float
    current_b_a: float
    current_c_a: float
    power_factor_a: float
    power_factor_b: float
    power_factor_c: float

    @property
    def is_consistent(self) -> bool:
        """Totals equal the sums of their phases in every good sample; some DTUs of a group deliver garbage."""
        return (
            self.export_total_wh == self.export_a_wh + self.export_b_wh + self.export_c_wh
            and self.import_total_wh == self.import_a_wh + self.import_b_wh + self.import_c_wh
        )


class RepeaterState(msgspec.Struct, frozen=True):
    serial: str
    signal: int
    channel: int
    pv_port_count: int
    link_status: int


class RapidShutdown(msgspec.Struct, frozen=True):
    serial: str
    format_version: int
    voltage_v: float
    power_w: float
    temperature_c: float
    warning_counter: int
    crc: int
    link_status: int


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """One data set of a DTU, put together from all its packets."""

    dtu_serial: str
    received_at: datetime
    data_time_s: int
    """The device's stamp of the data set. Unchanged means the same data set, whatever its clock says."""
    is_stale: bool
    """The same data set as in the read before."""
    is_partial: bool
    """Fewer inverters than the inventory has."""
    single_phase: tuple[SinglePhase, ...]
    three_phase: tuple[ThreePhase, ...]
    ports: tuple[Port, ...]
    meters: tuple[MeterPhases, ...]
    repeaters: tuple[RepeaterState, ...]
    rapid_shutdown: tuple[RapidShutdown, ...]
    dtu_power_w: float
    dtu_energy_today_wh: int
    """May fall when an inverter leaves the radio; totals are those of the ports."""
    packets: tuple[RealDataNewFromDtu, ...]
    """As they came."""

    @property
    def data_time(self) -> datetime | None:
        return instant(self.data_time_s)


_linked_single_phase: Final = decoder(SinglePhaseData, SinglePhase)
_linked_three_phase: Final = decoder(ThreePhaseData, ThreePhase)
_linked_port: Final = decoder(PortData, Port)
_decode_meter: Final = decoder(MeterData, MeterPhases)
_decode_repeater: Final = decoder(RepeaterData, RepeaterState)
_decode_rapid_shutdown: Final = decoder(RapidShutdownData, RapidShutdown)


class _Identity(msgspec.Struct, frozen=True):
    serial: str
    link_quality: int


class _PortIdentity(msgspec.Struct, frozen=True):
    serial: str
    port: int
    energy_total_wh: int


_single_phase_identity: Final = decoder(SinglePhaseData, _Identity)
_three_phase_identity: Final = decoder(ThreePhaseData, _Identity)
_port_identity: Final = decoder(PortData, _PortIdentity)


class _Totals(msgspec.Struct, frozen=True):
    dtu_power_w: float
    dtu_energy_today_wh: int


_decode_totals: Final = decoder(RealDataNewFromDtu, _Totals)


def live(
    packets: tuple[RealDataNewFromDtu, ...],
    received_at: datetime,
    *,
    is_stale: bool = False,
    expected_inverters: int = 0,
) -> Live:
    """The packets of one read, at least one, as one data set."""
    first = packets[0]
    single = tuple([_single_phase(m) for p in packets for m in p.single_phase])
    three = tuple([_three_phase(m) for p in packets for m in p.three_phase])
    away = {i.serial for i in single if not i.link_status} | {i.serial for i in three if not i.link_status}
    totals = _decode_totals(first)
    return Live(
        dtu_serial=first.dtu_serial,
        received_at=received_at,
        data_time_s=first.time,
        is_stale=is_stale,
        is_partial=len(single) + len(three) < expected_inverters,
        single_phase=single,
        three_phase=three,
        ports=tuple([_port(m, away) for p in packets for m in p.ports]),
        meters=tuple([_decode_meter(m) for p in packets for m in p.meters]),
        repeaters=tuple([_decode_repeater(m) for p in packets for m in p.repeaters]),
        rapid_shutdown=tuple([_decode_rapid_shutdown(m) for p in packets for m in p.rapid_shutdown]),
        dtu_power_w=totals.dtu_power_w,
        dtu_energy_today_wh=totals.dtu_energy_today_wh,
        packets=packets,
    )


def _single_phase(message: SinglePhaseData) -> SinglePhase:
    if message.link_status:
        return _linked_single_phase(message)
    known = _single_phase_identity(message)
    return SinglePhase(known.serial, link_quality=known.link_quality)


def _three_phase(message: ThreePhaseData) -> ThreePhase:
    if message.link_status:
        return _linked_three_phase(message)
    known = _three_phase_identity(message)
    return ThreePhase(known.serial, link_quality=known.link_quality)


def _port(message: PortData, away: set[str]) -> Port:
    if not away:
        return _linked_port(message)
    known = _port_identity(message)
    if known.serial not in away:
        return _linked_port(message)
    return Port(known.serial, known.port, energy_total_wh=known.energy_total_wh)
