"""Numbers on a command line."""

from __future__ import annotations

import math
from typing import Any

import click


class FiniteType(click.FloatRange):
    """A range lets NaN through, which is neither below nor above anything."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Any: click's own contract."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is no number to count with.", param, ctx)
        return number
