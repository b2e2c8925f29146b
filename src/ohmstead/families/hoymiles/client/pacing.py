"""When a DTU may be read without hurting it: pure rules.

Reading too often has two prices. Some firmware puts the next measurement off with each read, so hasty readers never see
anything new; and a read shortly before an upload makes many DTUs skip it, so the owner's cloud goes blind. Sources:
owners' reports, the behaviour of a published gateway.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from ohmstead.families.hoymiles.identifiers import dtu_model
from ohmstead.families.hoymiles.results import Inventory

BUILT_IN: Final = "DTUBI"
SHORTEST_S: Final = 32.0
SLOW_S: Final = 60.0
"""DTU-Pro-S of firmware V00."""
TROUBLED_S: Final = 120.0
"""When uploads fail all the same."""
FIRST_FIRMWARE_WITH_PERFORMANCE_MODE: Final = 4096
"""V01.00.00."""
OLD_UPLOAD_MIN: Final = 15
UPLOADING: Final = timedelta(seconds=30)
"""From the full minute until the upload is through."""


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    interval_s: float = SHORTEST_S
    """At least this between two reads."""
    upload_min: int = 0
    """An upload at each multiple of this many minutes; 0: the DTU has no cloud."""
    quiet_s: float = SHORTEST_S
    """No read so shortly before an upload."""
    drift_s: float = 0.0
    """What the DTU's clock is ahead of ours."""

    @property
    def pause_s(self) -> float:
        """How long an upload keeps us away."""
        return self.quiet_s + UPLOADING.total_seconds() if self.upload_min else 0.0


def pace_of(inventory: Inventory, *, spares_uploads: bool = True, is_troubled: bool = False) -> Pace:
    """`spares_uploads`: the owner wants the vendor's cloud to work."""
    is_built_in = dtu_model(inventory.dtu_serial) == BUILT_IN
    is_old = inventory.dtu.software_version < FIRST_FIRMWARE_WITH_PERFORMANCE_MODE
    interval_s = SLOW_S if is_old and not is_built_in else SHORTEST_S
    if is_troubled:
        interval_s = TROUBLED_S
    # Only a cloud sets a DTU's clock: one that is not set has nowhere to upload to.
    if inventory.clock is None or not spares_uploads:
        return Pace(interval_s=interval_s)
    upload_min = inventory.dtu.step_time_min or OLD_UPLOAD_MIN
    quiet_s = interval_s if upload_min >= OLD_UPLOAD_MIN else TROUBLED_S
    drift_s = (inventory.clock - inventory.received_at).total_seconds()
    return Pace(interval_s=interval_s, upload_min=upload_min, quiet_s=quiet_s, drift_s=drift_s)


def quiet_until(pace: Pace, at: datetime) -> datetime | None:
    """When the upload that `at` is too close to will be through; `None` when it is not."""
    if not pace.upload_min:
        return None
    period_s = 60 * pace.upload_min
    after_s = (at.timestamp() + pace.drift_s) % period_s
    before_s = period_s - after_s
    if after_s < UPLOADING.total_seconds():
        return at - timedelta(seconds=after_s) + UPLOADING
    return at + timedelta(seconds=before_s) + UPLOADING if before_s <= pace.quiet_s else None


def next_read(pace: Pace, last_read: datetime | None, at: datetime) -> datetime:
    """The earliest time for the next read: `at` itself when nothing speaks against it."""
    if last_read is not None:
        at = max(at, last_read + timedelta(seconds=pace.interval_s))
    return quiet_until(pace, at) or at


def has_trouble(before: Inventory, after: Inventory) -> bool:
    """Whether the cloud heard nothing between two inventories although three uploads were due."""
    if before.clock is None or after.clock is None:
        return False
    due = timedelta(minutes=3 * (after.dtu.step_time_min or OLD_UPLOAD_MIN))
    was_heard = after.dtu.communication_time_unix_s != before.dtu.communication_time_unix_s
    says = bool(after.dtu.communication_time_unix_s)
    return says and not was_heard and after.clock - before.clock >= due
