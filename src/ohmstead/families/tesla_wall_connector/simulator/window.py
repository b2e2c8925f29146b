"""The access window: how long a unit's own access point is there, and takes whoever is on it for somebody present.

open -> hidden -> lapsed -> closed. Hidden: the access point is seen no more, an association made before goes on and may
still write. Lapsed: whoever is still associated gets error 16. The handle's button or power-up opens it again. Firmware
before 22.7 never hides its access point; there presence lapses while it stays.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ohmstead.families.tesla_wall_connector.simulator.profiles import MINUTE_S, Firmware

CLOSES_AFTER_S: Final = 60 * MINUTE_S
FOLLOWER_S: Final = 5 * MINUTE_S
"""The access point of a follower; nothing can be kept open on it."""
PAGE_EXTENDS_S: Final = 10 * MINUTE_S


class Phase(StrEnum):
    OPEN = "open"
    HIDDEN = "hidden"
    LAPSED = "lapsed"
    CLOSED = "closed"


class Window:
    """Seconds are the world's."""

    def __init__(self, firmware: Firmware, now_s: float, *, page_extends_s: float = PAGE_EXTENDS_S) -> None:
        self.page_extends_s = page_extends_s
        """What loading a page is worth; 0: nothing, as on some units."""
        self.hidden_after_s = firmware.hidden_after_s
        self.lapses_after_s = firmware.lapses_after_s
        self.closes_after_s = CLOSES_AFTER_S
        self.opened_at_s = now_s
        self._extended_to_s = now_s

    def open(self, now_s: float) -> None:
        self.opened_at_s = self._extended_to_s = now_s

    def close(self, now_s: float) -> None:
        """At once, as if all its time had passed."""
        self.opened_at_s = self._extended_to_s = now_s - max(self.closes_after_s, self.lapses_after_s) - 1.0

    def follow(self, now_s: float) -> None:
        """The unit has become a follower of others: its access point goes sooner, and presence with it."""
        self.hidden_after_s = self.lapses_after_s = self.closes_after_s = FOLLOWER_S
        self.open(now_s)

    def page_loaded(self, now_s: float) -> None:
        if self.hidden_after_s is not None and self.phase(now_s) in (Phase.OPEN, Phase.HIDDEN):
            self._extended_to_s = now_s + self.page_extends_s

    def phase(self, now_s: float) -> Phase:
        elapsed_s = now_s - self.opened_at_s
        is_extended = now_s < self._extended_to_s
        has_lapsed = elapsed_s >= self.lapses_after_s and not is_extended
        if self.hidden_after_s is None:
            return Phase.LAPSED if has_lapsed else Phase.OPEN
        if has_lapsed:
            return Phase.CLOSED if elapsed_s >= self.closes_after_s else Phase.LAPSED
        is_hidden = elapsed_s >= self.hidden_after_s and not is_extended
        return Phase.HIDDEN if is_hidden else Phase.OPEN

    def is_visible(self, now_s: float) -> bool:
        """Whether the access point can be joined."""
        return self.hidden_after_s is None or self.phase(now_s) is Phase.OPEN

    def has_presence(self, now_s: float) -> bool:
        return self.phase(now_s) in (Phase.OPEN, Phase.HIDDEN)
