"""What an owner has set: mode, reserve, power control, off grid, storm. It changes by writes and by time, never by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts.codes import BackupFlag, ExportMode, WorkMode

UNLIMITED_KW: Final = -1.0
FLOOR_PCT: Final = 5.0


class Limits(msgspec.Struct):
    """Power control, kW; -1 is no limit and 0 is not allowed, as on the wire."""

    grid_charge_kw: float = UNLIMITED_KW
    grid_discharge_kw: float = 0.0
    feed_kw: float = UNLIMITED_KW
    import_kw: float = UNLIMITED_KW
    feed_flag: int = ExportMode.SOLAR_ONLY


class Storm(msgspec.Struct):
    is_enabled: bool = True
    backup_min: int = 180
    """How long before a storm the packs are filled."""
    is_noticed: bool = True
    notice_min: int = 10
    is_here: bool = False


class Settings(msgspec.Struct):
    work_mode: WorkMode = WorkMode.SELF_CONSUMPTION
    programme: int = 0
    """The id that was written, whatever it was."""
    reserves_pct: dict[WorkMode, float] = msgspec.field(
        default_factory=lambda: {
            WorkMode.TIME_OF_USE: 20.0,
            WorkMode.SELF_CONSUMPTION: 20.0,
            WorkMode.EMERGENCY_BACKUP: 100.0,
        }
    )
    backup_flag: int = BackupFlag.INDEFINITE
    backup_from: datetime | None = None
    backup_until: datetime | None = None
    """The end of a timed backup."""
    next_mode: WorkMode = WorkMode.SELF_CONSUMPTION
    limits: Limits = msgspec.field(default_factory=Limits)
    storm: Storm = msgspec.field(default_factory=Storm)
    floor_pct: float = FLOOR_PCT
    """Off grid the packs give no more below it."""

    @property
    def reserve_pct(self) -> float:
        return self.reserves_pct[self.work_mode]

    @property
    def is_backup(self) -> bool:
        return self.work_mode is WorkMode.EMERGENCY_BACKUP or (self.storm.is_here and self.storm.is_enabled)
