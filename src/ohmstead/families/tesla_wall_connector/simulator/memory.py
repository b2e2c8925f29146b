"""What a unit keeps through a power cut, and what keeping it costs: each write wears the flash."""

from __future__ import annotations

import msgspec


class WornOut(Exception):
    """The flash took its last write."""


class Lifetime(msgspec.Struct, kw_only=True):
    """Counters that only grow. They are kept some other way: the write counter does not count them."""

    contactor_cycles: int = 44
    contactor_cycles_loaded: int = 1
    alert_count: int = 2
    thermal_foldbacks: int = 0
    energy_wh: float = 270_093.0
    connector_cycles: int = 11
    uptime_s: int = 4_995_404
    charging_time_s: int = 65_738


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`network_limit_a` and `participants` are those of the group a unit is in; empty outside one."""

    most_a: int
    ground_monitor: int = 3
    country: str
    third_party: int = 1
    network_limit_a: int = 0
    participants: tuple[str, ...] = ()
    is_sharing_enabled: bool = True
    schedule: bytes = b""
    """As it came: a WCChargeScheduleConfig."""


class Memory:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lifetime = Lifetime()
        self.writes = 0
        """Non-volatile writes of settings, ever."""
        self.counts_equal = False
        """Whether writing what is there already wears the flash: not known of the real device."""
        self.fails_at: int | None = None
        """Writes after which the flash takes no more."""

    def write(self, settings: Settings) -> None:
        """Raises `WornOut`, and then nothing has changed."""
        if settings == self.settings and not self.counts_equal:
            return
        if self.fails_at is not None and self.writes >= self.fails_at:
            raise WornOut
        self.writes += 1
        self.settings = settings
