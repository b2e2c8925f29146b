"""What a simulator is told to be: the options of the card, read and checked."""

from __future__ import annotations

import math
from enum import Enum
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from ohmstead.families.givenergy.extras import EXTRAS
from ohmstead.families.givenergy.simulator.bus import Latency
from ohmstead.model import ConfigError, SimulatorOptions

DAY_S: Final = 86_400.0
MOST_CLIENTS: Final = 10_000.0

E = TypeVar("E", bound=Enum)


class Dynamics(Enum):
    AUTO = "auto"
    """Our own plants live; what is loaded from a file shows what was recorded."""
    LIVE = "live"
    STILL = "still"


class House(Enum):
    OWN = "own"
    """The plant brings a household with it."""
    WORLD = "world"
    """The simulated home has one already."""


class Full(Enum):
    REFUSE = "refuse"
    DROP_OLDEST = "drop-oldest"


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    is_live: bool
    house: House
    latency: Latency
    has_cloud: bool
    max_clients: int
    when_full: Full
    closes_idle: bool
    drift_s_per_day: float


def setup(options: SimulatorOptions) -> Setup:
    """Raises `ConfigError` for an extra that makes no sense."""
    given = {extra.name: options.extras.get(extra.name, extra.default) for extra in EXTRAS}
    dynamics = _choice(given, "dynamics", Dynamics)
    is_recorded = bool(options.capture)
    return Setup(
        name=options.name or "givenergy",
        is_live=dynamics is Dynamics.LIVE or (dynamics is Dynamics.AUTO and not is_recorded),
        house=_choice(given, "household", House),
        latency=_choice(given, "latency", Latency),
        has_cloud=given["cloud"] == "on" and not is_recorded,
        max_clients=int(_number(given, "max-clients", least=0.0, most=MOST_CLIENTS)),
        when_full=_choice(given, "when-full", Full),
        closes_idle=given["idle-close"] == "true",
        drift_s_per_day=_number(given, "clock-drift", least=-DAY_S, most=DAY_S),
    )


def _choice(given: dict[str, str], name: str, kind: type[E]) -> E:
    try:
        return kind(given[name])
    except ValueError:
        known = ", ".join(str(member.value) for member in kind)
        raise ConfigError(f"{name} is {given[name]!r}; it can be {known}.") from None


def _number(given: dict[str, str], name: str, *, least: float, most: float) -> float:
    try:
        number = float(given[name])
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise ConfigError(f"{name} is {given[name]!r}; it is a number from {least:g} to {most:g}.")
    return number


def capture_path(options: SimulatorOptions) -> Path | None:
    return Path(options.capture) if options.capture else None
