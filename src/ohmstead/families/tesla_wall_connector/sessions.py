"""Charging sessions, and an energy that never falls and is right.

The unit's own total creeps upward with no car attached, so energy is summed up here, from the growth of the session's
figure. That figure is kept after unplugging, zeroed at the next plug-in and at power-up: a figure that drops starts anew
from zero. What was seen last is kept over restarts, so that nothing is counted twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.documents import Vitals
from ohmstead.families.tesla_wall_connector.meaning import DRAWING_A

SLACK_S: Final = 5.0
"""Between what two clocks say of one interval."""
MOST_W: Final = 25_000.0
"""No unit of this family gives more: what a session younger than the last sample can have taken at most."""


class EndReason(StrEnum):
    UNPLUGGED = "unplugged"
    INTERRUPTED = "interrupted"
    """The unit started again; the car may have stayed and gone on as a new session."""
    REPLACED = "replaced"
    """Another session ran at the next look: the end was not seen."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    started_at: datetime
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    energy_wh: float = 0.0
    charging_s: float = 0.0
    """With current; the unit's own seconds run through every pause."""
    peak_w: float = 0.0
    least_w: float | None = None
    """While charging."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The last sample, as far as the next one needs it."""

    at: datetime
    is_connected: bool
    session_s: int
    session_energy_wh: float
    uptime_s: int
    is_drawing: bool


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of one unit, over restarts too."""

    energy_wh: float = 0.0
    """Monotone."""
    seen: Seen | None = None
    current: Session | None = None
    last: Session | None = None


def followed(record: Record, vitals: Vitals, power_w: float | None, at: datetime) -> Record:
    """The record after one more sample. One that lacks the figures changes nothing."""
    seen = _seen(record.seen, vitals, at)
    if seen is None:
        return record
    before = record.seen
    gained_wh = 0.0 if before is None else _gained_wh(before, seen)
    current, last = record.current, record.last
    reason = _end_reason(before, seen) if current is not None else None
    if current is not None and reason is not None:
        last = msgspec.structs.replace(current, ended_at=at, end_reason=reason)
        # What came after the last look of a session that just ended still belongs to it.
        if reason is EndReason.UNPLUGGED:
            last = msgspec.structs.replace(last, energy_wh=last.energy_wh + gained_wh)
        current = None
    if seen.is_connected:
        current = _grown(current, before, seen, gained_wh, power_w)
    return Record(energy_wh=record.energy_wh + gained_wh, seen=seen, current=current, last=last)


def _seen(before: Seen | None, vitals: Vitals, at: datetime) -> Seen | None:
    energy_wh, is_connected = vitals.session_energy_wh, vitals.vehicle_connected
    if energy_wh is None or is_connected is None:
        return None
    # Without these two fields nothing is told of a restart: they stand still then.
    uptime_s = vitals.uptime_s if vitals.uptime_s is not None else before.uptime_s if before else 0
    return Seen(
        at=at,
        is_connected=is_connected,
        session_s=vitals.session_s or 0,
        session_energy_wh=energy_wh,
        uptime_s=uptime_s,
        is_drawing=bool(vitals.contactor_closed) and (vitals.vehicle_current_a or 0.0) >= DRAWING_A,
    )


def _gained_wh(before: Seen, now: Seen) -> float:
    if now.session_energy_wh < before.session_energy_wh or _is_new(before, now):
        return now.session_energy_wh
    return now.session_energy_wh - before.session_energy_wh


def _is_new(before: Seen, now: Seen) -> bool:
    """A session whose figure has already passed that of the one before. A figure that just stands was not zeroed yet;
    and 2022 firmware shows 0 s for a session that stays.
    """
    if not now.is_connected or now.session_energy_wh == before.session_energy_wh:
        return False
    is_younger = not before.is_connected or now.session_s < before.session_s or now.uptime_s < before.uptime_s
    return is_younger and now.session_energy_wh <= MOST_W * (now.session_s + SLACK_S) / 3600.0


def _end_reason(before: Seen | None, now: Seen) -> EndReason | None:
    if before is None:
        return None
    if now.uptime_s < before.uptime_s:
        return EndReason.INTERRUPTED
    if not now.is_connected:
        return EndReason.UNPLUGGED
    is_other = now.session_energy_wh < before.session_energy_wh or _is_new(before, now)
    return EndReason.REPLACED if is_other else None


def _grown(
    session: Session | None, before: Seen | None, now: Seen, gained_wh: float, power_w: float | None
) -> Session:
    if session is None:
        # Found under way, its figure is all its own.
        return Session(
            started_at=_start(now), energy_wh=now.session_energy_wh if before is None else gained_wh
        )
    drawn_w = power_w if now.is_drawing and power_w is not None else None
    is_charging = before is not None and before.is_drawing and now.is_drawing
    elapsed_s = (now.at - before.at).total_seconds() if before is not None and is_charging else 0.0
    return msgspec.structs.replace(
        session,
        energy_wh=session.energy_wh + gained_wh,
        charging_s=session.charging_s + elapsed_s,
        peak_w=max(session.peak_w, drawn_w or 0.0),
        least_w=session.least_w if drawn_w is None else min(drawn_w, session.least_w or drawn_w),
    )


def _start(now: Seen) -> datetime:
    return now.at - timedelta(seconds=now.session_s)
