"""How long to wait, how often to ask. The cloud says none of this; the numbers are what both published clients, the
vendor's app and owners live with.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts.endpoints import Cost

NOTHING: Final[Mapping[str, float]] = MappingProxyType({})


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    connect_s: float = 10.0
    database_s: float = 15.0
    gateway_s: float = 30.0
    tunnel_s: float = 15.0
    connections: int = 4
    keep_alive_s: float = 55.0
    """Longer than the interval of polling, shorter than the minute after which the vendor's network hangs up."""
    body_bytes: int = 4 * 1024 * 1024
    tries: int = 3
    """Of one read, after a page of HTML or a broken connection. Writes are never tried again."""
    first_wait_s: float = 1.0
    calls: int = 300
    calls_window_s: float = 300.0
    """60 a minute on average; opening an account and a day's discovery come in bursts."""
    tunnel_calls: int = 5000
    tunnel_window_s: float = 86_400.0
    longest_wait_s: float = 600.0
    """After 429 without a time, waits double up to this."""
    login_pause_s: float = 60.0
    """A login that failed is not repeated sooner."""
    retry_tunnel_after_s: float = 2.0
    read_back_s: tuple[float, ...] = (0.0, 1.0, 2.0, 4.0, 8.0)
    """Waits before each look at whether a write has arrived: 15 s in all; the slowest seen took 7."""

    def timeout_s(self, cost: Cost) -> float:
        return self.database_s if cost is Cost.DATABASE else self.gateway_s


class CachePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Answers are handed out again for as long as each fact's table says, unless `keep_s` says otherwise by its name
    (`getAccessoryList`, or the number of a tunnel command); 0 asks every time.
    """

    is_on: bool = True
    keep_s: Mapping[str, float] = NOTHING

    def time_s(self, name: str, default_s: float) -> float:
        return self.keep_s.get(name, default_s) if self.is_on else 0.0
