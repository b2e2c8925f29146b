"""How long calls take, as measured on a real system; a scale of 0 makes everything immediate, time-outs too."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Final

from ohmstead.families.franklinwh.facts.endpoints import (
    COMPOSITE_INFO,
    LOGIN,
    UPDATE_MODE,
    UPDATE_OFF_GRID,
    UPDATE_SOC,
    Cost,
    Endpoint,
)

Span = tuple[float, float]
BY_COST_S: Final[Mapping[Cost, Span]] = MappingProxyType(
    {Cost.DATABASE: (0.11, 0.20), Cost.GATEWAY: (1.13, 1.4), Cost.WRITE: (1.13, 1.4)}
)
BY_PATH_S: Final[Mapping[str, Span]] = MappingProxyType(
    {
        LOGIN.path: (0.3, 0.55),
        COMPOSITE_INFO.path: (0.6, 0.68),
        UPDATE_OFF_GRID.path: (1.2, 1.35),
        UPDATE_SOC.path: (2.55, 2.65),
        UPDATE_MODE.path: (2.6, 2.8),
    }
)
BACKUP_S: Final = (4.7, 4.8)
"""Switching to emergency backup."""
STORED_S: Final = (0.11, 0.15)
SILENT_S: Final = 5.0
"""After which the cloud gives up asking the gateway for the polled record."""
TUNNEL_S: Final = 10.0
"""After which it gives up on a tunnel command."""


class Latency:
    def __init__(self, scale: float, random: Random) -> None:
        self.scale = scale
        self._random = random

    async def of(self, endpoint: Endpoint) -> None:
        await self.within(BY_PATH_S.get(endpoint.path, BY_COST_S[endpoint.cost]))

    async def within(self, span_s: Span) -> None:
        await self.wait(self._random.uniform(*span_s))

    async def wait(self, seconds: float) -> None:
        if self.scale:
            await asyncio.sleep(seconds * self.scale)
