"""Live data: inverters, their PV ports, meters. A device that is not linked sends only who it is; the rest is `None`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Final

import msgspec

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.decoders import decoder
from ohmstead.families.hoymiles.results.instants import instant


class SinglePhase(msgspec.Struct, frozen=True, gc=False):
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


class ThreePhase(msgspec.Struct, frozen=True, gc=False):
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


class Port(msgspec.Struct, frozen=True, gc=False):
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


class MeterPhases(msgspec.Struct, frozen=True, gc=False):
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


class RepeaterState(msgspec.Struct, frozen=True, gc=False):
    serial: str
    signal: int
    channel: int
    pv_port_count: int
    link_status: int


class RapidShutdown(msgspec.Struct, frozen=True, gc=False):
    serial: str
    format_version: int
    voltage_v: float
    power_w: float
    temperature_c: float
    warning_counter: int
    crc: int
    link_status: int


class Live(msgspec.Struct, frozen=True):
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
    dtu_power_w: float
    dtu_energy_today_wh: int
    """May fall when an inverter leaves the radio; totals are those of the ports."""
    packets: tuple[protos.live.RealDataNewFromDtu | protos.live_old.RealDataFromDtu, ...]
    """As they came."""
    is_cached: bool = False
    """Asked too soon: this is the read before, again, and `received_at` says how old it is."""

    @property
    def warning_counters(self) -> dict[str, int]:
        """How many alarms each inverter has ever raised: a change means new ones."""
        inverters: tuple[SinglePhase | ThreePhase, ...] = (*self.single_phase, *self.three_phase)
        return {i.serial: i.warning_counter for i in inverters if i.warning_counter is not None}

    @property
    def data_time(self) -> datetime | None:
        return instant(self.data_time_s)

    # Few DTUs have any of these two, and looking for them costs more than an inverter's field: so when asked for.

    @property
    def repeaters(self) -> tuple[RepeaterState, ...]:
        return tuple([_repeater(found) for packet in self._new_packets() for found in packet.repeaters])

    @property
    def rapid_shutdown(self) -> tuple[RapidShutdown, ...]:
        return tuple(
            [_rapid_shutdown(found) for packet in self._new_packets() for found in packet.rapid_shutdown]
        )

    def _new_packets(self) -> Iterator[protos.live.RealDataNewFromDtu]:
        return (found for found in self.packets if isinstance(found, protos.live.RealDataNewFromDtu))


_repeater: Final = decoder(lambda: protos.live.RepeaterData, RepeaterState)
_rapid_shutdown: Final = decoder(lambda: protos.live.RapidShutdownData, RapidShutdown)


def live(
    packets: tuple[protos.live.RealDataNewFromDtu, ...],
    received_at: datetime,
    *,
    is_stale: bool = False,
    expected_inverters: int = 0,
) -> Live:
    """The packets of one read, at least one, as one data set."""
    return _decoding()(packets, received_at, is_stale, expected_inverters)


def _without_measurements(port: Port) -> Port:
    """What its inverter still says of a port when the radio has lost it."""
    return Port(port.serial, port.port, energy_total_wh=port.energy_total_wh)


IN_THE_FIRST_PACKET: Final = ("dtu_serial", "dtu_power_w", "dtu_energy_today_wh")
"""What `Live` has from there by its own name; the rest is put together."""


@cache
def _decoding() -> Callable[[tuple[protos.live.RealDataNewFromDtu, ...], datetime, bool, int], Live]:
    """Live data is decoded for every inverter of every poll, so all of it is one function, made from the `.proto` files:
    half of the time went into calling one for each list and each entry. A slice is a list, and faster to walk;
    of the lists that most answers lack, not even that is made.
    """
    from ohmstead.families.hoymiles.facts import compiled  # noqa: PLC0415 - brings protobuf along

    known = (Live, SinglePhase, ThreePhase, Port, MeterPhases)
    names: dict[str, object] = {struct.__name__: struct for struct in known}
    found: Callable[[tuple[protos.live.RealDataNewFromDtu, ...], datetime, bool, int], Live] = compiled(
        _source(), "decode", {**names, "without_measurements": _without_measurements}
    )
    return found


def _source() -> str:
    from ohmstead.families.hoymiles.facts import construction, expression  # noqa: PLC0415 - as above

    read = {field.name for field in msgspec.structs.fields(Live)} - set(IN_THE_FIRST_PACKET)
    return f"""
def decode(packets, received_at, is_stale, expected_inverters):
    single, three, ports, away = [], [], [], []
    meters = ()
    for p in packets:
        for m in p.single_phase[:]:
            link_status = m.link_status
            if link_status:
                single.append({construction(protos.live.SinglePhaseData, SinglePhase, read=("link_status",))})
            else:
                found = SinglePhase({expression(protos.live.SinglePhaseData, "serial")}, link_quality=m.link_quality)
                single.append(found)
                away.append(found.serial)
        if listed := p.three_phase:
            for m in listed[:]:
                link_status = m.link_status
                if link_status:
                    three.append({construction(protos.live.ThreePhaseData, ThreePhase, read=("link_status",))})
                else:
                    found = ThreePhase({expression(protos.live.ThreePhaseData, "serial")}, link_quality=m.link_quality)
                    three.append(found)
                    away.append(found.serial)
        for m in p.ports[:]:
            ports.append({construction(protos.live.PortData, Port)})
        if listed := p.meters:
            meters += tuple([{construction(protos.live.MeterData, MeterPhases)} for m in listed])
    if away:
        unlinked = set(away)
        ports = [without_measurements(port) if port.serial in unlinked else port for port in ports]
    m = packets[0]
    data_time_s, is_cached, is_partial = m.time, False, len(single) + len(three) < expected_inverters
    single_phase, three_phase, ports = tuple(single), tuple(three), tuple(ports)
    return {construction(protos.live.RealDataNewFromDtu, Live, read=read)}
"""
