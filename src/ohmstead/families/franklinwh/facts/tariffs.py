"""Waves (prices) and dispatches (what the battery does) of a time-of-use plan. Source: vendor app and both clients."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec


class Wave(msgspec.Struct, frozen=True):
    """A price level, and where a day type keeps its rates; the vendor spells "electric" without its c."""

    name: str
    buy: str
    sell: str


class Dispatch(msgspec.Struct, frozen=True):
    letter: str
    action: str
    solar_order: str
    load_order: str


WAVES: Final[Mapping[int, Wave]] = MappingProxyType(
    {
        0: Wave("Off-peak", "eleticRateValley", "eleticSellValley"),
        1: Wave("Mid-peak", "eleticRateShoulder", "eleticSellShoulder"),
        2: Wave("On-peak", "eleticRatePeak", "eleticSellPeak"),
        3: Wave("Sharp", "eleticRateSharp", "eleticSellSharp"),
        4: Wave("Super off-peak", "eleticRateSuperOffPeak", "eleticSellSuperOffPeak"),
    }
)
SETTABLE_WAVES: Final = frozenset({0, 1, 2, 4})
"""3 is reserved."""

DISPATCHES: Final[Mapping[int, Dispatch]] = MappingProxyType(
    {
        1: Dispatch("F", "battery serves the home", "1,2,0", "1,2,3"),
        2: Dispatch("B", "battery on standby", "1,2,0", "1,2,0"),
        3: Dispatch("E", "battery charges from solar", "1,2,3", "1,2,0"),
        6: Dispatch("D", "self-consumption", "1,3,2", "1,3,2"),
        7: Dispatch("H", "battery serves home and grid", "1,2,0", "1,2,3"),
        8: Dispatch("G", "battery charges from solar and grid", "1,2,3", "1,2,0"),
    }
)
