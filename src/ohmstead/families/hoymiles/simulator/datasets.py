"""The data sets a DTU serves: measured now and then, frozen in between, cut into packets.

Quantised at the very end, so the sum rules hold on the wire's integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

import msgspec

from ohmstead.families.hoymiles.protos.live_pb2 import (
    MeterData,
    PortData,
    RealDataNewFromDtu,
    SinglePhaseData,
    ThreePhaseData,
)
from ohmstead.families.hoymiles.simulator.profiles import Profile

ENTRIES_PER_PACKET: Final = 10
MANY: Final = 1000
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

Entry = MeterData | SinglePhaseData | ThreePhaseData | PortData


class DataSet(msgspec.Struct, frozen=True, kw_only=True):
    time_s: int
    meters: tuple[MeterData, ...] = ()
    single_phase: tuple[SinglePhaseData, ...] = ()
    three_phase: tuple[ThreePhaseData, ...] = ()
    ports: tuple[PortData, ...] = ()
    energy_today_wh: int = 0

    def packets(self, entries_per_packet: int = ENTRIES_PER_PACKET) -> int:
        entries = len(self.meters) + len(self.single_phase) + len(self.three_phase) + len(self.ports)
        return max(1, -(-entries // entries_per_packet))

    def packet(
        self, index: int, dtu_serial: str, entries_per_packet: int = ENTRIES_PER_PACKET
    ) -> RealDataNewFromDtu:
        """One packet. Lists run on over packets in this order; the totals are in the first."""
        answer = RealDataNewFromDtu(
            dtu_serial=dtu_serial,
            time=self.time_s,
            packet_count=self.packets(entries_per_packet),
            packet_index=index,
            format_version=1,
        )
        lists = {
            MeterData: answer.meters,
            SinglePhaseData: answer.single_phase,
            ThreePhaseData: answer.three_phase,
            PortData: answer.ports,
        }
        start = index * entries_per_packet
        for entry in islice(self._entries(), start, start + entries_per_packet):
            lists[type(entry)].append(entry)  # type: ignore[attr-defined]  # each list holds its own kind
        if index == 0:
            powers = [i.active_power for i in self.single_phase] + [i.active_power for i in self.three_phase]
            answer.dtu_power = sum(max(0, power) for power in powers)
            answer.dtu_energy_today = self.energy_today_wh
        return answer

    def _entries(self) -> Iterator[Entry]:
        yield from self.meters
        yield from self.single_phase
        yield from self.three_phase
        yield from self.ports


class DataSets:
    """Which data set a read gets.

    Without the performance mode a DTU measures every refresh period, and on some firmware a read that comes too soon
    after the one before puts that off, so that hasty readers see nothing new at all.
    """

    def __init__(self, profile: Profile, measure: Callable[[datetime], DataSet], at: datetime) -> None:
        self.needs_poll_all = False
        """Reads that action 33 did not precede get the old data set."""
        self.is_frozen = False
        """It measures no more, as firmware that missed its cloud for long."""
        self.is_long = False
        """Everything is in one packet, however long."""
        self.last_read: datetime | None = None
        """By a local client."""
        self._profile = profile
        self._measure = measure
        self._current = self._served = measure(at)
        self._due = at + timedelta(seconds=profile.refresh_s)
        self._is_fast = False

    @property
    def entries_per_packet(self) -> int:
        return MANY if self.is_long else ENTRIES_PER_PACKET

    @property
    def current(self) -> DataSet:
        return self._current

    def begin_with(self, data_set: DataSet) -> None:
        """Serve this one until the next is measured."""
        self._current = self._served = data_set

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
        is_hasty = self.last_read is not None and at - self.last_read < period
        if self._profile.holds_off and not self._is_fast and is_hasty:
            self._due = at + period
        self.last_read = at
        if was_polled or not self.needs_poll_all:
            self._served = self._current
        return self._served

    def _refresh(self, at: datetime) -> None:
        if not self.is_frozen:
            self._current = self._measure(at)
        fast_s = self._profile.performance_refresh_s
        self._due = at + timedelta(
            seconds=fast_s if self._is_fast and fast_s is not None else self._profile.refresh_s
        )
