"""The alarms of a DTU's inverters, decoded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.alarms import (
    CLOCK_CORRECTED,
    AlarmState,
    alarm_code,
    alarm_label,
    correction_s,
)
from ohmstead.families.hoymiles.decoders import decoder
from ohmstead.families.hoymiles.results.instants import instant


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    inverter_serial: str
    number: int
    label: str
    state: AlarmState
    sequence: int
    """Counts up per inverter."""
    started: datetime | None
    """`None` while the DTU's clock was not set."""
    ended: datetime | None
    data1: int
    data2: int
    code: int
    """As it came."""
    correction_s: int | None = None
    """Of alarm 2: by how much the clock was corrected."""

    @property
    def is_active(self) -> bool:
        return self.state is AlarmState.ACTIVE and self.ended is None

    @property
    def key(self) -> tuple[str, int, int]:
        """The same alarm comes again when it ends."""
        return self.inverter_serial, self.sequence, self.number


class _Entry(msgspec.Struct, frozen=True):
    inverter_serial: str
    code: int
    sequence: int
    start_time_unix_s: int
    end_time_unix_s: int
    data1: int
    data2: int


_decode: Final = decoder(lambda: protos.alarms.Alarm, _Entry)


def alarms(entries: Iterable[protos.alarms.Alarm | protos.alarms_legacy.AlarmLegacy]) -> tuple[Alarm, ...]:
    """Each alarm once, as it was said last, in the order of their sequence. Both layouts name their fields alike."""
    found = {alarm.key: alarm for alarm in map(_alarm, entries)}
    return tuple(sorted(found.values(), key=lambda alarm: (alarm.inverter_serial, alarm.sequence)))


def _alarm(entry: protos.alarms.Alarm | protos.alarms_legacy.AlarmLegacy) -> Alarm:
    said = _decode(entry)
    code = alarm_code(said.code)
    is_correction = code.number == CLOCK_CORRECTED
    return Alarm(
        inverter_serial=said.inverter_serial,
        number=code.number,
        label=alarm_label(code.number),
        state=code.state,
        sequence=said.sequence,
        started=instant(said.start_time_unix_s),
        ended=instant(said.end_time_unix_s),
        data1=said.data1,
        data2=said.data2,
        code=said.code,
        correction_s=correction_s(said.data1, said.data2) if is_correction else None,
    )
