"""Turns the state of the hardware into wire entries, single-phase, three-phase and in the older form."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from ohmstead.families.hoymiles.facts import encoder
from ohmstead.families.hoymiles.protos.live_old_pb2 import OldMeterData, OldPortData, RealDataFromDtu
from ohmstead.families.hoymiles.protos.live_pb2 import (
    MeterData,
    PortData,
    SinglePhaseData,
    ThreePhaseData,
)
from ohmstead.families.hoymiles.simulator.datasets import DataSet
from ohmstead.families.hoymiles.simulator.inverter import MicroInverter, power_factor_at
from ohmstead.families.hoymiles.simulator.meter import GridMeter
from ohmstead.families.hoymiles.simulator.profiles import LimitReadBack, Profile
from ohmstead.kit.world import Bus

PORT_STATUS: Final = 0x03000000
"""In normal operation. Source: captures of devices."""
FINGERPRINT: Final = 28864
"""The same on different units with the same configuration. Source: captures of devices."""
LINK_QUALITY_LOW: Final = 0x001F
ROOT_OF_3: Final = 3**0.5
RUNNING: Final = 3
"""Source: owners' reports."""
OLD_ENTRIES_PER_PACKET: Final = 8
"""The older entries are longer; so many stay below a kilobyte."""

write_single_phase: Final = encoder(SinglePhaseData)
write_three_phase: Final = encoder(ThreePhaseData)
write_port: Final = encoder(PortData)


class Measuring:
    def __init__(
        self,
        profile: Profile,
        inverters: tuple[MicroInverter, ...],
        meter: GridMeter | None,
        random: Random,
    ) -> None:
        self._profile = profile
        self._inverters = inverters
        self._meter = meter
        self._random = random
        self._counts = {inverter.serial: random.randrange(0x100) for inverter in inverters}

    def listen_to(self, inverters: tuple[MicroInverter, ...]) -> None:
        self._inverters = inverters
        for inverter in inverters:
            self._counts.setdefault(inverter.serial, self._random.randrange(0x100))

    def take(self, time_s: int, bus: Bus) -> DataSet:
        return DataSet(
            time_s=time_s,
            meters=(self._meter.entry(bus),) if self._meter is not None else (),
            single_phase=tuple(self._single_phase(i, bus) for i in self._inverters if i.model.phases == 1),
            three_phase=tuple(self._three_phase(i, bus) for i in self._inverters if i.model.phases > 1),
            ports=tuple(port for inverter in self._inverters for port in self._ports(inverter)),
            # Falls as inverters leave the radio, as the real one's does.
            energy_today_wh=round(sum(i.energy_today_wh for i in self._inverters if self._hears(i))),
        )

    def _hears(self, inverter: MicroInverter) -> bool:
        return self._profile.is_built_in or inverter.is_awake

    def _quality(self, inverter: MicroInverter) -> int:
        """The upper byte counts data sets; the rest stays small. One out of reach keeps its last."""
        if self._hears(inverter):
            self._counts[inverter.serial] = (self._counts[inverter.serial] + 1) % 0x100
        return self._counts[inverter.serial] << 16 | LINK_QUALITY_LOW

    def _single_phase(self, inverter: MicroInverter, bus: Bus) -> SinglePhaseData:
        quality = self._quality(inverter)
        if not self._hears(inverter):
            return SinglePhaseData(serial=inverter.serial, link_quality=quality)
        voltage_v = bus.voltage_v + inverter.voltage_rise_v if bus.energised else 0.0
        power_factor = power_factor_at(inverter.load) if inverter.power_w else 0.0
        entry = SinglePhaseData(
            serial=inverter.serial,
            format_version=1,
            warning_counter=inverter.alarms.counter,
            crc=FINGERPRINT,
            link_status=1,
            link_quality=quality,
        )
        write_single_phase(
            entry,
            voltage_v=voltage_v,
            frequency_hz=bus.frequency_hz if bus.energised else 0.0,
            active_power_w=inverter.power_w,
            reactive_power_var=self._random.gauss(0.0, 0.5) if inverter.power_w else 0.0,
            current_a=inverter.power_w / (voltage_v * power_factor) if power_factor and voltage_v else 0.0,
            power_factor=power_factor,
            temperature_c=inverter.temperature_c,
            power_limit_pct=(
                inverter.limit_pct if self._profile.limit_read_back is not LimitReadBack.NOWHERE else 0.0
            ),
        )
        return entry

    def _three_phase(self, inverter: MicroInverter, bus: Bus) -> ThreePhaseData:
        """A third of the power on each phase."""
        quality = self._quality(inverter)
        if not self._hears(inverter):
            return ThreePhaseData(serial=inverter.serial, link_quality=quality)
        voltage_v = bus.voltage_v + inverter.voltage_rise_v if bus.energised else 0.0
        power_factor = power_factor_at(inverter.load) if inverter.power_w else 0.0
        drawn = power_factor and voltage_v
        current_a = inverter.power_w / 3 / (voltage_v * power_factor) if drawn else 0.0
        entry = ThreePhaseData(
            serial=inverter.serial,
            format_version=1,
            warning_counter=inverter.alarms.counter,
            crc=FINGERPRINT,
            link_status=1,
            link_quality=quality,
        )
        write_three_phase(
            entry,
            **dict.fromkeys(("voltage_a_v", "voltage_b_v", "voltage_c_v"), voltage_v),
            **dict.fromkeys(("voltage_ab_v", "voltage_bc_v", "voltage_ca_v"), voltage_v * ROOT_OF_3),
            **dict.fromkeys(("current_a_a", "current_b_a", "current_c_a"), current_a),
            frequency_hz=bus.frequency_hz if bus.energised else 0.0,
            active_power_w=inverter.power_w,
            reactive_power_var=self._random.gauss(0.0, 0.5) if inverter.power_w else 0.0,
            power_factor=power_factor,
            temperature_c=inverter.temperature_c,
        )
        return entry

    def _ports(self, inverter: MicroInverter) -> Iterator[PortData]:
        for number, port in enumerate(inverter.ports, start=1):
            entry = PortData(serial=inverter.serial, port=number)
            if self._hears(inverter):
                entry.status_code = PORT_STATUS
                write_port(
                    entry,
                    voltage_v=port.state.voltage_v,
                    current_a=port.state.current_a,
                    power_w=port.state.power_w,
                    energy_today_wh=port.energy_today_wh,
                )
            write_port(entry, energy_total_wh=port.energy_total_wh)
            yield entry


def old_packet(data: DataSet, index: int, dtu_serial: str, signal_dbm: int) -> RealDataFromDtu:
    """A packet of the older form: one entry a port, with its inverter's AC side in each."""
    count = max(1, -(-len(data.ports) // OLD_ENTRIES_PER_PACKET))
    start = index * OLD_ENTRIES_PER_PACKET
    answer = RealDataFromDtu(
        dtu_serial=dtu_serial,
        time=data.time_s,
        device_count=len(data.single_phase) + len(data.three_phase),
        pv_port_count=len(data.ports),
        packet_count=count,
        packet_index=index,
        signal=signal_dbm,
        format_version=1,
    )
    sides = {side.serial: side for side in data.single_phase}
    for port in data.ports[start : start + OLD_ENTRIES_PER_PACKET]:
        answer.ports.append(_old_port(port, sides.get(port.serial), data.time_s))
    if index == 0:
        answer.meters.extend(map(_old_meter, data.meters))
    return answer


def _old_port(port: PortData, side: SinglePhaseData | None, time_s: int) -> OldPortData:
    entry = OldPortData(
        serial=port.serial,
        port=port.port,
        pv_voltage=port.voltage,
        pv_current=port.current,
        pv_power=port.power,
        energy_total=port.energy_total,
        energy_today=port.energy_today,
        time=time_s,
    )
    if side is not None and side.link_status:
        entry.grid_voltage = entry.grid_voltage_max = side.voltage
        entry.grid_frequency = side.frequency
        entry.grid_power = side.active_power
        entry.grid_reactive_power = side.reactive_power
        entry.grid_current = side.current
        entry.grid_power_factor = side.power_factor
        entry.temperature = side.temperature
        entry.run_status = RUNNING if side.active_power else 0
        entry.warning_count = side.warning_counter
        entry.link_status = side.link_status
        entry.sent_packets = entry.received_packets = 100
    if side is not None:
        entry.link_quality = side.link_quality
    return entry


def _old_meter(meter: MeterData) -> OldMeterData:
    return OldMeterData(
        device_kind=5,
        serial=meter.serial,
        power_total=meter.power_total,
        power_a=meter.power_a,
        power_b=meter.power_b,
        power_c=meter.power_c,
        power_factor=meter.power_factor_total,
        export_total=meter.export_total,
        export_a=meter.export_a,
        export_b=meter.export_b,
        export_c=meter.export_c,
        import_total=meter.import_total,
        import_a=meter.import_a,
        import_b=meter.import_b,
        import_c=meter.import_c,
        fault=meter.fault,
    )
