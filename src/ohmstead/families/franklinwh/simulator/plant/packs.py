"""The packs as one body of cells, and what each of them shows of it."""

from __future__ import annotations

from typing import Final

from ohmstead.kit.world import Cells

TAPER_FROM_PCT: Final = 95.0
LAST_SHARE: Final = 0.1
"""Of the greatest charging power, just before full."""
OFFSETS_PCT: Final = (0.1, -0.1, 0.3, -0.3, 0.2, -0.2)
"""Packs are never quite alike: what each shows beside the whole."""


class Packs:
    def __init__(
        self,
        count: int,
        *,
        capacity_wh: float,
        charge_w: float,
        discharge_w: float,
        soc_pct: float,
        one_way_efficiency: float,
    ) -> None:
        self.count = count
        self.cells = Cells(
            count * capacity_wh,
            soc_pct,
            max_charge_w=count * charge_w,
            max_discharge_w=count * discharge_w,
            one_way_efficiency=one_way_efficiency,
        )

    @property
    def soc_pct(self) -> float:
        return self.cells.soc_pct

    def acceptable_w(self) -> float:
        """What they take in the next second: less and less from 95 % on."""
        beyond = max(0.0, self.soc_pct - TAPER_FROM_PCT) / (100.0 - TAPER_FROM_PCT)
        tapered_w = self.cells.max_charge_w * (1.0 - (1.0 - LAST_SHARE) * beyond)
        return min(tapered_w, self.cells.acceptable_w(1.0))

    def deliverable_w(self) -> float:
        return self.cells.deliverable_w(1.0)

    def fill_to(self, soc_pct: float) -> None:
        self.cells.stored_wh = self.cells.capacity_wh * min(max(soc_pct, 0.0), 100.0) / 100.0

    def shown_soc_pct(self, number: int) -> float:
        """Of one pack, numbered from 0."""
        return min(100.0, max(0.0, self.soc_pct + OFFSETS_PCT[number % len(OFFSETS_PCT)]))
