"""The data sets a DTU serves: measured now and then, frozen in between, cut into packets.

Quantised at the very end, so the sum rules hold on the wire's integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Final

import msgspec

from ohmstead.families.hoymiles.facts import encoder
from ohmstead.families.hoymiles.protos.live_pb2 import (
    MeterData,
    PortData,
    RealDataNewFromDtu,
    SinglePhaseData,
)
from ohmstead.families.hoymiles.simulator.inverter import MicroInverter, power_factor_at
from ohmstead.families.hoymiles.simulator.meter import GridMeter
from ohmstead.families.hoymiles.simulator.profiles import LimitReadBack, Profile
from ohmstead.kit.world import Bus

ENTRIES_PER_PACKET: Final = 10
PORT_STATUS: Final = 0x03000000
"""In normal operation. Source: captures of devices."""
FINGERPRINT: Final = 28864
"""The same on different units with the same configuration. Source: captures of devices."""
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
LINK_QUALITY_LOW: Final = 0x001F

write_single_phase: Final = encoder(SinglePhaseData)
write_port: Final = encoder(PortData)
write_meter: Final = encoder(MeterData)


class DataSet(msgspec.Struct, frozen=True, kw_only=True):
    time_s: int
    meters: tuple[MeterData, ...]
    single_phase: tuple[SinglePhaseData, ...]
    ports: tuple[PortData, ...]
    energy_today_wh: int

    def packets(self) -> int:
        entries = len(self.meters) + len(self.single_phase) + len(self.ports)
        return max(1, -(-entries // ENTRIES_PER_PACKET))

    def packet(self, index: int, dtu_serial: str) -> RealDataNewFromDtu:
        """One packet. Lists run on over packets in this order; the totals are in the first."""
        answer = RealDataNewFromDtu(
            dtu_serial=dtu_serial,
            time=self.time_s,
            packet_count=self.packets(),
            packet_index=index,
            format_version=1,
        )
        start = index * ENTRIES_PER_PACKET
        for entry in islice(self._entries(), start, start + ENTRIES_PER_PACKET):
            if isinstance(entry, MeterData):
                answer.meters.append(entry)
            elif isinstance(entry, SinglePhaseData):
                answer.single_phase.append(entry)
            else:
                answer.ports.append(entry)
        if index == 0:
            answer.dtu_power = sum(max(0, entry.active_power) for entry in self.single_phase)
            answer.dtu_energy_today = self.energy_today_wh
        return answer

    def _entries(self) -> Iterator[MeterData | SinglePhaseData | PortData]:
        yield from self.meters
        yield from self.single_phase
        yield from self.ports


class DataSets:
    """Which data set a read gets.

    Without the performance mode a DTU measures every refresh period, and on some firmware a read that comes too soon
    after the one before puts that off, so that hasty readers see nothing new at all.
    """

    def __init__(self, profile: Profile, measure: Callable[[datetime], DataSet], at: datetime) -> None:
        self.needs_poll_all = False
        """Reads that action 33 did not precede get the old data set."""
        self._profile = profile
        self._measure = measure
        self._current = self._served = measure(at)
        self._due = at + timedelta(seconds=profile.refresh_s)
        self._last_read: datetime | None = None
        self._is_fast = False

    def tick(self, at: datetime) -> None:
        if not self._is_fast and at >= self._due:
            self._refresh(at)

    def set_fast(self, *, is_fast: bool) -> None:
        """Switch the performance mode, where the firmware has one."""
        was_fast, self._is_fast = self._is_fast, is_fast and self._profile.performance_refresh_s is not None
        if self._is_fast and not was_fast:
            self._due = LONG_AGO

    def read(self, at: datetime, packet_index: int, *, was_polled: bool) -> DataSet:
        """Packets after the first belong to the data set of the first."""
        if packet_index > 0:
            return self._served
        if self._is_fast and at >= self._due:
            self._refresh(at)
        period = timedelta(seconds=self._profile.refresh_s)
        is_hasty = self._last_read is not None and at - self._last_read < period
        if self._profile.holds_off and not self._is_fast and is_hasty:
            self._due = at + period
        self._last_read = at
        if was_polled or not self.needs_poll_all:
            self._served = self._current
        return self._served

    def _refresh(self, at: datetime) -> None:
        self._current = self._measure(at)
        fast_s = self._profile.performance_refresh_s
        self._due = at + timedelta(
            seconds=fast_s if self._is_fast and fast_s is not None else self._profile.refresh_s
        )


class Measuring:
    """Turns the state of the hardware into wire entries."""

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

    def take(self, time_s: int, bus: Bus) -> DataSet:
        return DataSet(
            time_s=time_s,
            meters=(self._meter.entry(bus),) if self._meter is not None else (),
            single_phase=tuple(self._single_phase(inverter, bus) for inverter in self._inverters),
            ports=tuple(port for inverter in self._inverters for port in self._ports(inverter)),
            energy_today_wh=round(sum(inverter.energy_today_wh for inverter in self._inverters)),
        )

    def _single_phase(self, inverter: MicroInverter, bus: Bus) -> SinglePhaseData:
        voltage_v = bus.voltage_v + inverter.voltage_rise_v if bus.energised else 0.0
        load = inverter.power_w / inverter.model.rated_w
        power_factor = power_factor_at(load) if inverter.power_w else 0.0
        # The upper byte counts data sets; the rest stays small.
        count = self._counts[inverter.serial] = (self._counts[inverter.serial] + 1) % 0x100
        entry = SinglePhaseData(
            serial=inverter.serial,
            format_version=1,
            warning_counter=inverter.starts,
            crc=FINGERPRINT,
            link_status=1,
            link_quality=count << 16 | LINK_QUALITY_LOW,
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

    def _ports(self, inverter: MicroInverter) -> Iterator[PortData]:
        for number, port in enumerate(inverter.ports, start=1):
            entry = PortData(serial=inverter.serial, port=number, status_code=PORT_STATUS)
            write_port(
                entry,
                voltage_v=port.state.voltage_v,
                current_a=port.state.current_a,
                power_w=port.state.power_w,
                energy_total_wh=port.energy_total_wh,
                energy_today_wh=port.energy_today_wh,
            )
            yield entry
