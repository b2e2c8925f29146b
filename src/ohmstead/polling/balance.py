"""Whether the meters of a home fit together: a sign that is turned round, a meter that is missing or counts twice.

What one device does shows at the grid's meter: a panel's watt more is a watt less from the street, a car's watt more a
watt more. A single moment proves nothing, since the home's own load moves as well; a day of moments does. Nothing is
ever rejected for this: findings are for people.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.model import Flows

WINDOW: Final = timedelta(minutes=5)
"""Meters are read at different moments; over a window their means belong together."""
STEP_W: Final = 300.0
"""From one window to the next: what stands out from kettles and refrigerators."""
DOMINANT: Final = 0.75
"""Share of a step that one role must have, for the step to say something of that role."""
VOTES: Final = 20
WRONG_SHARE: Final = 0.8
LACKING_W: Final = -150.0
"""Residual below zero: more is fed in than any meter says is used, beyond what meters err."""
LACKING_WINDOWS: Final = 6
"""So many of the newest twice as many: a kettle between them does not clear it."""

TO_THE_GRID: Final[Mapping[str, int]] = MappingProxyType(
    {"solar_w": -1, "battery_w": -1, "generator_w": -1, "chargers_w": 1, "v2l_w": 1}
)
"""What one watt more of a role does to the grid's import."""
MEASURED: Final = ("grid_w", "unaccounted_w")
ROLE_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "solar_w": "solar",
        "battery_w": "battery",
        "generator_w": "generator",
        "chargers_w": "charger",
        "v2l_w": "vehicle-to-load",
    }
)


class Trouble(StrEnum):
    GRID_SIGN = "grid_sign"
    ROLE_SIGN = "role_sign"
    LACKING = "lacking"
    BLOCKED = "blocked"
    """No meter's fault: something held the gateway."""
    CLOCK = "clock"
    """A device's clock is wrong."""
    MOVED = "moved"
    """A device has another address than the site file says."""
    SHORT = "short"
    """The gateway's process has too little memory, or too few descriptors."""
    UNKNOWN_NAME = "unknown_name"
    """The site file names a device that it has not."""
    RESTART = "restart"
    """What has changed in the site file takes effect with the next start."""
    UNREACHED = "unreached"
    """A broker or a database that the site reports to cannot be reached."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    trouble: Trouble
    words: str
    """What is seen, and what to look at."""
    since: datetime


class _Votes(msgspec.Struct):
    right: int = 0
    wrong: int = 0

    @property
    def is_wrong(self) -> bool:
        return self.wrong >= VOTES and self.wrong >= WRONG_SHARE * (self.right + self.wrong)

    @property
    def is_right(self) -> bool:
        return self.right >= VOTES and not self.is_wrong


class _Window:
    """Means of what was known all the time."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self._sums: dict[str, float] = {}
        self._count = 0

    def add(self, flows: Flows) -> None:
        known = {
            name: value for name in (*MEASURED, *TO_THE_GRID) if (value := getattr(flows, name)) is not None
        }
        if self._count:
            known = {name: value + self._sums[name] for name, value in known.items() if name in self._sums}
        self._sums = known
        self._count += 1

    def means_w(self) -> dict[str, float]:
        return {name: total / self._count for name, total in self._sums.items()}


class Balance:
    """Fed with the flows of a home as they become known, it learns whether its meters fit together."""

    def __init__(self) -> None:
        self._votes = {name: _Votes() for name in TO_THE_GRID}
        self._window: _Window | None = None
        self._before_w: dict[str, float] | None = None
        self._lacking: deque[bool] = deque(maxlen=2 * LACKING_WINDOWS)
        self._since: dict[tuple[Trouble, str], datetime] = {}
        self._at: datetime | None = None

    def see(self, flows: Flows) -> None:
        """In the order of time; a clock that was set back begins anew."""
        if self._at is not None and flows.at < self._at:
            self._window = None
        self._at = flows.at
        if self._window is None:
            self._window, self._before_w = _Window(flows.at), None
        elif flows.at - self._window.start >= WINDOW:
            self._close(self._window, flows.at)
        self._window.add(flows)

    def findings(self) -> tuple[Finding, ...]:
        """What stands now, each with the moment from which it was sure."""
        if self._at is None:
            return ()
        words = dict(self._words())
        self._since = {key: self._since.get(key, self._at) for key in words}
        return tuple(
            Finding(trouble=key[0], words=text, since=self._since[key]) for key, text in words.items()
        )

    def _close(self, window: _Window, now: datetime) -> None:
        means_w = window.means_w()
        if "unaccounted_w" in means_w:
            self._lacking.append(means_w["unaccounted_w"] < LACKING_W)
        is_next = now - window.start < 2 * WINDOW
        if self._before_w is not None:
            self._vote(self._before_w, means_w)
        self._before_w = means_w if is_next else None
        self._window = _Window(now)

    def _vote(self, before_w: Mapping[str, float], after_w: Mapping[str, float]) -> None:
        """By the one role that moved, if one did."""
        if "grid_w" not in before_w or "grid_w" not in after_w:
            return
        both = before_w.keys() & after_w.keys() & TO_THE_GRID.keys()
        steps_w = {name: TO_THE_GRID[name] * (after_w[name] - before_w[name]) for name in both}
        moved_w = sum(map(abs, steps_w.values()))
        name = max(steps_w, key=lambda role: abs(steps_w[role]), default="")
        if not name or abs(steps_w[name]) < max(STEP_W, DOMINANT * moved_w):
            return
        # Halfway between no answer and the whole step.
        answer = (after_w["grid_w"] - before_w["grid_w"]) / steps_w[name]
        if answer > 0.5:
            self._votes[name].right += 1
        elif answer < -0.5:
            self._votes[name].wrong += 1

    def _words(self) -> list[tuple[tuple[Trouble, str], str]]:
        wrong = [name for name, votes in self._votes.items() if votes.is_wrong]
        right = [name for name, votes in self._votes.items() if votes.is_right]
        found: list[tuple[tuple[Trouble, str], str]] = []
        if wrong and not right:
            found.append(((Trouble.GRID_SIGN, ""), GRID_TURNED))
        elif wrong:
            found += [
                ((Trouble.ROLE_SIGN, name), ROLE_TURNED.format(role=ROLE_NAMES[name])) for name in wrong
            ]
        if sum(self._lacking) >= LACKING_WINDOWS:
            found.append(((Trouble.LACKING, ""), TOO_MUCH))
        return found


GRID_TURNED: Final = (
    "The grid's meter moves the wrong way: it shows more import when more is produced. Its current transformer may be "
    "the wrong way round, or it sits where it sees something else than the connection to the street."
)
ROLE_TURNED: Final = (
    "The power of {role} has its sign turned round: the grid's meter moves against it. Its current transformer may be the "
    "wrong way round, or swapped with another one."
)
TOO_MUCH: Final = (
    "More power is fed in than any meter says is used. One source may be counted twice, as by two meters at one place "
    "(say in [site.masters] which one counts), or a meter of the grid or of a charger is missing."
)
