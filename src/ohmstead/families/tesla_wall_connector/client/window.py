"""The access window: for a while after somebody held the button on the handle, a unit takes settings over its own Wi-Fi.

Nothing is asked only to keep it open; what is seen in passing moves its state. How long windows last is not documented
and differs by firmware, so each is measured.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.errors import HOLD_BUTTON_S, PresenceLapsed
from ohmstead.model import ConnectionLost, DeviceError, TimedOut, Unreachable

EXPIRING_AFTER: Final = timedelta(minutes=25)
"""Calls were refused from about 30 minutes on, where it was measured."""
ASK_AGAIN: Final = timedelta(minutes=1)
"""After a refusal, at most this often."""
HELD: Final = 8
"""The latest windows that are remembered."""


class WindowState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    EXPIRING = "expiring"


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one unit's window, from the calls that were made anyway."""

    open_since: datetime | None = None
    """The first call that passed; the window may have opened before."""
    last_passed_at: datetime | None = None
    refused_at: datetime | None = None
    lasted_s: tuple[float, ...] = ()
    """Of earlier windows, from the first call that passed to the last."""

    def state(self, now: datetime) -> WindowState:
        if self.open_since is None:
            return WindowState.CLOSED
        return WindowState.EXPIRING if now - self.open_since >= EXPIRING_AFTER else WindowState.OPEN

    def may_ask(self, now: datetime) -> bool:
        return has_rested(self.refused_at, now)

    def passed(self, now: datetime) -> Window:
        return msgspec.structs.replace(
            self, open_since=self.open_since or now, last_passed_at=now, refused_at=None
        )

    def failed(self, error: DeviceError, now: datetime) -> Window:
        """A refusal of presence closes it, and so does an access point that is gone; other errors say nothing."""
        if not isinstance(error, PresenceLapsed | Unreachable | TimedOut | ConnectionLost):
            return self
        if self.open_since is None or self.last_passed_at is None:
            return msgspec.structs.replace(self, refused_at=now)
        lasted_s = (self.last_passed_at - self.open_since).total_seconds()
        return Window(refused_at=now, lasted_s=(*self.lasted_s, lasted_s)[-HELD:])


def has_rested(refused_at: datetime | None, now: datetime) -> bool:
    """Whether a unit that refused may be asked again; a clock that was set back since makes nobody wait for it."""
    return refused_at is None or not timedelta() <= now - refused_at < ASK_AGAIN


HOW_TO_OPEN: Final = (
    f"Hold the button on the charging handle for {HOLD_BUTTON_S} s, or switch the unit's breaker off and on.",
    "Join the Wi-Fi TeslaWallConnector_… with the password on the label of the quick guide.",
    "Do everything soon: windows were seen to close after 5 to 30 minutes.",
)
