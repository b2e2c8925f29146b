"""Energy counters in registers: what the capture had counted, and what this simulation adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.registers.availability import availability
from ohmstead.families.givenergy.simulator.dynamics.tally import Tallies
from ohmstead.families.givenergy.simulator.sheet import Sheet
from ohmstead.kit.wire.tables import Field

Line = tuple[Field[float], str, bool]
"""What shows it, what it counts, and whether it starts again at the inverter's midnight."""


def today(lines: Mapping[str, Iterable[Field[float]]]) -> tuple[Line, ...]:
    """Counters that start again at the inverter's midnight, by what they count."""
    return tuple((field, tally, True) for tally, fields in lines.items() for field in fields)


def total(lines: Mapping[str, Iterable[Field[float]]]) -> tuple[Line, ...]:
    return tuple((field, tally, False) for tally, fields in lines.items() for field in fields)


class Counters:
    """Those lines that the unit has."""

    def __init__(
        self, sheet: Sheet, tallies: Tallies, lines: Iterable[Line], model: Model | None, firmware: int
    ) -> None:
        self._sheet = sheet
        self._tallies = tallies
        self._lines = [
            (field, tally, is_today, sheet.number(field))
            for field, tally, is_today in lines
            if model is None or _counts(field, sheet, model, firmware)
        ]

    def write(self) -> None:
        tallies = self._tallies
        for field, name, is_today, base_kwh in self._lines:
            tally = tallies[name]
            is_gone = tallies.days > 0 if is_today else tallies.was_cleared
            counted_wh = tally.today_wh if is_today else tally.total_wh
            self._sheet.count(field, (0.0 if is_gone else base_kwh) + counted_wh / 1000.0)


def _counts(field: Field[float], sheet: Sheet, model: Model, firmware: int) -> bool:
    """What the model is known to have, and what had counted in the capture; not the other reading of a register."""
    is_known = availability(field.facts.models).entry(model, firmware) is not None
    return is_known or (not field.facts.shared and sheet.number(field) > 0.0)
