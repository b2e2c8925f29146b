"""What a DTU remembers: the power of today, the energy of days."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.decoders import decoder
from ohmstead.families.hoymiles.results.instants import EARLIEST_SET_CLOCK_S, instant

CLOCK_UNSET: Final = 0xFFFFFFFF
TENTHS: Final = 10


class PowerPoint(msgspec.Struct, frozen=True):
    at: datetime | None
    """`None` while the DTU's clock is not set."""
    age_s: float | None
    """Seconds before the DTU's present, which it knows even then; `None` when it does not add up."""
    power_w: float


class PowerCurve(msgspec.Struct, frozen=True, kw_only=True):
    """Production since the start of the day."""

    dtu_serial: str
    received_at: datetime
    clock: datetime | None
    step_s: int
    points: tuple[PowerPoint, ...]
    has_gaps: bool
    """Whether packets did not follow each other."""
    power_w: float
    """Now, as far as is known."""
    energy_total_wh: int
    energy_today_wh: int
    warning_counter: int


class _Head(msgspec.Struct, frozen=True):
    serial: str
    time_unix_s: int
    absolute_start_unix_s: int
    step_s: int
    relative_power_w: float
    energy_total_wh: int
    energy_today_wh: int
    warning_counter: int


_decode_head: Final = decoder(lambda: protos.history.HistPowerFromDtu, _Head)


def power_curve(packets: tuple[protos.history.HistPowerFromDtu, ...], received_at: datetime) -> PowerCurve:
    """The packets of one read, at least one. Each says when its first value was."""
    heads = [_decode_head(packet) for packet in packets]
    first = heads[0]
    points: list[PowerPoint] = []
    has_gaps, due_s = False, first.absolute_start_unix_s
    values = sum(len(packet.power_values) for packet in packets)
    for head, packet in zip(heads, packets, strict=True):
        start_s = head.absolute_start_unix_s
        has_gaps |= start_s != due_s and _is_set(start_s)
        for index, raw in enumerate(packet.power_values):
            at_s = start_s + index * head.step_s if _is_set(start_s) else None
            age_s = first.time_unix_s - at_s if at_s is not None else (values - len(points)) * first.step_s
            points.append(PowerPoint(instant(at_s) if at_s is not None else None, float(age_s), raw / TENTHS))
        due_s = start_s + len(packet.power_values) * head.step_s
    return PowerCurve(
        dtu_serial=first.serial,
        received_at=received_at,
        clock=instant(first.time_unix_s),
        step_s=first.step_s,
        points=tuple(points),
        has_gaps=has_gaps,
        power_w=first.relative_power_w,
        energy_total_wh=first.energy_total_wh,
        energy_today_wh=first.energy_today_wh,
        warning_counter=first.warning_counter,
    )


def _is_set(start_s: int) -> bool:
    return EARLIEST_SET_CLOCK_S <= start_s < CLOCK_UNSET


class DayEnergy(msgspec.Struct, frozen=True):
    energy_wh: int
    day: datetime | None


class _Day(msgspec.Struct, frozen=True):
    energy_wh: int
    time_unix_s: int


_decode_day: Final = decoder(lambda: protos.history.HistEnergyDay, _Day)


def day_energies(packets: tuple[protos.history.HistEnergyFromDtu, ...]) -> tuple[DayEnergy, ...]:
    days = [_decode_day(day) for packet in packets for day in packet.days]
    return tuple(DayEnergy(day.energy_wh, instant(day.time_unix_s)) for day in days)
